"""What the archive knows of each source's past: the rows and counts that ``health`` judges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from crawler.model import WALLS, Burst, Reason, SightingCounts
from storage import tables as t
from storage.engine import read_connection
from storage.rows import causes_of


class SqlSourceHistory:
    """Reads what findings are judged by; each method is one read, and writes nothing."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        hours = self._hours()
        self._by_hour, self._span = self._count_by_hour(hours), self._span_of(hours)

    def feeds(self) -> Sequence[Mapping[str, Any]]:
        """The last state of every feed, by source and url.

        Keys: ``source feed last_outcome reason detail notes failures last_poll_at
        last_success_at first_success_at lied_at``.
        """
        f = t.feeds.c
        statement = sa.select(
            f.source,
            f.feed,
            f.last_outcome,
            f.reason,
            f.detail,
            f.notes,
            f.failures,
            f.last_poll_at,
            f.last_success_at,
            f.first_success_at,
            f.lied_at,
        )
        with read_connection(self._engine) as c:
            rows = c.execute(statement.order_by(f.source, f.feed)).mappings()
            return [{**row, "notes": causes_of(row["notes"])} for row in rows]

    def sighting_counts(self, source: str, after: datetime) -> SightingCounts | None:
        """The rhythm of a source, of the addresses first seen after this moment; None if there
        are none.

        Counted in the database: what is read does not grow with the number of addresses.
        """
        chosen = {"of_source": source, "after": after}
        with read_connection(self._engine) as c:
            span = c.execute(self._span, chosen).one()
            if span.first_at is None:
                return None
            return SightingCounts(
                by_hour={int(row.hour): int(row.n) for row in c.execute(self._by_hour, chosen)},
                first_at=span.first_at,
                last_at=span.last_at,
                longest_pause=timedelta(seconds=float(span.pause or 0)),
            )

    def bursts(self, since: datetime, size: int, within: timedelta) -> Mapping[str, Burst]:
        """The sources of which more than ``size`` addresses were first seen at or after ``since``,
        and ``size`` + 1 of them in less than ``within``; by slug."""
        s = t.sightings.c
        many = (
            sa.select(
                s.source, sa.func.count().label("n"), sa.func.min(s.first_seen_at).label("at")
            )
            .where(s.first_seen_at >= since, s.again_of.is_(None))
            .group_by(s.source)
            .having(sa.func.count() > size)
        )
        with read_connection(self._engine) as c:
            return {
                row.source: Burst(addresses=row.n, since=row.at)
                for row in c.execute(many).all()
                if self._is_burst(c, row.source, since, size, within)
            }

    def _is_burst(
        self, c: Connection, source: str, since: datetime, size: int, within: timedelta
    ) -> bool:
        s = t.sightings.c
        # The one ``size`` places before it, in the order of first sight.
        earlier = sa.func.lag(s.first_seen_at, size).over(order_by=s.first_seen_at)
        spans = (
            sa.select(self._seconds(earlier, s.first_seen_at).label("seconds"))
            .where(s.source == source, s.first_seen_at >= since, s.again_of.is_(None))
            .subquery()
        )
        shortest = c.execute(sa.select(sa.func.min(spans.c.seconds))).scalar()
        return shortest is not None and float(shortest) < within.total_seconds()

    def _hours(self) -> sa.Subquery:
        """The hours in which addresses were first seen: count, first and last of each."""
        s = t.sightings.c
        at, sqlite = s.first_seen_at, self._engine.dialect.name == "sqlite"
        # On SQLite it is text: 2026-11-23 10:00:00.
        hour = (
            sa.func.substr(at, 1, 13)
            if sqlite
            else sa.func.date_trunc("hour", sa.func.timezone("UTC", at))
        )
        chosen = (
            s.source == sa.bindparam("of_source"),
            at > sa.bindparam("after", type_=at.type),
            s.again_of.is_(None),
        )
        columns = (
            sa.func.count().label("n"),
            sa.func.min(at).label("first_at"),
            sa.func.max(at).label("last_at"),
        )
        return sa.select(*columns).where(*chosen).group_by(hour).subquery()

    def _count_by_hour(self, hours: sa.Subquery) -> sa.Select[Any]:
        """(hour of the week, addresses) of these hours."""
        hour = self._hour_of_week(hours.c.first_at).label("hour")
        return sa.select(hour, sa.func.sum(hours.c.n).label("n")).group_by(hour)

    def _span_of(self, hours: sa.Subquery) -> sa.Select[Any]:
        """One row: the first and the last moment, and the longest pause between two hours, in
        seconds.
        """
        before = sa.func.lag(hours.c.last_at).over(order_by=hours.c.first_at)
        pause = self._seconds(before, hours.c.first_at).label("pause")
        pauses = sa.select(hours.c.first_at, hours.c.last_at, pause).subquery()
        return sa.select(
            sa.func.min(pauses.c.first_at).label("first_at"),
            sa.func.max(pauses.c.last_at).label("last_at"),
            sa.func.max(pauses.c.pause).label("pause"),
        )

    def _hour_of_week(self, at: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
        """``crawler.model.hour_of_week`` in SQL."""
        if self._engine.dialect.name == "sqlite":  # %w: 0 is Sunday
            day = (sa.cast(sa.func.strftime("%w", at), sa.Integer) + 6) % 7
            return day * 24 + sa.cast(sa.func.strftime("%H", at), sa.Integer)
        utc = sa.func.timezone("UTC", at)
        return (sa.extract("isodow", utc) - 1) * 24 + sa.extract("hour", utc)

    def _seconds(
        self, earlier: sa.ColumnElement[Any], later: sa.ColumnElement[Any]
    ) -> sa.ColumnElement[Any]:
        """The seconds between two times; on SQLite right to a tenth of a millisecond."""
        if self._engine.dialect.name == "sqlite":
            return (sa.func.julianday(later) - sa.func.julianday(earlier)) * 86_400
        return sa.extract("epoch", later - earlier)

    def texts(self, source: str, most: int) -> Sequence[Mapping[str, Any]]:
        """What is measured of the source's ``most`` newest articles, the newest first.

        Keys: ``characters language dated extraction id oddities``.
        """
        a = t.articles.c
        statement = (
            sa.select(
                sa.func.length(a.body).label("characters"),
                a.language,
                a.published_at.is_not(None).label("dated"),
                a.extraction,
                a.id,
                a.oddities,
            )
            .where(a.source == source)
            .order_by(a.id.desc())
            .limit(most)
        )
        with read_connection(self._engine) as c:
            return [dict(row) for row in c.execute(statement).mappings()]

    def walls(self, source: str, newest: int) -> int:
        """How many of the source's ``newest`` last settled sightings met a page in the article's
        place.
        """
        with read_connection(self._engine) as c:
            return sum(reason in WALLS for reason in self._reasons(c, source, newest))

    def _reasons(self, c: Connection, source: str, newest: int) -> Sequence[Reason]:
        s = t.sightings.c
        statement = sa.select(s.reason).where(s.source == source, s.settled_at.is_not(None))
        return c.execute(statement.order_by(s.id.desc()).limit(newest)).scalars().all()
