"""What became of trying feeds, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from crawler.model import Probe
from storage.archive import SqlArchive
from storage.probes import SqlProbes
from tests.builders import NOW


def test_the_last_try_of_each_feed_is_shown(archive: SqlArchive) -> None:
    """Earlier ones stay, other sources' are not mixed in, every field survives."""
    kept = SqlProbes(archive.engine)
    first = Probe(
        source="news",
        feed="http://news.test/a",
        kind="feed",
        probed_at=NOW,
        outcome="failed",
        reason="server_error",
        detail="x",
    )
    second = replace(
        first,
        probed_at=NOW + timedelta(hours=1),
        outcome="ok",
        status=200,
        format="rss20",
        entries=9,
        dated=8,
        newest_at=NOW,
        window_seconds=60,
        moved_to="http://news.test/b",
        reason="",
        detail="",
        suggestions=("عربي", "b"),
    )
    other = replace(first, feed="http://news.test/s", kind="sitemap")
    for probe in (first, other, second, replace(first, source="else")):
        kept.save(probe)
    assert kept.latest("news") == [other, second]
    assert kept.latest("nobody") == []
