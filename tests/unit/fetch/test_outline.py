"""What a small page shows, where it leads, and that no page costs more than its length."""

from __future__ import annotations

import sys
import time

import pytest

from crawler.fetch.outline import (
    MAX_PAGE_BYTES,
    MAX_SHOWN_CHARACTERS,
    Outline,
    outline,
    refresh_target,
)


def read(page: str) -> Outline:
    """The outline of a page that shows little."""
    found = outline(page.encode())
    assert found is not None
    return found


def test_what_is_shown_is_read_and_what_is_not_is_not() -> None:
    """Scripts, styles, comments and what stands in them are not shown; entities are."""
    page = read(
        "<html><head><title> Le  port </title><style>p{}</style></head><body><!-- <p>no</p> -->"
        "<h1>Le port <b>de Safi</b></h1><script>var a = '<p>no</p>';</script>"
        "<p>Ferm&eacute; &amp; vide</p>a<br>b<noscript>sans script</noscript>"
        "<a href=' /x '>ici</a><img src=a.png></body></html>"
    )
    assert page.title == "Le port"
    assert page.headings == ["Le port de Safi"]
    assert page.blocks == ["Le port de Safi", "Fermé & vide", "a", "b", "ici"]
    assert (page.links, page.pictures, page.hidden.strip()) == (["/x"], 1, "sans script")
    assert page.words == "le port de safi ferme vide a b ici"
    assert not page.is_article


@pytest.mark.parametrize(
    "mark",
    [
        '<meta property="og:type" content="article">',
        '<meta content="article" property="og:type">',
        '<meta name="article:published_time" content="2026-01-01">',
        '<script type="application/ld+json">{"@type": "NewsArticle"}</script>',
        '<script type="application/ld+json">{"@type": ["ReportageNewsArticle"]}</script>',
        '<div itemprop="articleBody">',
        f'<script type="application/json">{{"a": "{"x" * 600}"}}</script>',
    ],
)
def test_a_page_says_to_machines_that_it_is_an_article(mark: str) -> None:
    """Metadata and data, in the forms of schema.org, Open Graph and the frameworks."""
    assert read(mark).is_article


def test_a_page_that_shows_more_has_no_outline() -> None:
    """Reading ends where it shows as much as an article; a large page isn't begun."""
    words = "mot " * (MAX_SHOWN_CHARACTERS // 3)
    assert outline(f"<p>{words}</p>".encode()) is None
    assert outline(b"<p>a</p>" + b" " * MAX_PAGE_BYTES) is None
    assert outline(b'<script>"NewsArticle"</script>' + b" " * 9_000) is None


@pytest.mark.parametrize(
    ("written", "target"),
    [
        ("0; url=/a", "/a"),
        ("1;URL='http://x.test/a'", "http://x.test/a"),
        ('  2 , url = "/a b" ', "/a b"),
        ("0;/a", "/a"),
        ("0.5; url=/a", "/a"),
        ("300", ""),
        ("300; url=/a", ""),
        ("soon; url=/a", ""),
        ("", ""),
    ],
)
def test_a_refresh_is_read_as_browsers_do(written: str, target: str) -> None:
    """With or without ``url=`` and quotes; a page that is to be read first leads nowhere."""
    assert refresh_target(written) == target


@pytest.mark.parametrize(
    ("script", "leads"),
    [
        ('window.location.href="/a"', ["/a"]),
        ("location.replace('/a');", ["/a"]),
        ("document . location = '/a'", ["/a"]),
        ("top.location.assign( '/a' )", ["/a"]),
        ('self.location="https:\\/\\/x.test\\/a"', ["https://x.test/a"]),
        ("setTimeout(function(){ location.href = '/a' }, 500)", ["/a"]),
        ("(function(){location='/a'})()", ["/a"]),
        ("window.onload = function () { location.href='/a' }", ["/a"]),
        ("function go(){ location.href = '/login' }", []),
        ("if (mobile) location.href = '/m'", []),
        ("location.href = '/a?id=' + id", []),
        ("var allocation = '/a'; my.location_x = '/b'", []),
        ("location.reload()", []),
        ("location.href = '/a';" + " " * 1_000, []),
    ],
)
def test_a_script_that_only_names_an_address_leads_there(script: str, leads: list[str]) -> None:
    """One that computes it, waits for a click or chooses does not: no script is run."""
    assert read(f"<script>{script}</script>").leads == leads


def test_a_refresh_for_those_without_scripts_counts_on_an_empty_page_only() -> None:
    """Pages for everybody send those elsewhere who would see half of them."""
    plain = "<noscript><meta http-equiv='refresh' content='0; url=/plain'></noscript>"
    assert read(plain).leads == ["/plain"]
    assert read(f"<p>Le port de Safi</p>{plain}").leads == []


@pytest.mark.parametrize(
    "piece",
    [
        "<", "<a ", "<a x", "<meta x=", "<script>", "<title>", "<h1>x", "<!--", "&", "&amp", "<b>x",
        "<a href='", "<noscript>http-equiv=refresh ", "<script>" + "__A" * 99 + "</script>",
        "<script>window.location.</script>", '<script type=ld+json>"@type":[</script>', "<meta x= ",
    ],
)  # fmt: skip
def test_no_page_costs_more_than_its_length(piece: str) -> None:
    """Four times the bytes, not sixteen times the time."""
    spent = []
    for size in (MAX_PAGE_BYTES // 4 - 9, MAX_PAGE_BYTES - 9):
        body = (piece * size)[:size].encode()
        best = 9.0
        for turn in range(3):
            begun = time.process_time()
            found = outline(body + b" " * turn)  # another one each time
            if found is not None:
                assert found.leads is not None and found.words is not None
            best = min(best, time.process_time() - begun)
        spent.append(best)
    assert spent[1] < 8 * spent[0] + 0.02


def test_a_page_too_large_is_not_held() -> None:
    """The outline of a large page is None at once: its bytes are neither read nor kept."""
    body = b"<p>" + b"x" * MAX_PAGE_BYTES
    before = sys.getrefcount(body)
    assert outline(body) is None
    assert sys.getrefcount(body) == before
