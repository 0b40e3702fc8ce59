"""Sitemaps: streamed, bounded, the newest first; whatever bytes come."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.feeds import sitemap
from crawler.model import Cause, page
from tests.builders import NOW
from tests.examples import examples

HEAD = (
    "<?xml version='1.0'?><urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' "
    "xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'>"
)
URL = "http://news.test/sitemap.xml"
TOO_BIG = Cause(reason="too_big", detail="over 52428800 bytes unpacked")


def window(
    rows: str, since: datetime | None = None, head: str = HEAD, tail: str = "</urlset>"
) -> page.FeedWindow:
    """The window of these rows."""
    return sitemap.parse((head + rows + tail).encode(), URL, "application/xml", since)


def test_news_titles_and_dates_come_along() -> None:
    """The Google-News namespace, entities resolved, the publication date before lastmod."""
    (entry,) = window(
        "<url><loc> http://news.test/1 </loc><lastmod>2026-11-23T09:00:00Z</lastmod>"
        "<news:news><news:publication>"
        "<news:name>News</news:name></news:publication><news:publication_date>2026-11-22"
        "</news:publication_date>"
        "<news:title>وقّع &amp; صادق</news:title></news:news></url>"
    ).entries
    assert (entry.url, entry.title, entry.published) == (
        "http://news.test/1",
        "وقّع & صادق",
        "2026-11-22",
    )
    assert entry.updated == "2026-11-23T09:00:00Z"


def test_the_window_of_lastmod_counts_what_is_older() -> None:
    """Newest first, the undated last; a mere day counts to its end."""
    rows = "".join(
        f"<url><loc>http://news.test/{n}</loc>{f'<lastmod>{day}</lastmod>' if day else ''}</url>"
        for n, day in enumerate(
            ["2026-11-20", "2026-11-22", "", "2026-11-23T08:00:00+01:00", "2026-11-21"]
        )
    )
    found = window(rows, since=datetime(2026, 11, 21, 12, tzinfo=UTC))
    assert [e.url[-1] for e in found.entries] == ["3", "1", "4", "2"]
    assert found.older == 1


def test_too_many_are_counted_and_the_newest_taken() -> None:
    """R14, small: nothing is dropped in silence."""
    rows = "".join(
        (
            f"<url><loc>http://news.test/{n}</loc>"
            f"<lastmod>{(NOW - timedelta(minutes=5000 - n)).isoformat()}</lastmod></url>"
        )
        for n in range(5000)
    )
    found = window(rows)
    assert (len(found.entries), found.left_out) == (sitemap.MAX_SITEMAP_ENTRIES, 3000)
    assert found.entries[0].url.endswith("/4999")


def test_what_is_left_out_is_named_where_its_publication_is_printed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Proof of what is missing: an article's own date and hour, never the day it was mended."""
    monkeypatch.setattr(sitemap, "MAX_SITEMAP_ENTRIES", 2)
    dates = ["2026-11-23T09:00:00Z", "2026-11-23T08:00:00Z", "2026-11-23T07:00:00Z", "2026-11-23"]
    rows = (
        "".join(
            (
                f"<url><loc>http://www.news.test/{n}</loc><news:news>"
                f"<news:publication_date>{at}</news:publication_date></news:news></url>"
            )
            for n, at in enumerate(dates)
        )
        + "<url><loc>http://news.test/9</loc><lastmod>2026-11-23T06:00:00Z</lastmod></url>"
    )
    found = window(rows, since=NOW - timedelta(days=3))
    assert found.left_out == 3
    assert sorted((key, at.hour) for key, at in found.beyond) == [
        ("news.test/1", 8),
        ("news.test/2", 7),
    ]


def test_an_index_names_its_files() -> None:
    """Those changed since; at most so many (R15)."""
    rows = "<sitemap><loc>/a.xml</loc><lastmod>2020-01-01</lastmod></sitemap>" + "".join(
        f"<sitemap><loc>/{n}.xml</loc></sitemap>" for n in range(300)
    )
    found = window(
        rows,
        NOW,
        "<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>",
        "</sitemapindex>",
    )
    assert (found.kind, len(found.more), found.older, found.left_out) == (
        "sitemapindex",
        sitemap.MAX_INDEX_FILES,
        1,
        100,
    )
    assert found.more[0] == "http://news.test/0.xml"


def test_a_broken_end_gives_what_stood_before() -> None:
    """P20: cut off in the middle, packed or not."""
    rows = "".join(f"<url><loc>http://news.test/{n}</loc></url>" for n in range(50))
    assert len(window(rows + "<url><loc>http://ne", tail="").entries) >= 50
    assert window(rows, tail="").partial
    assert not window(rows).partial
    assert window(rows + "<url><loc>http://ne", tail="").partial
    packed = gzip.compress((HEAD + rows * 40 + "</urlset>").encode())
    assert sitemap.parse(packed[: len(packed) // 2], URL, "", None).partial
    assert not sitemap.parse(packed, URL, "", None).partial


def test_tags_that_are_never_closed_end_it() -> None:
    """8 MB of them took libxml2 minutes to mend; what stood in front is taken."""
    found = sitemap.parse(
        f"{HEAD}<url><loc>http://news.test/a</loc></url>".encode()
        + b" " * 70_000
        + b"<a b='" * 1_000_000,
        URL,
        "",
        None,
    )
    assert len(found.entries) == 1
    assert found.refused is not None and found.refused.reason == "parse_bomb"


def test_an_image_s_title_is_not_the_story_s() -> None:
    """Only the news namespace names one; of two addresses the first is the page's."""
    (entry,) = window(
        "<url><loc>http://news.test/1</loc><i:image xmlns:i='urn:image'><i:title>Photo"
        "</i:title><i:loc>/1.png</i:loc></i:image></url>"
    ).entries
    assert (entry.url, entry.title) == ("http://news.test/1", "")


def test_what_is_no_sitemap_says_so() -> None:
    """A page instead of a sitemap is not an empty one."""
    assert sitemap.parse(b"<html><body>parked</body></html>", URL, "", None).kind == ""
    assert sitemap.parse(b"", URL, "", None).kind == ""
    assert window("").kind == "sitemap"


@settings(max_examples=examples(60))
@given(st.binary(max_size=300))
def test_no_bytes_can_break_it(body: bytes) -> None:
    """Any bytes, packed or bare, give a window."""
    for each in (body, HEAD.encode() + body, gzip.compress(body), b"\x1f\x8b" + body):
        assert sitemap.parse(each, URL, "", NOW).kind in ("", "sitemap", "sitemapindex")
