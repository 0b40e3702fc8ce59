"""What hosts want from us is kept, on both databases."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.engine import Connection, Engine

from crawler.model import RobotsCopy
from crawler.writer import Writer
from storage.archive import SqlArchive, open_archive
from storage.engine import connect, read_connection
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


def test_a_hold_made_while_another_thread_reads_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first reader of all holds replaces no hold that came meanwhile, whose row is still to
    come.
    """
    opened = open_archive(f"sqlite:///{tmp_path}/archive.sqlite")
    hosts = SqlHosts(opened.engine, write=lambda work, what: None)
    reading, go_on = threading.Event(), threading.Event()

    @contextmanager
    def slow(engine: Engine) -> Iterator[Connection]:
        with read_connection(engine) as connection:
            if not reading.is_set():
                reading.set()
                go_on.wait()
            yield connection

    monkeypatch.setattr("storage.hosts.read_connection", slow)
    reader = threading.Thread(target=hosts.holds)
    reader.start()
    reading.wait()
    holder = threading.Thread(target=hosts.hold, args=("news.test", NOW, "the server said 429"))
    holder.start()
    holder.join(0.1)  # without the lock it is through by now, or soon after
    go_on.set()
    for thread in (holder, reader):
        thread.join()
    assert hosts.held_until("news.test") == NOW
    opened.close()


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


def test_a_hold_waits_for_no_lock(tmp_path: Path) -> None:
    """Another process holds the archive's write lock: the hold counts at once, the loop goes on,
    and the row is written when the lock is gone."""
    opened = open_archive(f"sqlite:///{tmp_path}/archive.sqlite")
    other = connect(f"sqlite:///{tmp_path}/archive.sqlite")
    writer = Writer(opened.together)
    hosts = SqlHosts(opened.engine, write=writer.later)
    copy = RobotsCopy(origin="http://news.test", fetched_at=NOW, status=200, body=b"")

    async def on_loop() -> None:
        with other.begin():
            hosts.hold("news.test", NOW, "the server said 429")
            hosts.save_robots(copy)
            for _ in range(20):  # turns of the loop: nothing here waits for the lock
                await asyncio.sleep(0.001)
            assert hosts.held_until("news.test") == NOW
            assert hosts.robots(copy.origin) == copy
            assert SqlHosts(opened.engine).held_until("news.test") is None
        await writer.drain()

    asyncio.run(on_loop())
    assert SqlHosts(opened.engine).held_until("news.test") == NOW
    assert SqlHosts(opened.engine).robots(copy.origin) == copy
    writer.close()
    opened.close()
    other.dispose()
