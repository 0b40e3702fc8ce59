"""One transaction a thread on both databases; on SQLite, an event loop never waits long for a
lock.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from storage.archive import SqlArchive
from storage.engine import connect, read_connection, write_connection
from storage.hosts import SqlHosts
from tests.builders import NOW


def test_every_class_joins_the_open_transaction(archive: SqlArchive) -> None:
    """A write of ``SqlHosts`` inside ``together`` is seen there and not elsewhere, and is undone
    with it; with a connection of its own it would wait for the lock that its own thread holds."""
    hosts = SqlHosts(archive.engine)
    with pytest.raises(RuntimeError, match="undo"), archive.together(savepoints=False):
        hosts.hold("news.test", NOW + timedelta(hours=1), "the server said 429")
        assert SqlHosts(archive.engine).held_until("news.test") is not None
        raise RuntimeError("undo")
    assert SqlHosts(archive.engine).held_until("news.test") is None
    with archive.together(savepoints=True):
        SqlHosts(archive.engine).hold("news.test", NOW, "the server said 503")
    assert SqlHosts(archive.engine).held_until("news.test") == NOW


def test_a_failed_write_is_undone_by_itself_where_each_may_fail(archive: SqlArchive) -> None:
    """``savepoints``: a savepoint for each, also for classes that are no part of the archive's."""
    with archive.together(savepoints=True):
        with pytest.raises(RuntimeError), write_connection(archive.engine) as c:
            c.execute(sa.text("DELETE FROM hosts"))
            SqlHosts(archive.engine).hold("lost.test", NOW, "is undone")
            raise RuntimeError
        SqlHosts(archive.engine).hold("news.test", NOW, "stays")
    assert set(SqlHosts(archive.engine).holds()) == {"news.test"}


def test_a_loop_waits_a_second_at_most_for_a_lock(tmp_path: Path) -> None:
    """The same pooled connection waits 30 s on another thread: a program without a loop can."""
    engine = connect(f"sqlite:///{tmp_path}/a.sqlite")

    def busy_milliseconds() -> int:
        with read_connection(engine) as c:
            return int(c.exec_driver_sql("PRAGMA busy_timeout").scalar_one())

    async def on_loop() -> tuple[int, int]:
        here = busy_milliseconds()
        with pytest.raises(OperationalError, match="locked"), write_connection(engine):
            pass
        return here, await asyncio.to_thread(busy_milliseconds)

    other = connect(f"sqlite:///{tmp_path}/a.sqlite")
    with other.begin():
        assert asyncio.run(on_loop()) == (1_000, 30_000)
    engine.dispose()
    other.dispose()
