"""No name of an element costs a sentence of the text, and no box gains by that."""

from __future__ import annotations

import pytest

from crawler.extraction import article, boilerplate
from crawler.model import Article
from tests.builders import a_page, a_source

TEXT = [
    "Le conseil municipal a voté mardi la rénovation du quai nord, qui sera fermé aux voitures dès "
    "le mois de mars.",
    "Les travaux dureront deux ans et coûteront douze millions, dont la moitié est payée par la "
    "région.",
    "Une passerelle de bois reliera les deux bassins et permettra de faire le tour du port à pied.",
    "Les pêcheurs garderont leurs places, a promis le maire, et un marché se tiendra chaque samedi.",
    "L'enquête publique commence lundi en mairie, où les plans sont exposés pendant un mois entier.",
]
ARABIC = [
    "صادق المجلس البلدي يوم الثلاثاء على تهيئة الرصيف الشمالي الذي سيغلق في وجه السيارات ابتداء من "
    "شهر مارس.",
    "وتستغرق الأشغال سنتين بكلفة اثني عشر مليونا تتحمل الجهة نصفها، على أن تشرف شركة محلية على "
    "التنفيذ.",
    "وسيربط جسر خشبي بين الحوضين، مما يتيح للزوار القيام بجولة كاملة حول الميناء مشيا على الأقدام.",
]


def read(inside: str) -> list[str]:
    """The paragraphs of the article on a page, without short ones."""
    page = f"<html><head><title>Le quai nord</title></head><body>{inside}</body></html>"
    found = article.extract(a_page(page, entry=None), a_source())
    assert isinstance(found, Article)
    return [line for line in found.body.split("\n\n") if len(line) > 40]


def p(texts: list[str]) -> str:
    """Each text as a paragraph."""
    return "".join(f"<p>{text}</p>" for text in texts)


def elementor(kind: str, number: int, inside: str) -> str:
    """A piece of a page that its editor calls a widget, as all its pieces."""
    return (
        f"<div class='elementor-element elementor-element-{number}a9f elementor-widget "
        f"elementor-widget-{kind}'><div class='elementor-widget-container'>{inside}</div></div>"
    )


BUILT = (
    elementor("theme-post-title", 1, "<h1>Le quai nord</h1>")
    + elementor("text-editor", 2, p(TEXT[:2]))
    + elementor("heading", 3, "<h2>Passerelle</h2>")
    + elementor("text-editor", 4, p(TEXT[2:3]))
    + elementor("image", 5, "<img src='/q.jpg'>")
    + elementor("text-editor", 6, p(TEXT[3:]))
)
NAMED = {
    "built of widgets": BUILT,
    "grids": "".join(
        f"<div class='sidebar-grid sidebar-grid--wide'><div class='sidebar-grid__in'>{p([text])}"
        "</div></div>"
        for text in TEXT
    ),
    "a widget among paragraphs": f"{p(TEXT[:2])}<div class='widget'>{p(TEXT[2:4])}</div>"
    f"{p(TEXT[4:])}",
    "a banner among paragraphs": f"{p(TEXT[:1])}<section class='ad-content banner'>{p(TEXT[1:4])}"
    f"</section>{p(TEXT[4:])}",
    "random names": "".join(
        f"<p class='{name}'>{text}</p>"
        for name, text in zip(
            ["t1", "n1AuAdJl", "BqAdTz", "id-q7RtAdKpWz", "zz9AdsKe"], TEXT, strict=True
        )
    ),
}


@pytest.mark.parametrize("page", NAMED.values(), ids=NAMED)
def test_text_with_a_name_of_a_box_is_text(page: str) -> None:
    """What holds several sentences among the others is the article, whatever it is called."""
    assert read(f"<main><article><h1>Le quai nord</h1>{page}</article></main>") == TEXT


@pytest.mark.parametrize("named", ["widget-title", "banner-heading", "tag", "sidebar-title"])
def test_a_subheading_with_the_name_of_a_box_is_kept(named: str) -> None:
    """A theme may set its headings as those of its side bar."""
    page = f"<article>{p(TEXT[:3])}<h2 class='{named}'>Un marché</h2>{p(TEXT[3:])}</article>"
    found = article.extract(a_page(f"<html><body>{page}</body></html>", entry=None), a_source())
    assert isinstance(found, Article)
    assert "Un marché" in found.body


@pytest.mark.parametrize(
    "named", ["newsletter", "comments", "author-bio", "widget newsletter", "related", "modal"]
)
def test_a_box_with_sentences_stays_out(named: str) -> None:
    """Notes on authors, letters to subscribe to and comments have sentences too."""
    box = (
        "<p>Recevez chaque matin notre lettre et ses chroniques. Elle est écrite par la rédaction "
        "du port.</p>"
    )
    page = f"<article>{p(TEXT[:3])}<div class='{named}'>{box}</div>{p(TEXT[3:])}</article>"
    assert read(page) == TEXT


def test_the_widgets_of_a_side_bar_are_not_the_article() -> None:
    """One name for many boxes beside a short text makes them no text."""
    bar = "".join(
        f"<div class='widget w{n}'><h3>Boîte {n}</h3><p>Cette boîte dit autre chose, et le dit en "
        "une seule phrase assez longue.</p></div>"
        for n in range(3)
    )
    page = f"<article><h1>Le quai nord</h1>{p(TEXT)}</article><div class='bar'>{bar}</div>"
    assert read(page) == TEXT


@pytest.mark.parametrize(
    ("named", "is_box"),
    [
        ("TopAdBox", True),
        ("adSlot", True),
        ("right-ad", True),
        ("n1AuAdJl", False),
        ("sc-kAdOqP", False),
        ("BreadText", False),
    ],
)
def test_a_random_name_is_not_parted(named: str, is_box: bool) -> None:
    """Names made by machines have capitals anywhere; only words are read."""
    assert boilerplate.is_aside_name(named) is is_box


FIELDS = (
    "<div>Adresse électronique (obligatoire) <input></div><div>Recevoir la lettre du port et les "
    "invitations aux réunions publiques (trois courriels par mois au plus)</div><div>Vos données ne "
    "sont jamais transmises et vous pouvez vous désinscrire à tout moment en un clic.</div>"
)


def test_what_a_form_asks_is_not_the_article() -> None:
    """The labels of a form are longer than a short dispatch, and are no text."""
    page = f"<article><h1>Le quai</h1><div>{p(TEXT[:1])}</div></article><form>{FIELDS}</form>"
    assert read(page) == TEXT[:1]


def test_a_page_that_is_one_form_is_read() -> None:
    """Some servers put the whole page into a form."""
    assert read(f"<form id='aspnetForm'><div>{p(TEXT)}</div></form>") == TEXT


# ── paragraphs that are links ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("at", range(4))
def test_a_paragraph_that_is_wholly_a_link_is_kept(at: int) -> None:
    """Among the others, a sentence is of the text though all of it leads somewhere."""
    texts = [f"<a href='/plan'>{t}</a>" if n == at else t for n, t in enumerate(TEXT)]
    assert read(f"<article>{p(texts)}</article>") == TEXT


def test_the_title_of_another_story_between_paragraphs_is_left_out() -> None:
    """A linked line that is no sentence leads to another story."""
    title = (
        "<a href='/autre'>La criée rouvre ses portes après deux ans de fermeture et un procès</a>"
    )
    assert read(f"<article>{p(TEXT[:2])}<p>{title}</p>{p(TEXT[2:])}</article>") == TEXT


# ── what screen readers pass over ──────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "rest",
    [
        "<p class='metered' aria-hidden='true'>{a}</p><p aria-hidden='true'>{b}</p>",
        "<div class='locked' aria-hidden='true'><p>{a}</p><p>{b}</p></div>",
        "<p><span aria-hidden='true'>{a}</span></p><p>{b}</p>",
    ],
)
def test_paragraphs_hidden_from_screen_readers_are_text(rest: str) -> None:
    """Metered paragraphs are shown to all who see."""
    rest = rest.format(a=ARABIC[1], b=ARABIC[2])
    assert read(f"<article><h1>الرصيف الشمالي</h1><p>{ARABIC[0]}</p>{rest}</article>") == ARABIC


@pytest.mark.parametrize(
    "closed",
    [
        "<div class='modal' aria-hidden='true'><p>{rules}</p></div>",
        "<div aria-hidden='true' role='dialog'><p>{rules}</p></div>",
        "<section aria-hidden='true'><div><p>{rules}</p></div></section>",
    ],
)
def test_a_closed_window_is_not_read(closed: str) -> None:
    """Rules for comments stand in a window that is closed."""
    rules = "Les commentaires sont relus avant d'être publiés, et les insultes sont supprimées."
    page = f"<article>{p(TEXT)}</article><div>{closed.format(rules=rules)}</div>"
    assert read(page) == TEXT


CAPTION = "رصيف الميناء القديم بعد انتهاء أشغال الترميم التي دامت عامين (أرشيف)"


@pytest.mark.parametrize(
    "picture",
    [
        "<p><img src=x><br><em>{}</em></p>",
        "<div class=img><img src=x><small>{}</small></div>",
        "<div><a href=/x.jpg><img src=x></a><span class=t>{}</span></div>",
        "<div class=thumb><img src=x></div><div class=thumb-desc>{}</div>",
        "<div class=main-image><img src=x></div><div class=img-title><p>{}</p></div>",
    ],
)
def test_what_stands_alone_with_a_picture_is_its_caption(picture: str) -> None:
    """In italics, in an element with the picture, or in one that is named so."""
    for text in (ARABIC, ARABIC + TEXT):  # with and without a second opinion
        assert read(f"<article>{picture.format(CAPTION)}{p(text)}</article>") == text


@pytest.mark.parametrize(
    "picture",
    [
        "<p><img src=x align=left>{}</p>",
        "<div><img src=x>{}.</div>",
        "<div><img src=x><h3>{}</h3></div>",
        "<p><em>{}</em></p>",
    ],
)
def test_a_paragraph_with_a_picture_in_it_stays(picture: str) -> None:
    """Old layouts put a picture into a paragraph, and some writers end none with a full stop."""
    found = read(f"<article>{p(ARABIC[:1])}{picture.format(CAPTION)}{p(ARABIC[1:])}</article>")
    assert any(line.startswith(CAPTION) for line in found)


@pytest.mark.parametrize("text", [TEXT[:4], TEXT * 3])
def test_a_fold_that_is_opened_to_read_on_is_text(text: list[str]) -> None:
    """Whatever its summary says, in a short text as in a long one."""
    text = [f"{line} ({number})" for number, line in enumerate(text)]
    fold = f"<details><summary>Lire la suite</summary>{p(text[-2:])}</details>"
    assert read(f"<article>{p(text[:-2])}{fold}</article>") == text


def test_a_text_that_begins_with_a_pointer_is_not_lost() -> None:
    """Where a dispatch and the pointer above it share an element, and the page has no more."""
    assert read(f"<h1>Le quai</h1><div><p>Lire aussi</p>{p(TEXT[:2])}</div>") == TEXT[:2]
