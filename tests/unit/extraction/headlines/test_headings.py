"""Headings as readers see them: one line, words apart, logos marked."""

from __future__ import annotations

import pytest

from crawler.extraction.headlines.headings import (
    MAX_HEADLINE_CHARACTERS,
    clean_headline,
    read_headings,
)
from crawler.extraction.html import find_parts, parse_html


def shown(markup: str) -> list[tuple[str, bool]]:
    """The headings of a page: text, and whether it is a logo."""
    return [
        (h.text, h.logo) for h in read_headings(find_parts(parse_html(markup.encode())).headings)
    ]


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<h1><b>الع</b>راق</h1>", "العراق"),
        ("<h1>Un quai<br>neuf</h1>", "Un quai neuf"),
        ("<h1><div>Maroc</div><div>Un quai</div></h1>", "Maroc Un quai"),
        ("<h1><span class='a'>Maroc</span><span class='b'>Irak</span></h1>", "Maroc Irak"),
        ("<h1><span class='surtitre'>Maroc</span>Irak</h1>", "Maroc Irak"),
        ("<h1><span class='dropcap'>L</span>e quai</h1>", "Le quai"),
        ("<h1>A<script>b()</script><style>c{}</style> quay</h1>", "A quay"),
        ("<h1>A quay<a class='anchor' href='#a'>¶</a></h1>", "A quay"),
    ],
)
def test_the_words_of_a_heading_stay_apart_and_whole(markup: str, text: str) -> None:
    """Elements that show a piece of their own part words; others do not break one."""
    assert shown(markup) == [(text, False)]


@pytest.mark.parametrize(
    ("markup", "logo"),
    [
        ("<h1><a href='/'>The Quay</a></h1>", True),
        ("<h1><a href='https://quay.example/'>The Quay</a></h1>", True),
        ("<h1><a href='/fr/'>The Quay</a></h1>", True),
        ("<a href='/index.php'><h1>The Quay</h1></a>", True),
        ("<h1 id='site-name'>The Quay</h1>", True),
        ("<h1><a href='/'><img alt='The Quay'></a></h1>", True),
        ("<h1><a href='/2026/the-quay'>The Quay</a></h1>", False),
        ("<h1><a href='/'>Home</a> The Quay</h1>", False),
        ("<h1><a href='#'>The Quay</a></h1>", False),
        ("<h1>The Quay</h1>", False),
    ],
)
def test_a_logo_is_known_by_its_link_or_its_name(markup: str, logo: bool) -> None:
    """A heading that is nothing but a link to the front page is the outlet's."""
    assert [is_logo for _, is_logo in shown(markup)] == [logo]


def test_a_headline_is_one_line_of_bounded_length() -> None:
    """Escaped twice or thrice, with tags in it, or a megabyte long: one plain line."""
    assert clean_headline(" l&amp;#8217;accord\n<i>naval</i> ") == "l’accord naval"
    assert clean_headline("&amp;amp;quot;Oui&amp;amp;quot;") == '"Oui"'
    assert len(clean_headline("word " * 200_000)) <= MAX_HEADLINE_CHARACTERS
