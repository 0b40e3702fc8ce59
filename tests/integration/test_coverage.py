"""What is known of what is missing, on both databases."""

from __future__ import annotations

from datetime import timedelta

from crawler import urls
from storage.archive import SqlArchive
from storage.coverage import SqlCoverage
from tests.builders import NOW, an_entry

FEED = "http://news.test/feed"


def test_the_newest_of_a_feed_and_what_was_never_seen(archive: SqlArchive) -> None:
    """A feed's newest entries in their order, a source's since a moment, and keys that were never sighted."""
    coverage = SqlCoverage(archive.engine)
    for hour in (2, 1, 0):
        first = (3 - hour) * 10
        entries = [an_entry(f"/{n}", guid=f"g{n}") for n in range(first, first - 3, -1)]
        at = NOW - timedelta(hours=hour)
        archive.record_entries("news", FEED, [(urls.key(e.url), e) for e in entries], at)
    archive.record_entries("news", "http://news.test/other", [("news.test/x", an_entry("/x"))], NOW)
    until = NOW - timedelta(hours=1)
    names = coverage.newest("news", FEED, until, 4)
    assert names == [
        ("http://news.test/20", "g20"),
        ("http://news.test/19", "g19"),
        ("http://news.test/18", "g18"),
        ("http://news.test/10", "g10"),
    ]
    assert coverage.count_since("news", until) == 7
    assert coverage.count_since("other", until) == 0
    assert coverage.unseen("news", [*(f"news.test/{n}" for n in range(1000)), "news.test/5"]) == 991
