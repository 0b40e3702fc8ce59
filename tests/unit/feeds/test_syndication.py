"""Feeds of every kind, read; and other bytes recognized as no feed."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.feeds import overflow, syndication
from crawler.model import FeedEntry, FeedWindow
from tests.builders import NOW
from tests.examples import examples
from tests.site import press

URL = "http://news.test/feed"
RSS091 = (
    b"<?xml version='1.0'?><rss version='0.91'><channel><title>T</title><item><title>A</title>"
    b"<link>/a</link></item></channel></rss>"
)
RDF = (
    b"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' "
    b"xmlns='http://purl.org/rss/1.0/'>"
    b"<channel rdf:about='http://news.test/'><title>T</title></channel>"
    b"<item rdf:about='http://news.test/a'><title>A</title><link>http://news.test/a</link>"
    b"</item></rdf:RDF>"
)


@pytest.mark.parametrize("paper", press.PAPERS.values(), ids=lambda p: p.key)
def test_rss_atom_and_json_show_every_story(paper: press.Paper) -> None:
    """Newest first, titles plain, dates as printed."""
    stories = [s for s in press.load() if s.paper == paper.key]
    kind, body = press.feed(paper, stories, "http://news.test", NOW)
    window = syndication.parse(body, URL, kind)
    assert window.kind in ("rss20", "atom10", "json11")
    assert {e.title for e in window.entries} == {s.headline for s in stories}
    assert all(e.published for e in window.entries)


@pytest.mark.parametrize(("body", "kind"), [(RSS091, "rss091n"), (RDF, "rss10")])
def test_old_feeds_are_read(body: bytes, kind: str) -> None:
    """RSS 0.9x and 1.0 still stand on news sites; relative links become whole."""
    window = syndication.parse(body, URL, "text/xml")
    assert [e.url for e in window.entries] == ["http://news.test/a"]
    assert window.kind[:4] == kind[:4]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><body>Hello</body></html>",
        b"{",
        b"[]",
        b'{"items": 3}',
        b"\x89PNG",
        b"{" * 100_000,
    ],
)
def test_what_is_no_feed_is_said_to_be_none(body: bytes) -> None:
    """An error page with status 200 must not pass for an empty feed."""
    assert syndication.parse(body, URL, "text/html").kind == ""


def test_hostile_entries_never_become_addresses_or_markup() -> None:
    """S9, M21: file: and javascript: links are counted, tags and bidi controls go."""
    items = "".join(
        f"<item><title>&lt;b&gt;T\u202e&lt;/b&gt;</title><link>{u}</link></item>"
        for u in ("file:///etc/passwd", "javascript:alert(1)", "http://news.test/a")
    )
    window = syndication.parse(
        f"<rss version='2.0'><channel>{items}</channel></rss>".encode(), URL, "text/xml"
    )
    assert [(e.url, e.title) for e in window.entries] == [("http://news.test/a", "T")]
    assert window.unusable == 2


def test_entities_are_not_expanded() -> None:
    """R10: billion laughs stay a joke."""
    bomb = (
        "<!DOCTYPE r [<!ENTITY a 'ha'>"
        + "".join(
            f"<!ENTITY {b} '{('&' + a + ';') * 10}'>"
            for a, b in zip("abcdefgh", "bcdefghi", strict=True)
        )
        + "]>"
    )
    window = syndication.parse(
        (
            f"{bomb}<rss version='2.0'><channel><item><title>&i;</title>"
            f"<link>http://news.test/a</link></item></channel></rss>"
        ).encode(),
        URL,
        "text/xml",
    )
    assert all(len(e.title) < 1000 for e in window.entries)


def test_what_tells_entries_apart_is_all_that_counts() -> None:
    """A build date, a counter, a comment make no difference; a link, an id, a title, an order
    does.
    """
    rss = (
        b"<rss><channel><lastBuildDate>1</lastBuildDate><item><title>A</title>"
        b"<x:link>http://n.test/1</x:link><n>1</n></item></channel></rss>"
    )
    same = rss.replace(b"Date>1", b"Date>2").replace(b"<n>1", b"<n>2") + b"<!-- 7 -->"
    assert syndication.identifying_bytes(rss) == syndication.identifying_bytes(same)
    for before, after in ((b"A<", b"B<"), (b"/1", b"/2"), (b"<item>", b"<item><item>")):
        assert syndication.identifying_bytes(rss) != syndication.identifying_bytes(
            rss.replace(before, after)
        )
    assert syndication.identifying_bytes(b'{"items": ["<a>"]}') == b'{"items": ["<a>"]}'
    many = (
        b"<rss>" + b"<" * 2 * syndication.MAX_COMPARED_TAGS
    )  # M14: nobody waits for these to be looked at one by one
    assert syndication.identifying_bytes(many) is many
    atom = b"<feed><entry><link href='http://n.test/1'/></entry></feed>"
    assert syndication.identifying_bytes(atom) != syndication.identifying_bytes(
        atom.replace(b"/1'", b"/2'")
    )


HEAD = b"<rss version='2.0'><channel><title>T</title>"
TAIL = b"</channel></rss>"
ITEM = b"<item><title>A</title><link>http://news.test/%d</link></item>"


def test_a_feed_cut_short_gives_its_whole_entries_and_says_so() -> None:
    """P20: ten of fifty; the eleventh has half an address, which would be another page."""
    whole = HEAD + b"".join(ITEM % n for n in range(50)) + TAIL
    cut = whole[: whole.index(b"http://news.test/10") + 18]
    window = syndication.parse(cut, URL, "text/xml")
    assert [e.url for e in window.entries] == [f"http://news.test/{n}" for n in range(10)]
    assert window.partial
    assert not syndication.parse(whole, URL, "text/xml").partial


def test_where_markup_is_too_much_what_tells_entries_apart_is_still_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Entries with very much markup: the first in full, of the others address and title, none
    lost; one that alone is too much ends it, and what is not read is counted.
    """
    rich = (
        b"<item><title>A</title><link>http://news.test/%d</link><description>"
        + b"&lt;b&gt;x" * 15
        + b"</description></item>"
    )
    monkeypatch.setattr(syndication, "MAX_FEEDPARSER_MARKS", 2_500)
    window = syndication.parse(HEAD + b"".join(rich % n for n in range(99)) + TAIL, URL, "text/xml")
    assert [e.url for e in (*window.entries, *far(window))] == [
        f"http://news.test/{n}" for n in range(99)
    ]
    assert 60 < len(window.entries) < 99 and window.left_out == 0
    monster = rich.replace(b"x", b"x" + b"<b/>" * 300) % 1
    cut = syndication.parse(HEAD + ITEM % 0 + monster + ITEM % 2 + TAIL, URL, "text/xml")
    assert [e.url for e in cut.entries] == ["http://news.test/0"]
    assert cut.left_out == 2


def far(window: FeedWindow) -> list[FeedEntry]:
    """The entries of a window's tail."""
    return [entry for piece in window.tail for _, entry in overflow.unpack(piece)]


def test_every_entry_of_an_archives_feed_is_compared() -> None:
    """R17: beyond 2,000, address, id, title and date are read, and nothing slower; nothing is
    lost.
    """
    last = (
        b"<item><title>Far &amp; away</title><link>/far</link><guid>f1</guid>"
        b"<pubDate>Mon, 23 Nov 2026 10:00:00 GMT</pubDate></item>"
    )
    window = syndication.parse(
        HEAD + b"".join(ITEM % n for n in range(2_300)) + last + TAIL, URL, "text/xml"
    )
    assert [e.url for e in (*window.entries, *far(window))][:-1] == [
        f"http://news.test/{n}" for n in range(2_300)
    ]
    assert (len(window.entries), len(window.tail), window.left_out, window.unusable) == (
        2_000,
        2,
        0,
        0,
    )
    assert far(window)[-1] == FeedEntry(
        url="http://news.test/far",
        guid="f1",
        title="Far & away",
        published="Mon, 23 Nov 2026 10:00:00 GMT",
    )
    assert [key for key, _ in overflow.unpack(window.tail[-1])][-1] == "news.test/far"


def test_a_long_json_feed_has_a_far_end_too() -> None:
    """R17, R25: it is parsed as a whole, and travels in slices all the same."""
    items = [{"id": str(n), "url": f"http://news.test/{n}"} for n in range(2_003)]
    window = syndication.parse(
        json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items}).encode(),
        URL,
        "",
    )
    assert [e.url for e in far(window)] == [f"http://news.test/{n}" for n in range(2_000, 2_003)]


def test_what_cannot_be_read_even_barely_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Too many for that as well, or broken: how many were left out is known."""
    monkeypatch.setattr(syndication, "MAX_FULL_ENTRIES", 10)
    monkeypatch.setattr(syndication, "MAX_BARE_ENTRIES", 20)
    rows = b"".join(ITEM % n for n in range(40))
    assert len(far(syndication.parse(HEAD + rows + TAIL, URL, "text/xml"))) == 20
    assert syndication.parse(HEAD + rows + TAIL, URL, "text/xml").left_out == 10
    atom = b"".join(
        b"<entry><link rel='self' href='/s'/><link href='/%d'/><id>%d</id></entry>" % (n, n)
        for n in range(25)
    )
    found = syndication.parse(
        b"<feed xmlns='http://www.w3.org/2005/Atom'>" + atom + b"</feed>", URL, "text/xml"
    )
    assert [e.url for e in (*found.entries, *far(found))] == [
        f"http://news.test/{n}" for n in range(25)
    ]


@pytest.mark.parametrize("system", ["file:///etc/passwd", "http://127.0.0.1:9/x.dtd"])
def test_nothing_outside_is_read(system: str) -> None:
    """R12, R13: external entities, DTDs, style sheets and XInclude are text."""
    feed = (
        f"<?xml version='1.0'?><?xml-stylesheet href='{system}'?>"
        f"<!DOCTYPE r SYSTEM '{system}' [<!ENTITY x SYSTEM '{system}'>]>"
        "<rss version='2.0' xmlns:xi='http://www.w3.org/2001/XInclude'><channel><item>"
        "<title>T&x;</title>"
        f"<link>http://news.test/a</link><description>"
        f"<xi:include href='{system}' parse='text'/></description></item></channel></rss>"
    )
    window = syndication.parse(feed.encode(), URL, "text/xml")
    assert "root:" not in str(window)
    assert all(e.title.startswith("T") for e in window.entries)


def test_a_link_is_the_entrys_own_before_its_guid() -> None:
    """A guid that is an address stands in for a missing link, a bare one never does."""
    items = (
        b"<item><title>1</title><guid>http://news.test/g</guid></item><item><title>2</title>"
        b"<guid>abc</guid></item><item><title>3</title><guid>/l</guid><link>/l</link></item>"
    )
    window = syndication.parse(HEAD + items + TAIL, URL, "text/xml")
    assert [e.url for e in window.entries] == ["http://news.test/g", "http://news.test/l"]
    assert window.unusable == 1


@settings(max_examples=examples(60), deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_raise(body: bytes) -> None:
    """Whatever a server calls a feed."""
    assert syndication.parse(HEAD + body, URL, "text/xml").kind in ("", "rss20")
    syndication.parse(b"{" + body, URL, "application/json")


@pytest.mark.parametrize("encoding", ["utf-8", "windows-1256", "utf-16"])
@pytest.mark.parametrize("content_type", ["text/xml", "application/rss+xml", ""])
def test_a_feed_that_names_no_encoding_is_read_in_its_own(encoding: str, content_type: str) -> None:
    """text/xml means ASCII to the letter of the law, and no outlet knows it; no detector is
    asked.
    """
    title = "وزير الداخلية العراقي يصل إلى الرباط للتوقيع على اتفاق أمني"
    text = (
        f"<rss version='2.0'><channel><title>واع</title><item><title>{title}</title>"
        f"<link>http://a.example/1</link></item></channel></rss>"
    )
    (entry,) = syndication.parse(
        text.encode(encoding), "http://a.example/feed", content_type
    ).entries
    assert entry.title == title


@pytest.mark.parametrize("end", [-1, -40, None])
def test_a_json_feed_that_breaks_off_gives_its_whole_items(end: int | None) -> None:
    """Also one with a comma too many, which no parser of JSON takes."""
    items = [{"id": str(n), "url": f"http://news.test/{n}", "title": "Le port"} for n in range(3)]
    whole = json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items})
    body = whole[:end] if end else whole.replace("}]}", "},]}")
    window = syndication.parse(body.encode(), "http://news.test/feed", "application/json")
    shown = 2 if end == -40 else 3
    assert (window.kind, len(window.entries), window.partial) == ("json11", shown, True)
    error = b'{"message": "no route", "items": [{"id": 1}'
    assert syndication.parse(error, "http://news.test/feed", "application/json").kind == ""
