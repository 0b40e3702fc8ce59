"""Lines that tell of the page or ask for something are no text; prose that begins alike is."""

from __future__ import annotations

import pytest

from crawler.extraction.article import extract
from crawler.extraction.boilerplate import is_notice
from crawler.model import Article
from tests.builders import a_page, a_source

NOTICES = [
    "Voir aussi : la grue qui ne levait rien",
    "اقرأ أيضا: الرافعة التي لم ترفع شيئا",
    "ذات صلة",
    "More from the port",
    "Sign up for our newsletter",
    "من نحن",
    "Qui sommes-nous ?",
    "Suivez toute l'actualité du port sur notre chaîne WhatsApp",
    "Rejoignez-nous sur Google Actualités",
    "Téléchargez l'application du journal",
    "Mots-clés : quai, mareyeurs, Nador",
    "Temps de lecture : 4 minutes",
    "Pour aller plus loin : la grue qui ne levait rien",
    "Article précédent : la criée change de mains",
    "La suite après cette publicité",
    "Déjà abonné ? Connectez-vous",
    "Source : agence des ports",
    "- Publicité -",
    "للاشتراك في قناتنا على واتساب",
    "انضموا إلى قناة الميناء على تلغرام",
    "حمّل تطبيق الجريدة",
    "لا يفوتك: الرافعة التي لم ترفع شيئا",
    "أخبار متعلقة",
    "قد يعجبك أيضا",
    "الكلمات المفتاحية: الرصيف، السمك",
    "مدة القراءة: 4 دقائق",
    "المقال التالي: تغيير في سوق السمك",
    "المصدر: وكالات",
    "- إعلان -",
    "Download our app",
    "4 min read",
    "Editor's picks",
    "You may also like",
    "Next article: the crane that lifted nothing",
    "(Credit: Nora Quill/The Quay)",
    "AP Photo/Nora Quill",
    "شروط التعليق: عدم الإساءة إلى الكاتب أو إلى الأشخاص، والابتعاد عن الشتائم.",
    "التعليقات المنشورة لا تعبر بالضرورة عن رأي الجريدة، ولا تلزم إلا أصحابها.",
    "Les opinions exprimées dans cette tribune n'engagent que leur auteur.",
    "The views expressed in this article are the author's own.",
    "Avec votre accord, nous et nos partenaires déposons des cookies pour mesurer l'audience.",
    "نستخدم ملفات تعريف الارتباط لتحسين تجربة القراءة، ويمكنك قبولها أو رفضها في أي وقت.",
    "We and our partners store cookies on your device to personalise content.",
]
PROSE = [
    "Voir aussi loin que 2030 paraît illusoire à la plupart des patrons de pêche.",
    "اقرأوا التاريخ، قال الشيخ، وستعرفون كم مرة غرق هذا الرصيف.",
    "ذات صلة بالميناء منذ قرن، باعت العائلة آخر سفنها هذا الصيف.",
    "More from the same catch was to be sold on the coast this week, the board said.",
    "Sign up for the navy, his father told him; he signed up for the ferry instead.",
    "Déjà inscrit au patrimoine du port, le phare sera repeint avant l'été.",
    "La suite après la victoire des pilotes reste à écrire, dit leur porte-parole.",
    "Source de conflits depuis dix ans, le quai nord sera partagé entre les deux villes.",
    "Le tribunal a jugé que des cookies avaient été déposés sans le consentement des lecteurs.",
    "Les opinions des mareyeurs n'ont guère changé depuis le vote de mardi.",
    "انضم إلى مجموعة من البحارة الذين طالبوا بإصلاح الرصيف قبل الشتاء.",
    "حمل التطبيق الجديد اسم الميناء القديم، وهو موجه إلى البحارة وحدهم.",
    "شروط المشاركة في السباق تشمل الإقامة في المدينة منذ سنتين على الأقل.",
    "المصدر الذي تحدث إلينا قال إن الأشغال ستبدأ في غضون شهر. ولم يزد على ذلك.",
    "You may also need a permit to moor there, the harbour office said.",
    "Getty said on Monday that the archive of the port would be opened to all.",
    "The views expressed by the minister did not convince the two towns.",
]


@pytest.mark.parametrize("line", NOTICES)
def test_what_tells_of_the_page_is_a_notice(line: str) -> None:
    """In three languages: prompts, labels, credits, rules, and the question about cookies."""
    assert is_notice(line)


@pytest.mark.parametrize("line", PROSE)
def test_prose_that_begins_like_a_notice_is_none(line: str) -> None:
    """The story of a phone's app, of a contest's terms or of a court's judgement on cookies."""
    assert not is_notice(line)


TEXT = [
    "La halle aux poissons rouvrira samedi matin, après deux ans de travaux sur son toit.",
    "Une trentaine de mareyeurs y reprendront leur place, selon une note publiée jeudi, et les "
    "autres attendront que les chambres froides du second étage soient livrées à leur tour.",
]


ABOUT = (
    "Le journal des quais paraît chaque matin depuis que le premier bassin a été creusé, et sa "
    "rédaction se tient au-dessus de la criée, où l'on peut la voir travailler dès quatre heures. "
)


@pytest.mark.parametrize(
    "label", ["Photo : régie", "Partager cet article", "© Le Quai", "Publicité"]
)
@pytest.mark.parametrize("shape", ["<div><p>{}</p>{}</div>", "<div><div>{}</div>{}</div>"])
def test_a_label_above_a_dispatch_opens_no_box(label: str, shape: str) -> None:
    """Several paragraphs under a credit or a button are text, also beside a longer one."""
    text = shape.format(label, "".join(f"<p>{line}</p>" for line in TEXT))
    page = f"<h1>La halle</h1>{text}<hr><div><p>{3 * ABOUT}</p></div>"
    found = extract(a_page(page, entry=None), a_source())
    assert isinstance(found, Article)
    assert [line for line in found.body.split("\n\n") if line in TEXT] == TEXT


@pytest.mark.parametrize("opener", ["من نحن", "La newsletter", "Lire aussi", "About us"])
def test_a_box_under_a_notice_is_no_text_for_a_second_opinion(opener: str) -> None:
    """Of a short text another reader is asked, and what it takes from such a box is left out."""
    box = f"<div><h4>{opener}</h4><p>{ABOUT}</p></div>"
    text = "".join(f"<p>{line}</p>" for line in TEXT)
    page = f"<div><h1>La halle</h1><div>{text}</div></div>{box}"
    found = extract(a_page(page, entry=None), a_source())
    assert isinstance(found, Article)
    assert found.body.split("\n\n") == TEXT
