"""A page's headline is what several witnesses say, and never the outlet's name."""

from __future__ import annotations

import pytest

from crawler.extraction.article import extract, extract_with_evidence
from crawler.extraction.headlines.choice import Line, compare
from crawler.extraction.templates import SAMPLES_NEEDED, TemplateLearner
from crawler.model import Article, Page, Source
from tests.builders import a_page, a_source, an_entry

PROSE = {
    "ar": (
        "اجتمع مجلس الميناء مساء الثلاثاء وصوت على توسيع الرصيف الشمالي قبل حلول الشتاء المقبل.",
        "وسأل عضوان عن مصدر المال، فأجاب المهندس أن الحجارة اشتريت وهي في المخزن خلف الطاحونة.",
        "وأغلق الكاتب سجله قبل منتصف النهار، ولم يتذكر أحد من الحاضرين تصويتا أهدأ من هذا.",
    ),
    "fr": (
        "Le conseil du port s'est réuni mardi soir et a voté l'allongement du quai du nord.",
        "Deux élus ont demandé qui paierait ; l'ingénieur a répondu que les pierres étaient là.",
        "Le greffier a fermé son registre avant midi, et personne n'a vu de vote plus calme.",
    ),
    "en": (
        "The port council met on Tuesday evening and voted for a longer quay along the north.",
        "Two members asked who would pay; the engineer answered that the stones were bought.",
        "The clerk closed his book before noon, and no one recalled a quieter vote than this.",
    ),
}


def a_story(head: str, shown: str, language: str = "fr", number: int = 0) -> Page:
    """A page with this head and these lines above a text."""
    text = "".join(f"<p>{number}. {line} {line}</p>" for line in PROSE[language])
    url = f"https://www.lequai.example/{number}"
    markup = (
        f"<html><head><meta charset='utf-8'>{head}</head><body>{shown}"
        f"<div class='texte'>{text}</div></body></html>"
    )
    return a_page(markup, url=url, requested_url=url, entry=None)


def headline_of(page: Page, source: Source | None = None) -> str:
    """The headline under which the page is kept."""
    found = extract(page, source or a_source())
    assert isinstance(found, Article)
    return found.headline


@pytest.mark.parametrize(
    ("head", "shown", "headline"),
    [
        pytest.param(
            "<title>Le port recrute trente dockers | La Gazette des Quais</title>",
            "<h1><a href='/'>La Gazette des Quais</a></h1><h2>Le port recrute trente dockers</h2>",
            "Le port recrute trente dockers",
            id="a logo that links to the front page",
        ),
        pytest.param(
            "<title>Le port recrute - La Gazette des Quais</title>",
            "<h1 class='site-title'>La Gazette des Quais</h1><p>Le port recrute</p>",
            "Le port recrute",
            id="a logo that its class names",
        ),
        pytest.param(
            "<title>ميناء طنجة يوظف عمالا - جريدة الأرصفة المستقلة</title>"
            "<meta property='og:title' content='ميناء طنجة يوظف عمالا - جريدة الأرصفة المستقلة'>",
            "<h1>جريدة الأرصفة المستقلة</h1><h2>ميناء طنجة يوظف عمالا</h2>",
            "ميناء طنجة يوظف عمالا",
            id="an unknown name alone in its h1",
        ),
        pytest.param(
            "<title>Gazette des Quais | Un quai neuf pour Nador</title>",
            "<h1>Gazette des Quais</h1><h2>Un quai neuf pour Nador</h2>",
            "Un quai neuf pour Nador",
            id="a name before the headline",
        ),
        pytest.param(
            "<title>La Gazette des Quais</title>",
            "<h1><img src='/logo.svg' alt='La Gazette des Quais'></h1><h2>Un quai neuf pour Nador</h2>",
            "Un quai neuf pour Nador",
            id="an image in the only h1",
        ),
        pytest.param(
            "<title>Un quai neuf | Oujda | La Gazette des Quais</title>"
            "<meta property='og:site_name' content='La Gazette des Quais'>"
            "<meta property='article:section' content='Oujda'>",
            "<h1> </h1>",
            "Un quai neuf",
            id="a title with section and name, and an empty h1",
        ),
        pytest.param(
            "<meta property='og:title' content='Un quai neuf - La Gazette - Ports et mers'>",
            "<h1>Un quai neuf</h1>",
            "Un quai neuf",
            id="a short h1 and a name of two parts",
        ),
        pytest.param(
            "<meta property='og:title' content='Le ministre : « Le port attendra »'>",
            "<h1>Le ministre : « Le port attendra »</h1>",
            "Le ministre : « Le port attendra »",
            id="a closing quotation mark",
        ),
        pytest.param(
            "<meta property='og:title' content='Le quai du nord sera allongé au printemps'>",
            "<h1>Économie</h1><h2>Le quai du nord sera allongé au printemps</h2><h2>À lire</h2>",
            "Le quai du nord sera allongé au printemps",
            id="a section in the h1",
        ),
        pytest.param(
            "<title>l&amp;amp;#8217;accord &amp;amp;quot;naval&amp;amp;quot; est signé</title>",
            "",
            "l’accord \"naval\" est signé",
            id="a title escaped thrice",
        ),
        pytest.param(
            "<meta property='og:title' content='Le quai du nord sera allongé au…'>"
            "<title>Le quai du nord sera allongé au printemps - Le Quai</title>",
            "",
            "Le quai du nord sera allongé au printemps",
            id="a title that was cut off",
        ),
        pytest.param(
            "<title>Un quai neuf pour Nador - La Gazette des Quais</title>",
            "<h1>La Gazette des Quais</h1><div class='t'>Un quai neuf pour Nador</div>",
            "Un quai neuf pour Nador",
            id="a headline that is no heading, under an unlinked name",
        ),
        pytest.param(
            "<title>La Gazette des Quais | Un quai neuf pour Nador</title>",
            "<p><a href='/'>La Gazette des Quais</a></p><p><b>Un quai neuf pour Nador</b></p>",
            "Un quai neuf pour Nador",
            id="a name before the headline, neither in a heading",
        ),
        pytest.param(
            "<title>Ports - Un quai neuf pour Nador - La Gazette</title>",
            "<h1>Ports</h1><h2>Un quai neuf pour Nador</h2>",
            "Un quai neuf pour Nador",
            id="a section before the headline",
        ),
        pytest.param(
            "<title>Un quai neuf pour Nador | La Gazette des Quais</title>",
            "<h1>La Gazette des Quais</h1><img src='/headline.png'>",
            "Un quai neuf pour Nador",
            id="the end of the title alone is shown",
        ),
        pytest.param(
            "<title>جريدة الأرصفة » ميناء طنجة يوظف عمالا</title>",
            "<h3>ميناء طنجة يوظف عمالا</h3>",
            "ميناء طنجة يوظف عمالا",
            id="an arrow behind the name",
        ),
        pytest.param(
            "<meta property='og:title' content='The quay is longer now, say its engineers'>",
            "<h1>A longer quay, say the engineers</h1>",
            "A longer quay, say the engineers",
            id="a shown headline in words of its own",
        ),
    ],
)  # fmt: skip
def test_the_outlets_name_and_its_sections_are_no_headline(
    head: str, shown: str, headline: str
) -> None:
    """Whichever element shows them, the words that title and page share are the headline."""
    assert headline_of(a_story(head, shown)) == headline


def test_the_feeds_headline_stands_against_a_logo() -> None:
    """A page whose only heading is its outlet's name is kept under the feed's title."""
    page = a_story("<title>Gazette</title>", "<h1>La Gazette indépendante des quais</h1>")
    entry = an_entry(title="Rabat et Bagdad rouvrent leur ligne maritime")
    named = a_source(name="La Gazette indépendante des quais")
    assert headline_of(a_page(page.body, entry=entry), named) == entry.title
    entry = an_entry(
        title="Rabat et Bagdad rouvrent leur ligne - La Gazette indépendante des quais"
    )
    assert headline_of(a_page(page.body, entry=entry)).startswith("Rabat et Bagdad rouvrent")


@pytest.mark.parametrize(
    ("markup", "headline"),
    [
        (
            "<h1><span class='sur'>Pêche avec le Qatar</span><span>Le Maroc signe un accord</span></h1>",
            "Pêche avec le Qatar: Le Maroc signe un accord",
        ),
        (
            "<h1><span class='sur'>Le vote</span><span>Le Maroc signe un accord</span></h1>",
            "Le Maroc signe un accord",
        ),
        (
            "<h1><span class='sur'>Qatar</span>Le Maroc signe un accord</h1>",
            "Qatar: Le Maroc signe un accord",
        ),
        (
            "<h1><span>Le Maroc signe un accord</span><a href='#c'>12 réactions</a></h1>",
            "Le Maroc signe un accord",
        ),
        (
            "<h1><span class='sur'>Maroc - Accord</span><span>Le Maroc signe un accord</span></h1>",
            "Le Maroc signe un accord",
        ),
        ("<h1>Le Maroc <b>sig</b>ne un accord</h1>", "Le Maroc signe un accord"),
        ("<h1>Hier, Le Maroc signe un accord</h1>", "Hier, Le Maroc signe un accord"),
    ],
)
def test_a_kicker_is_no_part_of_a_headline_unless_only_it_says_so(
    markup: str, headline: str
) -> None:
    """A kicker in an element of its own is cut off if the text has its words, and kept apart from
    the headline if not: no country of a story is lost.
    """
    head = "<meta property='og:title' content='Le Maroc signe un accord'>"
    assert headline_of(a_story(head, markup)) == headline


@pytest.mark.parametrize("between", ["<br>", "<br><i>2 mars 2026</i><br>", "</td></tr><tr><td>"])
def test_the_headline_may_be_the_first_line_of_a_cell(between: str) -> None:
    """Where headline and text share a cell of a table, a title without a known name finds it, and
    it is no text.
    """
    story = "Un quai neuf pour Nador"
    text = "".join(f"<div>{line} {line}</div>" for line in PROSE["fr"])
    page = a_page(
        f"<title>{story} - La Gazette</title><table><tr><td><a href='/'>Ports</a></td>"
        f"<td><b>{story}</b>{between}{text}</td></tr></table>",
        entry=None,
    )
    found = extract(page, a_source())
    assert isinstance(found, Article)
    assert (found.headline, story in found.body) == (story, False)


def test_a_subtitle_in_the_h1_leads_the_text() -> None:
    """What stands behind the headline in its element is text, and is not lost."""
    head = "<title>Le Maroc signe un accord</title>"
    subtitle = "Les deux ministres se sont vus à Nador avec leurs pilotes"
    found = extract(
        a_story(head, f"<h1>Le Maroc signe un accord<small>{subtitle}</small></h1>"), a_source()
    )
    assert isinstance(found, Article)
    assert found.headline == "Le Maroc signe un accord"
    assert found.lead.startswith(subtitle)


def test_kicker_and_headline_stay_two_words_without_a_witness() -> None:
    """«المغرب» and «العراق» in two elements are not one word."""
    shown = "<h1><span class='kicker'>المغرب</span>العراق يفتح خطا بحريا</h1>"
    assert headline_of(a_story("", shown, "ar")) == "المغرب العراق يفتح خطا بحريا"


HEADLINES = (
    "Trente dockers de plus au port",
    "Une grue neuve pour les céréales",
    "Le phare éteint depuis lundi",
    "La criée change de mains",
    "Un ferry vers les îles cet été",
    "Le môle sud en travaux",
    "Moins de sardines, plus de thons",
    "La capitainerie rouvre ses bureaux",
    "Des pilotes formés à distance",
)


@pytest.mark.parametrize(
    ("head", "shown"),
    [
        pytest.param(
            "<meta property='og:title' content='{}'>",
            "<div class='b'>Salma Rami, correspondante du journal</div>",
            id="no headline is shown, a byline stands above the text",
        ),
        pytest.param(
            "<meta property='og:title' content='Flash : {}'><title>{} - Gazette des ports du Nord</title>",
            "<h1 class='x'>Gazette des ports du Nord</h1><h2 class='t'>{}</h2><a>WhatsApp</a>",
            id="an unknown name in the h1",
        ),
        pytest.param(
            "<title>{} | Gazette des ports</title>",
            "<div class='t'>{}</div><div class='p'>Imprimer</div>",
            id="a headline that is no heading",
        ),
        pytest.param(
            "<title>Gazette</title>",
            "<h1>Politique</h1><h2 class='t'>{}</h2>",
            id="no witness but the page",
        ),
        pytest.param(
            "<title>{} – Gazette des ports – Toute la mer</title>",
            "<h2 class='s'>Gazette des ports</h2>",
            id="only the title has it, before a name of two parts",
        ),
    ],
)  # fmt: skip
def test_a_place_is_learned_only_where_headlines_stand(head: str, shown: str) -> None:
    """Behind a template each page keeps its own headline, whatever else is shown above the text."""
    source, learner = a_source(languages=("fr",)), TemplateLearner()
    kept = []
    for number, headline in enumerate(HEADLINES):
        page = a_story(head.replace("{}", headline), shown.replace("{}", headline), number=number)
        template = learner.current(source.slug)
        found = extract_with_evidence(page, source, template=template)
        learner.observe(source.slug, read_by=template, sample=found.sample, doubt=found.doubt)  # type: ignore[union-attr]
        kept.append(found.article.headline)  # type: ignore[union-attr]
    assert learner.current(source.slug) is not None
    assert kept[SAMPLES_NEEDED:] == list(HEADLINES[SAMPLES_NEEDED:])


@pytest.mark.parametrize(
    ("line", "told", "agrees"),
    [
        ("Le quai neuf", "le quai neuf", True),
        ("Un quai", "Un quai - Gazette des ports du Nord", True),
        ("Maroc", "Maroc - Le roi reçoit un ministre étranger", False),
        ("Gazette des ports", "Un quai neuf pour Nador - Gazette des ports", False),
        ("Nador attend son quai", "Les habitants : Nador attend son quai", True),
        ("Imprimer", "Un quai neuf pour Nador", False),
        ("", "Un quai", False),
    ],
)
def test_a_line_agrees_with_a_title_of_the_same_words(line: str, told: str, agrees: bool) -> None:
    """The beginning of a title is its headline; what stands behind a stroke is not."""
    same, _ = compare(Line("même titre"), Line("Même titre"))
    assert (compare(Line(line), Line(told))[0] == same) is agrees
