"""Feeds of every kind, read; and what is none, said to be none."""

from __future__ import annotations

import pytest

from crawler import feeds
from tests.builders import NOW
from tests.site import press

URL = "http://news.test/feed"
RSS091 = b"<?xml version='1.0'?><rss version='0.91'><channel><title>T</title><item><title>A</title><link>/a</link></item></channel></rss>"
RDF = (
    b"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'>"
    b"<channel rdf:about='http://news.test/'><title>T</title></channel>"
    b"<item rdf:about='http://news.test/a'><title>A</title><link>http://news.test/a</link></item></rdf:RDF>"
)


@pytest.mark.parametrize("paper", press.PAPERS.values(), ids=lambda p: p.key)
def test_rss_atom_and_json_show_every_story(paper: press.Paper) -> None:
    """Newest first, titles plain, dates as printed."""
    stories = [s for s in press.load() if s.paper == paper.key]
    kind, body = press.feed(paper, stories, "http://news.test", NOW)
    window = feeds.parse(body, URL, kind)
    assert window.kind in ("rss20", "atom10", "json11")
    assert {e.title for e in window.entries} == {s.headline for s in stories}
    assert all(e.published for e in window.entries)


@pytest.mark.parametrize(("body", "kind"), [(RSS091, "rss091n"), (RDF, "rss10")])
def test_old_feeds_are_read(body: bytes, kind: str) -> None:
    """RSS 0.9x and 1.0 still stand on news sites; relative links become whole."""
    window = feeds.parse(body, URL, "text/xml")
    assert [e.url for e in window.entries] == ["http://news.test/a"]
    assert window.kind[:4] == kind[:4]


@pytest.mark.parametrize("body", [b"", b"<html><body>Hello</body></html>", b"{", b"[]", b'{"items": 3}', b"\x89PNG", b"{" * 100_000])
def test_what_is_no_feed_is_said_to_be_none(body: bytes) -> None:
    """An error page with status 200 must not pass for an empty feed."""
    assert feeds.parse(body, URL, "text/html").kind == ""


def test_hostile_entries_never_become_addresses_or_markup() -> None:
    """S9, M21: file: and javascript: links are counted, tags and bidi controls go."""
    items = "".join(f"<item><title>&lt;b&gt;T\u202e&lt;/b&gt;</title><link>{u}</link></item>" for u in ("file:///etc/passwd", "javascript:alert(1)", "http://news.test/a"))
    window = feeds.parse(f"<rss version='2.0'><channel>{items}</channel></rss>".encode(), URL, "text/xml")
    assert [(e.url, e.title) for e in window.entries] == [("http://news.test/a", "T")]
    assert window.unusable == 2


def test_entities_are_not_expanded() -> None:
    """R10: billion laughs stay a joke."""
    bomb = "<!DOCTYPE r [<!ENTITY a 'ha'>" + "".join(f"<!ENTITY {b} '{('&' + a + ';') * 10}'>" for a, b in zip("abcdefgh", "bcdefghi", strict=True)) + "]>"
    window = feeds.parse(f"{bomb}<rss version='2.0'><channel><item><title>&i;</title><link>http://news.test/a</link></item></channel></rss>".encode(), URL, "text/xml")
    assert all(len(e.title) < 1000 for e in window.entries)


def test_what_tells_entries_apart_is_all_that_counts() -> None:
    """A build date, a counter, a comment make no difference; a link, an id, a title, an order does."""
    rss = b"<rss><channel><lastBuildDate>1</lastBuildDate><item><title>A</title><x:link>http://n.test/1</x:link><n>1</n></item></channel></rss>"
    same = rss.replace(b"Date>1", b"Date>2").replace(b"<n>1", b"<n>2") + b"<!-- 7 -->"
    assert feeds.telling(rss) == feeds.telling(same)
    for before, after in ((b"A<", b"B<"), (b"/1", b"/2"), (b"<item>", b"<item><item>")):
        assert feeds.telling(rss) != feeds.telling(rss.replace(before, after))
    assert feeds.telling(b'{"items": ["<a>"]}') == b'{"items": ["<a>"]}'
    atom = b"<feed><entry><link href='http://n.test/1'/></entry></feed>"
    assert feeds.telling(atom) != feeds.telling(atom.replace(b"/1'", b"/2'"))
