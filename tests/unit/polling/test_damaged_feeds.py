"""Every entry that a feed lists has a fate, whatever happened to its bytes on the way."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.feeds import section, sitemap, syndication, wordpress
from crawler.feeds.raw_feed import MAX_UNLINKED_ENTRIES
from crawler.model import FeedWindow
from crawler.polling import steps
from tests.builders import NOW
from tests.examples import examples
from tests.unit.polling.driver import FEED, World, a_poll, an_answer, of_type, settle_all

LINKS = (
    "http://news.test/1", "http://news.test/2#top", "www.news.test/3", "http:/news.test/4",
    "http://news.test/live#a", "http://news.test/live#b", "javascript:void(0)", "", "\u200f",
    "http://news.test/known", "http://news.test/1", "http://desk@news.test/5", "mailto:x@news.test",
    "http://elsewhere.test/6", "http://news.test/%25D8%25B9", "/7 8.html",
)  # fmt: skip
"""As people write them: usable, shared, repeated, known, and such as lead nowhere."""


def _rss(links: tuple[str, ...]) -> bytes:
    items = "".join(
        f"<item><title>Story {n}</title><link>{link}</link><guid isPermaLink='false'>g{n}</guid></item>"
        for n, link in enumerate(links)
    )
    return f"<rss version='2.0'><channel><title>T</title>{items}</channel></rss>".encode()


def _atom(links: tuple[str, ...]) -> bytes:
    rows = "".join(
        f"<entry><id>urn:{n}</id><title>Story {n}</title><link href='{link}'/></entry>"
        for n, link in enumerate(links)
    )
    return f"<feed xmlns='http://www.w3.org/2005/Atom'><title>T</title>{rows}</feed>".encode()


def _json(links: tuple[str, ...]) -> bytes:
    items = [{"id": str(n), "url": link, "title": f"Story {n}"} for n, link in enumerate(links)]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": items}
    return json.dumps(feed, ensure_ascii=False).encode()


def _posts(links: tuple[str, ...]) -> bytes:
    posts = [
        {"id": n, "link": link, "title": {"rendered": f"S {n}"}} for n, link in enumerate(links)
    ]
    return json.dumps(posts).encode()


def _places(links: tuple[str, ...]) -> bytes:
    rows = "".join(f"<url><loc>{link}</loc></url>" for link in links)
    return f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{rows}</urlset>".encode()


def _page(links: tuple[str, ...]) -> bytes:
    return "".join(
        f"<p><a href='{link}'>Story {n}</a></p>" for n, link in enumerate(links)
    ).encode()


Write = Callable[[tuple[str, ...]], bytes]
Read = Callable[[bytes], FeedWindow]
KINDS: dict[str, tuple[Write, Read]] = {
    "rss": (_rss, lambda body: syndication.parse(body, FEED, "text/xml")),
    "atom": (_atom, lambda body: syndication.parse(body, FEED, "application/atom+xml")),
    "json": (_json, lambda body: syndication.parse(body, FEED, "application/json")),
    "wordpress": (_posts, lambda body: wordpress.parse(body, FEED, "application/json")),
    "sitemap": (_places, lambda body: sitemap.parse(body, FEED, "text/xml", None)),
    "section": (_page, lambda body: section.parse(body, FEED, "text/html", "a", None)),
}


@st.composite
def damaged(draw: st.DrawFn, write: Write) -> bytes:
    """A feed with some of the links, of which bytes are gone, repeated or wrong."""
    body = write(tuple(draw(st.lists(st.sampled_from(LINKS), max_size=12))))
    for _ in range(draw(st.integers(0, 3))):
        start, end = sorted(draw(st.tuples(st.integers(0, len(body)), st.integers(0, len(body)))))
        end = min(end, start + 120)
        piece = draw(
            st.sampled_from((b"", b"\x00", b"<", b"&", b"]]>", b"\xff\xd8", body[start:end] * 2))
        )
        body = body[:start] + piece + body[end:]
    return body[: draw(st.integers(0, len(body)))] if draw(st.booleans()) else body


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
@settings(max_examples=examples(60))
def test_every_entry_has_a_fate(kind: str, data: st.DataObject) -> None:
    """Seen and unusable are what the reader counted; what was seen is known or has a fate; what has
    no usable link is recorded and rejected."""
    write, read = KINDS[kind]
    window = read(data.draw(damaged(write)))
    poll = a_poll()
    done = World(window=window).run(poll.received(an_answer()))
    settle_all(poll)
    row, _ = poll.close(NOW)
    listed = len(window.entries) + window.unusable if window.kind else 0
    assert row.entries == listed == row.seen + row.unusable
    assert row.seen == row.known + row.new and row.balances
    recorded = {key for step in of_type(steps.RecordEntries, done) for key, _ in step.entries}
    rejected = [s for step in of_type(steps.RejectSightings, done) for s, _ in step.rejected]
    nameless = {s.url_key for s in rejected if s.url_key.startswith("no-link:")}
    assert poll.keys | nameless == recorded
    assert bool(nameless) == bool(row.unusable)
    assert len(window.unlinked) == min(window.unusable, MAX_UNLINKED_ENTRIES)


@pytest.mark.parametrize("kind", KINDS)
def test_a_whole_feed_lists_all_of_them(kind: str) -> None:
    """No reader drops an entry: what it counts is what was written."""
    write, read = KINDS[kind]
    window = read(write(LINKS))
    merged = 2 if kind == "section" else 0  # links of a page to one address are one entry
    assert len(window.entries) + window.unusable == len(LINKS) - merged
    assert window.unusable == 5
