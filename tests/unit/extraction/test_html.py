"""A page as a tree: what would break the parser is flattened, and no word is lost by it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.extraction import article, html
from crawler.model import Article
from tests.builders import a_page, a_source
from tests.examples import examples

FIRST = (
    "Le conseil a examiné mardi le projet de modernisation du port et a entendu les "
    "représentants des armateurs."
)
LAST = (
    "La décision sera publiée avant la fin du mois, a précisé le président à l'issue de la séance."
)
BOX = (
    "Ailleurs : la météo de la semaine, les programmes de la télévision et les résultats du "
    "championnat."
)


def words(text: str) -> list[str]:
    """Every word a page's tree shows, in order."""
    tree = html.parse_html(text.encode())
    return (tree.body.text(separator=" ") if tree.body else "").split()


def nested(
    depth: int, inside: str, *, tag: str = "div", between: str = "", closed: bool = True
) -> str:
    """Elements within each other."""
    return f"<{tag}>{between}" * depth + inside + f"</{tag}>" * (depth if closed else 0)


@pytest.mark.parametrize("tag", ["div", "section", "span"])
def test_a_wrong_cut_would_lose_the_text_after_it(tag: str) -> None:
    """What is dropped is dropped in pairs: an end left over would end the article's own element,
    and its last paragraph would stand among the boxes.
    """
    deep = nested(html.MAX_DOM_DEPTH + 60, f"<p>{FIRST}</p>", tag=tag)
    page = (
        f"<html><body><{tag} class='article-body'>{deep}<p>{LAST}</p></{tag}>"
        f"<div class='sidebar'><p>{BOX}</p></div></body></html>"
    )
    tree = html.parse_html(page.encode())
    body = tree.css_first(".article-body")
    assert body is not None
    assert body.text(separator=" ").split() == [*FIRST.split(), *LAST.split()]
    found = article.extract(a_page(page, entry=None), a_source())
    assert isinstance(found, Article)
    assert found.body == f"{FIRST}\n\n{LAST}"


def test_what_only_looks_like_markup_is_left_alone() -> None:
    """Tags in scripts, comments and attributes open nothing: they are neither counted nor cut."""
    noise = (
        "<script>var a = '"
        + "<div>" * 3_000
        + "';</script><!-- "
        + "<div>" * 3_000
        + "--><p title='<div> > <div>'>x</p>"
    )
    page = (
        f"<html><body>{nested(html.MAX_DOM_DEPTH - 10, f'{noise}<p>{FIRST}</p>')}<p>{LAST}</p>"
        f"</body></html>"
    )
    assert html._flatten(page) == page
    assert words(page)[-len(LAST.split()) :] == LAST.split()


def test_an_ordinary_page_passes_untouched() -> None:
    """Thousands of elements beside each other, void ones and unclosed paragraphs among them, are
    not deep.
    """
    row = "<div class=a><p>un<br>deux<img src=x><p>trois<ul><li>a<li>b</ul></div>"
    page = f"<html><body>{row * 700}</body></html>"
    assert page.count("<") > html.MAX_DOM_DEPTH and not html._may_be_deep(page.encode())
    assert html._flatten(page) == page


_PARTS = st.sampled_from(
    [
        "<div>",
        "</div>",
        "<b>",
        "</b>",
        "<p>",
        "</p>",
        "<ul><li>",
        "</ul>",
        "<br>",
        "un ",
        "deux ",
        "<section class='a>b'>",
        "</section>",
        "<!-- <div> -->",
        "< ",
        "&lt; ",  # a character, not a tag: removing an inline tag after it joins what it parted
    ]
)


@settings(max_examples=examples(80), deadline=None)
@given(st.lists(_PARTS, max_size=60))
def test_flattening_keeps_every_word_in_order(parts: list[str]) -> None:
    """However tags are nested, crossed or left open: dropping the deep ones changes no word."""
    page = "<html><body>" + "".join(parts) + "</body></html>"
    deepest, html.MAX_DOM_DEPTH = html.MAX_DOM_DEPTH, 3
    try:
        flat = html._flatten(page)
    finally:
        html.MAX_DOM_DEPTH = deepest
    assert words(flat) == words(page)


def test_a_heading_that_folds_its_section_is_read() -> None:
    """A button in a heading is the heading's text; any other one is none."""
    question = "Quand le port rouvrira-t-il ?"
    page = (
        f"<article><p>{3 * FIRST}</p><h3><button>{question}</button></h3><p>{3 * LAST}</p>"
        f"<p><button>Répondre au sondage</button></p><p>{3 * FIRST} Ou presque.</p></article>"
    )
    found = article.extract(a_page(page, entry=None), a_source())
    assert isinstance(found, Article)
    assert (question in found.body, "sondage" in found.body) == (True, False)


def test_a_hidden_text_is_told_once() -> None:
    """However many of its attributes hide it."""
    tree = html.parse_html(f"<body><div hidden style='display:none'>{FIRST}</div></body>".encode())
    assert html.remove_hidden(html.find_parts(tree)) == [FIRST]


def test_paragraphs_that_were_removed_are_there_no_more() -> None:
    """A page's paragraphs are those that its readers see, also inside of what was removed."""
    parts = html.find_parts(
        html.parse_html(
            b"<p>One.<p>Two.<div hidden><p>Not shown.</div><footer><p>Foot.</footer><p>Three."
        )
    )
    html.remove_hidden(parts)
    left = [node.text() for node in filter(html.is_there, parts.paragraphs)]
    assert (len(parts.paragraphs), left) == (5, ["One.", "Two.", "Three."])
