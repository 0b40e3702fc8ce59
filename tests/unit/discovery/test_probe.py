"""A try of a feed: what came in words, and which line of the seed file to change."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from crawler.discovery.homepage import Homepage
from crawler.discovery.probe import WindowSpan, build_probe, format_period, measure_window
from crawler.model import Extraction, Feed, FeedWindow, Probe, ProbeResponse
from tests.builders import NOW, a_source, an_entry

URL = "http://news.test/feed"


def a_window(*hours_ago: float, kind: str = "rss20") -> FeedWindow:
    """A feed of entries so many hours old."""
    at = [NOW - timedelta(hours=h) for h in hours_ago]
    entries = tuple(an_entry(f"/{n}", published=format_datetime(a)) for n, a in enumerate(at))
    return FeedWindow(kind=kind, entries=entries)


def probe(
    window: FeedWindow | Extraction | None, *, feed: Feed | None = None, **more: Any
) -> Probe:
    """The probe of a feed that was answered so."""
    response = ProbeResponse(
        **({"asked": URL, "url": URL, "status": 200} | more.pop("response", {}))
    )
    source = a_source(stale_after_hours=12)
    return build_probe(source, feed or Feed(url=URL), response, window, NOW, **more)


def test_a_healthy_feed_needs_no_advice() -> None:
    """Four polls a window, fresh, dated: no remark."""
    found = probe(a_window(0.5, 2, 6))
    assert (found.outcome, found.entries, found.dated, found.suggestions) == ("ok", 3, 3, ())
    assert found.window_seconds == 5.5 * 3600
    assert found.newest_at == NOW - timedelta(minutes=30)


@pytest.mark.parametrize(
    ("response", "window", "outcome", "advice"),
    [
        ({"url": "http://news.test/new", "permanent": True}, a_window(1, 9), "ok",
        'moved for good: write url: "http://news.test/new"'),
        ({"status": 0, "url": "http://other.test/x", "reason": "offsite_redirect"}, None, "failed",
        "hosts: [other.test]"),
        ({"status": 0, "url": "http://news.test/x", "reason": "tls_downgrade"}, None, "failed",
        "which is refused"),
        ({"status": 0, "reason": "robots"}, None, "blocked", "robots.txt forbids"),
        ({"status": 403}, None, "blocked", "turns machines away"),
        ({"status": 404}, None, "failed", "rasd sources discover"),
        ({}, a_window(13, 20), "ok", "newest entry is 13 h old, though expect calls 12 h stale"),
        ({}, a_window(0.1, 0.5), "ok", "span 24 min: write every: 6m"),
        ({}, FeedWindow(kind="rss20", entries=(an_entry(),)), "ok", "no entry has a date"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_remedy(
    response: dict[str, Any], window: FeedWindow | None, outcome: str, advice: str
) -> None:
    """Each trouble has one line that names what to write."""
    found = probe(window, response=response)
    assert found.outcome == outcome
    assert [s for s in found.suggestions if advice in s], found.suggestions


def test_a_page_instead_of_a_feed_is_described() -> None:
    """Its title, the feeds it links, and the kind it could be read as."""
    front = Homepage(title="The News", feeds=("http://news.test/real.xml",))
    found = probe(FeedWindow(kind=""), front=front, kinds=["sitemap"])
    assert found.outcome == "not_a_feed"
    said = "\n".join(found.suggestions)
    assert "titled 'The News'" in said
    assert 'write url: "http://news.test/real.xml"' in said
    assert "write kind: sitemap" in said


@pytest.mark.parametrize(
    ("window", "outcome", "reason", "detail"),
    [
        ("timeout", "failed", "reading_timeout", "reading the feed: timeout"),
        ("crashed", "failed", "reading_crashed", "reading the feed: crashed"),
        (FeedWindow(kind="rss20"), "empty", "empty_feed", ""),
        (FeedWindow(kind="rss20", unusable=3), "empty", "empty_feed", "3 entries without a link"),
    ],
)
def test_empty_is_not_broken(
    window: FeedWindow | Extraction, outcome: str, reason: str, detail: str
) -> None:
    """And a feed that cost a worker differs from both."""
    found = probe(window)
    assert (found.outcome, found.reason, found.detail) == (outcome, reason, detail)


def test_the_rhythm_of_a_sitemap_is_not_its_window() -> None:
    """It is asked by date: how often matters only for feeds."""
    feed = Feed(url=URL, kind="sitemap")
    assert probe(a_window(0.1, 0.2, kind="sitemap"), feed=feed).suggestions == ()


def test_a_date_in_the_future_spans_nothing() -> None:
    """A clock that goes wrong is no window."""
    future: datetime = NOW + timedelta(days=400)
    entries = [
        an_entry(published=format_datetime(future)),
        an_entry(published=format_datetime(NOW)),
    ]
    assert measure_window(entries, "UTC", NOW) == WindowSpan(dated=1, newest_at=NOW, oldest_at=NOW)


@pytest.mark.parametrize(
    ("minutes", "said"), [(59, "59 min"), (120, "2 h"), (60 * 71, "71 h"), (60 * 72, "3 d")]
)
def test_lengths_are_spoken_in_their_unit(minutes: int, said: str) -> None:
    """For people."""
    assert format_period(timedelta(minutes=minutes)) == said
