"""What hosts asked of us: not to be contacted before a time, and their robots.txt."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Engine, Table, delete, insert, select

from crawler.model import RobotsCopy
from storage.engine import read_connection, write_connection
from storage.tables import hosts, robots

SMALL = (
    4_096  # bytes of a robots.txt that stays in memory: nearly every one, and 40 MB of ten thousand
)


class SqlHosts:
    """``interfaces.Hosts`` on any engine. What is read is kept in memory too, for one process at a time
    works on an archive: every request asks for holds, and every round for each robots.txt."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._robots: dict[str, RobotsCopy] = {}
        self._holds: dict[str, datetime] | None = None

    def held_until(self, host: str) -> datetime | None:
        """Until when this host asked not to be contacted; None where it never did."""
        return self.holds().get(host)

    def holds(self) -> Mapping[str, datetime]:
        """Until when each host that asked is to be left alone."""
        if self._holds is None:
            with read_connection(self._engine) as c:
                rows = c.execute(select(hosts.c.host, hosts.c.not_before_at))
                self._holds = {name: at for name, at in rows}
        return self._holds

    def hold(self, host: str, until: datetime, reason: str) -> None:
        """Not before ``until``: the later of two wishes stands."""
        known = self.held_until(host)
        if known is not None and known >= until:
            return
        self._replace(hosts, "host", {"host": host, "not_before_at": until, "reason": reason})
        assert self._holds is not None
        self._holds[host] = until

    def robots(self, origin: str) -> RobotsCopy | None:
        """The last good robots.txt of ``scheme://host[:port]``."""
        if (known := self._robots.get(origin)) is not None:
            return known
        with read_connection(self._engine) as c:
            row = c.execute(select(robots).where(robots.c.origin == origin)).one_or_none()
        if row is None:
            return None
        return self._remembered(
            RobotsCopy(
                origin=row.origin, fetched_at=row.fetched_at, status=row.status, body=row.body
            )
        )

    def save_robots(self, copy: RobotsCopy) -> None:
        """Keep a good copy in place of the last."""
        self._replace(
            robots,
            "origin",
            {
                "origin": copy.origin,
                "fetched_at": copy.fetched_at,
                "status": copy.status,
                "body": copy.body,
            },
        )
        self._remembered(copy)

    def _remembered(self, copy: RobotsCopy) -> RobotsCopy:
        self._robots.pop(copy.origin, None)
        if len(copy.body) <= SMALL:
            self._robots[copy.origin] = copy
        return copy

    def _replace(self, table: Table, key: str, row: dict[str, object]) -> None:
        with write_connection(self._engine) as c:
            c.execute(delete(table).where(table.c[key] == row[key]))
            c.execute(insert(table).values(row))
