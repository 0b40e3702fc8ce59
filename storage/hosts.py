"""What hosts asked for: no request before a given time, and their robots.txt."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial

from sqlalchemy import Engine, Table, delete, insert, select

from crawler.model import RobotsCopy
from storage.engine import read_connection, write_connection
from storage.tables import hosts, robots

MAX_CACHED_BYTES = 4_096  # of a robots.txt; nearly every one is smaller: 40 MB for ten thousand


def _write_now(work: Callable[[], object], what: str) -> None:
    work()


class SqlHosts:
    """Holds and robots.txt copies in the archive, cached in memory: every request asks for holds,
    and every round for each robots.txt. Only one process at a time works on an archive.

    Any thread may read; one thread saves. What is saved counts at once; its row is written by
    ``write``, which is given the work and what it writes, in words: at once unless another
    function is passed.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        write: Callable[[Callable[[], object], str], None] = _write_now,
    ) -> None:
        self._engine = engine
        self._write = write
        self._robots: dict[str, RobotsCopy] = {}
        self._holds: dict[str, datetime] | None = None
        self._reading = threading.Lock()  # a thread that reads the rows must not undo a hold

    def held_until(self, host: str) -> datetime | None:
        """The time before which this host must not be contacted; None if it never named one."""
        return self.holds().get(host)

    def holds(self) -> Mapping[str, datetime]:
        """For each host that ever named one, the time before which it must not be contacted."""
        return self._known_holds()

    def _known_holds(self) -> dict[str, datetime]:
        with self._reading:
            if self._holds is None:
                with read_connection(self._engine) as c:
                    rows = c.execute(select(hosts.c.host, hosts.c.not_before_at))
                    self._holds = {name: at for name, at in rows}
            return self._holds

    def hold(self, host: str, until: datetime, reason: str) -> None:
        """Do not contact the host before ``until``; a later time that it named before stays."""
        holds = self._known_holds()
        if (known := holds.get(host)) is not None and known >= until:
            return
        holds[host] = until
        row: dict[str, object] = {"host": host, "not_before_at": until, "reason": reason}
        self._write(partial(self._replace, hosts, "host", row), f"the hold of {host}")

    def forget(self) -> None:
        """Read holds and copies from the archive again: their times were repaired there."""
        with self._reading:
            self._holds = None
            self._robots.clear()

    def robots(self, origin: str) -> RobotsCopy | None:
        """The last good robots.txt of ``scheme://host[:port]``; None if there never was one."""
        if (known := self._robots.get(origin)) is not None:
            return known
        with read_connection(self._engine) as c:
            row = c.execute(select(robots).where(robots.c.origin == origin)).one_or_none()
        if row is None:
            return None
        found = RobotsCopy(
            origin=row.origin, fetched_at=row.fetched_at, status=row.status, body=row.body
        )
        # What was saved while the row was read is newer.
        return self._robots.get(origin) or self._remembered(found)

    def save_robots(self, copy: RobotsCopy) -> None:
        """Save a good copy in place of the last one."""
        self._remembered(copy)
        row: dict[str, object] = {
            "origin": copy.origin,
            "fetched_at": copy.fetched_at,
            "status": copy.status,
            "body": copy.body,
        }
        self._write(partial(self._replace, robots, "origin", row), f"robots.txt of {copy.origin}")

    def _remembered(self, copy: RobotsCopy) -> RobotsCopy:
        self._robots.pop(copy.origin, None)
        if len(copy.body) <= MAX_CACHED_BYTES:
            self._robots[copy.origin] = copy
        return copy

    def _replace(self, table: Table, key: str, row: dict[str, object]) -> None:
        with write_connection(self._engine) as c:
            c.execute(delete(table).where(table.c[key] == row[key]))
            c.execute(insert(table).values(row))
