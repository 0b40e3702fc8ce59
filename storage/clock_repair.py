"""Times in the archive that a wrong clock wrote: further ahead than any rule allows.

A clock that was days ahead for a minute leaves feeds that are not due for days, mails that wait, a
digest's issue of a day to come. They are pulled back to now; what is merely late needs nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage import tables as t
from storage.outbox import MAX_RETRY_WAIT
from storage.transactions import Transactions

LONGEST_AHEAD = timedelta(hours=25)  # of a poll, a retry, a hold: each is a day at most
NOW_AHEAD = timedelta(minutes=1)  # of what was written as "now": clocks are set by seconds
_STRAY = " (clock)"  # ends the key of an issue that was made for a day to come

# What lies ahead → by how much it may.
_AHEAD = (
    (t.feeds.c.next_poll_at, LONGEST_AHEAD),
    (t.hosts.c.not_before_at, LONGEST_AHEAD),
    (t.sightings.c.next_try_at, LONGEST_AHEAD),
    (t.outbox.c.next_try_at, MAX_RETRY_WAIT + timedelta(hours=1)),
    (t.outbox.c.claimed_at, NOW_AHEAD),
    (t.feeds.c.full_at, NOW_AHEAD),
    (t.robots.c.fetched_at, NOW_AHEAD),
    (t.articles.c.kept_at, NOW_AHEAD),
)


class SqlClockRepair(Transactions):
    """Pulls times back that lie too far ahead."""

    def pull_back(self, now: datetime) -> Mapping[str, int]:
        """Set each time that lies further ahead than any rule allows to ``now``; how many there
        were, by table and column. Empty, and nothing written, if there is none."""
        with self._reading() as c:
            found = {column: _ahead(column, now + most) for column, most in _AHEAD}
            if (
                not any(c.execute(query).first() for query in found.values())
                and not c.execute(_ahead(t.issues.c.until, now + NOW_AHEAD)).first()
            ):
                return {}
        counts: dict[str, int] = {}
        with self._transaction() as c:
            if issues := _issues(c, now):
                counts["issues.until"] = issues
            for column, most in _AHEAD:
                late = column > now + most
                update = sa.update(column.table).where(late).values({column.name: now})
                if number := c.execute(update).rowcount:
                    counts[f"{column.table.name}.{column.name}"] = number
        return counts


def _ahead(column: sa.Column[datetime], limit: datetime) -> sa.Select[int]:
    return sa.select(sa.literal(1)).select_from(column.table).where(column > limit).limit(1)


def _issues(c: Connection, now: datetime) -> int:
    """End issues now that end ahead, and free the slots that they took: those days' issues are
    still to be made."""
    i, o = t.issues.c, t.outbox.c
    stray = i.until > now + NOW_AHEAD
    slots = c.execute(sa.select(i.id, i.recipe, i.address, i.slot).where(stray)).all()
    for row in slots:
        slot = f"{row.slot}{_STRAY} {row.id}"
        c.execute(sa.update(t.issues).where(i.id == row.id).values(until=now, slot=slot))
        key = f"{row.recipe}/{row.address}/{row.slot}"
        freed = f"{key}{_STRAY} {row.id}"
        c.execute(sa.update(t.outbox).where(o.key == key).values(key=freed))
    return len(slots)
