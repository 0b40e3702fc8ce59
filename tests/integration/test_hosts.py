"""What hosts asked of us is kept, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from crawler.model import RobotsCopy
from storage.archive import SqlArchive
from storage.hosts import SqlHosts
from tests.builders import NOW


def test_holds_outlive_the_process_and_the_later_one_stands(archive: SqlArchive) -> None:
    """F-26: another process on the same archive knows; a shorter wish does not shorten a longer."""
    hosts = SqlHosts(archive.engine)
    assert hosts.held_until("news.test") is None
    hosts.hold("news.test", NOW + timedelta(hours=1), "the server said 429")
    hosts.hold("news.test", NOW, "the server said 503")
    for asked in (hosts, SqlHosts(archive.engine)):
        assert asked.held_until("news.test") == NOW + timedelta(hours=1)
        assert asked.held_until("other.test") is None


def test_the_last_good_robots_is_kept(archive: SqlArchive) -> None:
    """R23: one copy an origin, any bytes, replaced by the next."""
    hosts = SqlHosts(archive.engine)
    copy = RobotsCopy(
        origin="http://news.test", fetched_at=NOW, status=200, body=b"Disallow: /\x00\xff"
    )
    assert hosts.robots(copy.origin) is None
    hosts.save_robots(copy)
    hosts.save_robots(later := replace(copy, fetched_at=NOW + timedelta(days=1)))
    large = replace(later, body=b"#" * 100_000)
    for kept in (later, large, later):
        hosts.save_robots(kept)
        assert (
            hosts.robots(copy.origin)
            == hosts.robots(copy.origin)
            == SqlHosts(archive.engine).robots(copy.origin)
            == kept
        )
