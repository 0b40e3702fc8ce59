"""Teasers of other stories are no text of a page, whatever their markup; a text's own lists,
interviews and live blogs are.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from crawler.extraction import article
from crawler.model import Article
from tests.builders import a_page, a_source

DISPATCH = {
    "fr": [
        "La halle aux poissons du vieux port rouvrira samedi matin, après deux ans de travaux sur "
        "le toit et sur les chambres froides.",
        "Une trentaine de mareyeurs y reprendront leur place, a indiqué la régie du port dans une "
        "note publiée jeudi.",
    ],
    "ar": [
        "يعيد الميناء القديم فتح سوق السمك صباح السبت المقبل بعد سنتين من الأشغال في السقف وغرف "
        "التبريد.",
        "وأفادت إدارة الميناء في بلاغ لها أن ثلاثين تاجرا سيستأنفون نشاطهم في السوق ابتداء من هذا "
        "الأسبوع.",
    ],
    "en": [
        "The fish hall of the old port reopens on Saturday morning after two years of work on its "
        "roof and cold rooms.",
        "Some thirty traders will take up their places again, the port's board wrote in a note on "
        "Thursday.",
    ],
}
TEASERS = {
    "fr": [
        ("Deux ministères signent un accord de pêche", "Les deux ministres ont signé mardi un "
         "accord de trois ans sur la surveillance des côtes et l'échange de relevés."),
        ("Grève des pilotes", "Les pilotes du port ont cessé le travail à l'aube pour réclamer une "
         "grille de salaires promise depuis le printemps dernier."),
        ("Un phare du XIXe siècle vendu aux enchères", "L'édifice, inscrit à l'inventaire, a trouvé "
         "preneur pour une somme deux fois supérieure à la mise à prix…"),
        ("Le marché aux fleurs déménage", "À partir de lundi, les étals s'installeront place de la "
         "Mairie pendant la durée des travaux du tramway."),
        ("Trois recettes de saison avec des coings", "Confits, en gelée ou rôtis au four, les "
         "coings reviennent sur les tables et leurs vergers rouvrent aux visiteurs."),
    ],
    "ar": [
        ("وزيران يوقعان اتفاقا للصيد البحري", "وقع الوزيران يوم الثلاثاء اتفاقا يمتد ثلاث سنوات "
         "حول مراقبة السواحل وتبادل المعطيات بين الإدارتين."),
        ("إضراب المرشدين", "توقف مرشدو الميناء عن العمل منذ الفجر للمطالبة بجدول للأجور وعدوا به "
         "منذ الربيع الماضي."),
        ("بيع منارة قديمة في المزاد", "وجدت البناية المصنفة مشتريا بثمن يضاعف السعر الذي انطلق به "
         "المزاد العلني صباح أمس."),
        ("سوق الزهور يغير مكانه", "تنتقل الأكشاك ابتداء من يوم الاثنين إلى ساحة البلدية طيلة مدة "
         "أشغال الترامواي."),
        ("ثلاث وصفات من السفرجل", "يعود السفرجل إلى الموائد مربى أو محشوا، وتفتح بساتينه أبوابها "
         "أمام الزوار في نهاية الأسبوع."),
    ],
    "en": [
        ("Two ministries sign a fishing deal", "The two ministers signed a three-year deal on "
         "Tuesday on watching the coasts and sharing their surveys."),
        ("Pilots strike", "The port's pilots stopped work at dawn and ask for a scale of wages that "
         "they were promised last spring."),
        ("A lighthouse goes under the hammer", "The listed building found a buyer at twice the "
         "price at which the bidding had begun…"),
        ("The flower market moves", "From Monday the stalls will stand in front of the town hall "
         "for as long as the tramway is being built."),
        ("Three dishes with quinces", "Candied, as a jelly or baked, quinces are back on tables and "
         "their orchards open to visitors."),
    ],
}  # fmt: skip
LANGUAGES = sorted(DISPATCH)
# An item, with its number, address, title and excerpt; and what stands around the items.
MARKUPS = {
    "div": ("<div><h3><a href='{u}'>{t}</a></h3><p>{e}</p></div>", "<div class='row'>{}</div>"),
    "loose div": ("<div><h4><a href='{u}'>{t}</a></h4><p>{e}</p></div>", "{}"),
    "list": ("<li><h3><a href='{u}'>{t}</a></h3><p>{e}</p></li>", "<ul>{}</ul>"),
    "article": ("<article><h2><a href='{u}'>{t}</a></h2><p>{e}</p></article>", "<div>{}</div>"),
    "numbered": (
        "<div class='n n-{n} post-80{n}'><div><time>28/11/2026</time></div><div class='h{n}'><h2>"
        "<a href='{u}'>{t}</a></h2></div><div>{e}</div></div>",
        "<section>{}</section>",
    ),
    "picture": (
        "<div><a href='{u}'><img src='/{n}.jpg'></a><div><span>Port</span><h3>{t}</h3><p>{e}</p>"
        "</div></div>",
        "<div>{}</div>",
    ),
    "read more": (
        "<div><h3>{t}</h3><p>{e}</p><p><a href='{u}'>Lire</a></p></div>",
        "<div>{}</div>",
    ),
    "card": ("<a href='{u}'><div><h3>{t}</h3><p>{e}</p></div></a>", "<div>{}</div>"),
    "columns": (
        "<div><div><div><h3><a href='{u}'>{t}</a></h3><p>{e}</p></div></div></div>",
        "<div>{}</div>",
    ),
    "definitions": ("<dt><a href='{u}'>{t}</a></dt><dd>{e}</dd>", "<dl>{}</dl>"),
    "headings": ("<h3><a href='{u}'>{t}</a></h3><p>{e}</p>", "<div>{}</div>"),
    "table": (
        "<tr><td><img src='/{n}.jpg'></td><td><a href='{u}'><b>{t}</b></a><br>{e}</td></tr>",
        "<table>{}</table>",
    ),
    "related": (
        "<article><h3><a href='{u}'>{t}</a></h3><p>{e}</p></article>",
        "<div class='related-posts'>{}</div>",
    ),
    "two spans": (
        "<div><span><a href='{u}'>{t}, une histoire du port</a></span><span>{e}</span></div>",
        "<div>{}</div>",
    ),
    "more behind the excerpt": (
        "<div><p>{t}</p><p>{e} <a href='{u}'>[…]</a></p></div>",
        "<div>{}</div>",
    ),
    "a word behind the excerpt": (
        "<div><div>{t}</div><div>{e} <a href='{u}'>Lire la suite »</a></div></div>",
        "<div>{}</div>",
    ),
    "no heading": (
        "<div><div><a href='{u}'>{t}, une histoire du port</a></div><div>{e}</div></div>",
        "<div>{}</div>",
    ),
    "one line": ("<li><a href='{u}'>{t}, une histoire du port</a> — {e}</li>", "<ul>{}</ul>"),
}  # fmt: skip


def teasers(language: str, markup: str, *, url: str = "/a/{n}") -> str:
    """Five teasers in a markup."""
    item, around = MARKUPS[markup]
    return around.format(
        "".join(
            item.format(n=n, u=url.format(n=n), t=title, e=excerpt)
            for n, (title, excerpt) in enumerate(TEASERS[language])
        )
    )


def paragraphs(texts: Sequence[str]) -> str:
    """Each text as a paragraph."""
    return "".join(f"<p>{text}</p>" for text in texts)


def read(inside: str, *, head: str = "", headline: str = "<h1>Le port</h1>") -> list[str]:
    """The paragraphs of the article on a page."""
    page = f"<html><head>{head}<title>Port</title></head><body>{headline}{inside}</body></html>"
    found = article.extract(a_page(page, entry=None), a_source())
    assert isinstance(found, Article)
    return found.body.split("\n\n")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("markup", MARKUPS)
def test_teasers_after_a_short_text_are_not_of_it(markup: str, language: str) -> None:
    """A dispatch of two paragraphs is two paragraphs, whatever follows it and however it is set."""
    dispatch = DISPATCH[language]
    assert read(f"<div>{paragraphs(dispatch)}</div>{teasers(language, markup)}") == dispatch


@pytest.mark.parametrize("markup", [name for name in MARKUPS if name != "loose div"])
def test_teasers_within_a_text_are_not_of_it(markup: str) -> None:
    """What goes on behind a box of teasers is text, and the box is none."""
    first, last = DISPATCH["fr"]
    inside = f"<article><p>{first}</p>{teasers('fr', markup)}<p>{last}</p></article>"
    assert read(inside) == [first, last]


@pytest.mark.parametrize("heading", ["Les plus lus", "على الواجهة", "Elsewhere in the port"])
def test_the_heading_of_a_box_goes_with_it(heading: str) -> None:
    """A heading under which nothing of the text stands is not of the text."""
    dispatch = DISPATCH["en"]
    box = f"<h2>{heading}</h2>{teasers('en', 'loose div')}"
    assert read(f"<div>{paragraphs(dispatch)}{box}</div>") == dispatch


def test_forty_teasers_do_not_lose_a_text() -> None:
    """However much stands around it, a short text is found."""
    many = "".join(teasers("ar", "article", url=f"/b{part}/{{n}}") for part in range(8))
    dispatch = DISPATCH["ar"]
    assert read(f"<div>{paragraphs(dispatch)}</div><section>{many}</section>") == dispatch


def test_a_teaser_set_larger_than_the_others_is_one() -> None:
    """The first of a box has a picture and another heading."""
    lead = (
        "<article><a href='/l'><img src='/l.jpg'></a><h3><a href='/l'>Le préfet au port</a></h3>"
        "<p>Le préfet a visité vendredi les quais et promis une aide aux pêcheurs du bassin.</p>"
        "</article>"
    )
    box = f"<section>{lead}{teasers('fr', 'article')[5:-6]}</section>"
    dispatch = DISPATCH["fr"]
    assert read(f"<div>{paragraphs(dispatch)}</div>{box}") == dispatch


def test_stories_are_told_apart_by_number_alone() -> None:
    """Addresses that differ in their query only are those of different pages."""
    head = "<link rel='canonical' href='https://www.sillon.example/article.php?id=70'>"
    dispatch, box = DISPATCH["fr"], teasers("fr", "article", url="article.php?id=7{n}1")
    assert read(f"<div>{paragraphs(dispatch)}</div>{box}", head=head) == dispatch


# ── what stays ─────────────────────────────────────────────────────────────────────────────────

PROSE = DISPATCH["fr"]
ANSWERS = [(f"Question {n} sur le port ?", f"Réponse {n} : {PROSE[n % 2]}") for n in range(5)]


def test_an_interview_stays() -> None:
    """Questions as headings lead nowhere."""
    talk = "".join(f"<div><h3>{asked}</h3><p>{said}</p></div>" for asked, said in ANSWERS)
    found = read(f"<article>{paragraphs(PROSE)}{talk}</article>")
    assert [line for line in found if line.startswith("Réponse")] == [said for _, said in ANSWERS]


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("/direct", "#e{n}"),
        ("/direct", "https://www.sillon.example/direct?e={n}"),
        ("/direct", "/direct/{n}"),
        ("/direct", "?entree={n}"),
        ("/direct.php?id=7", "/direct.php?id=7&entree={n}"),
    ],
)
def test_the_entries_of_a_live_blog_stay(address: str, link: str) -> None:
    """Entries lead to their place on the page, or to the page and a number."""
    entries = "".join(
        f"<div><h3><a href='{link.format(n=n)}'>{asked}</a></h3><p>{said}</p></div>"
        for n, (asked, said) in enumerate(ANSWERS)
    )
    head = f"<link rel='canonical' href='https://www.sillon.example{address}'>"
    found = read(f"<article>{paragraphs(PROSE)}{entries}</article>", head=head)
    assert [line for line in found if line.startswith("Réponse")] == [said for _, said in ANSWERS]


def test_a_live_blog_tells_the_hour() -> None:
    """Entries that begin with their hour are of the text though they lead to other pages."""
    entries = "".join(
        f"<div><div>{9 + n}:05</div><h3><a href='/e/{n}'>{asked}</a></h3><p>{said}</p></div>"
        for n, (asked, said) in enumerate(ANSWERS)
    )
    found = read(f"<article>{paragraphs(PROSE)}{entries}</article>")
    assert [line for line in found if line.startswith("Réponse")] == [said for _, said in ANSWERS]


def test_points_that_name_their_sources_stay() -> None:
    """A list whose sentences hold links says something itself."""
    points = "".join(
        f"<li>Le quai {n}, selon <a href='/s/{n}'>le rapport numéro {n} de la régie du port</a>, "
        "sera refait avant l'été prochain.</li>"
        for n in range(4)
    )
    found = read(f"<article>{paragraphs(PROSE)}<ul>{points}</ul></article>")
    assert sum("sera refait" in line for line in found) == 4


def test_a_table_of_several_columns_stays() -> None:
    """Rows that tell in several cells are a table, though each names a page."""
    rows = "".join(
        f"<tr><td><a href='/b/{n}'>Le bateau numéro {n} de la flotte</a></td><td>a débarqué cette "
        f"semaine {n} tonnes de sardines au vieux port</td></tr>"
        for n in range(6)
    )
    found = read(f"<article>{paragraphs(PROSE * 3)}<table>{rows}</table></article>")
    assert sum("tonnes de sardines" in line for line in found) == 6


def test_goods_of_other_sites_are_of_the_text() -> None:
    """A list of things to buy leads to shops; teasers lead to the outlet's own pages."""
    goods = "".join(
        f"<div><h3><a href='https://shop{n}.example/lamp'>A lamp of the harbour, {n} watts</a></h3>"
        f"<p>Lamp number {n} is bright, and the cheapest of those that we tried this month.</p></div>"
        for n in range(6)
    )
    head = "<link rel='canonical' href='https://www.quay.example/lamps'>"
    found = read(f"<article>{paragraphs(DISPATCH['en'] * 3)}{goods}</article>", head=head)
    assert sum("the cheapest of those" in line for line in found) == 6


def test_a_page_that_only_lists_stories_keeps_them() -> None:
    """If nothing else is there, the list is what the page says."""
    assert any("trois ans" in line for line in read(teasers("fr", "article")))


def test_headings_that_are_links_stay_where_whole_passages_follow() -> None:
    """A heading may lead to what its passage is about; the passage is of the text."""
    passages = "".join(
        f"<h2><a href='/p/{n}'>Le quartier numéro {n}</a></h2>{paragraphs(PROSE * 3)}"
        for n in range(4)
    )
    assert len(read(f"<article>{paragraphs(PROSE)}{passages}</article>")) == 2 + 4 * 7


@pytest.mark.parametrize("file", ["/uploads/quai-{n}.jpg", "/media/quai-{n}.webp?w=900"])
def test_sections_with_pictures_that_open_larger_stay(file: str) -> None:
    """A picture that is linked to its file leads to no other story."""
    sections = "".join(
        f"<section><h3>Le quai numéro {n}</h3><a href='{file.format(n=n)}'><img src='/{n}.jpg'></a>"
        f"<p>Le quai numéro {n} a été refait en pierre du pays, et ses bollards repeints.</p></section>"
        for n in range(4)
    )
    assert len(read(f"<article>{paragraphs(DISPATCH['fr'])}{sections}</article>")) == 2 + 4 * 2


def test_paragraphs_that_begin_with_a_linked_name_stay() -> None:
    """A name in bold that leads to its own page goes on in the same sentence."""
    said = [
        f"<p><b><a href='/p/{n}'>Le maître du port de Nador</a></b> a dit hier pour la {n}e fois que "
        "les pierres du quai viendraient par la mer.</p>"
        for n in range(3, 9)
    ]
    assert len(read(f"<article>{paragraphs(DISPATCH['fr'])}{''.join(said)}</article>")) == 8


@pytest.mark.parametrize(
    "wrapper",
    [
        "<div><h1>Le port rouvre samedi</h1>{}<p><a href='/x'>Le phare est repeint</a></p></div>",
        "<div><h1>Le port rouvre samedi</h1>{}<div><a href='/x'>Le phare est repeint</a></div></div>",
        "<div><div><a href='/ports'>Ports et mers</a></div><h2>Le port rouvre samedi</h2>{}</div>",
        "<article><h2>Le port rouvre samedi</h2>{}<div><a href='/x'>Imprimer la page</a></div></article>",
    ],
)
@pytest.mark.parametrize("markup", ["loose div", "article", "picture", "columns"])
def test_a_dispatch_beside_teasers_is_none_of_them(wrapper: str, markup: str) -> None:
    """Its element may be like theirs, and have a link: what is under the page's own headline, or
    leads on behind its text only, is the article.
    """
    note = f"<section><p>{3 * DISPATCH['en'][0]}</p></section>"
    text = wrapper.format(paragraphs(DISPATCH["fr"]))
    head = "<title>Le port rouvre samedi - La Gazette</title>"
    found = read(f"{text}{teasers('fr', markup)}{note}", head=head, headline="")
    assert found[:2] == DISPATCH["fr"]
    assert not any("trois ans" in line for line in found)
