"""What ``rasd status`` says of the archive in numbers: what was kept lately, the last digest, the
last poll, and how large it all is."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from crawler.model import LastIssue
from storage import tables as t
from storage.archive_file import sqlite_file
from storage.engine import read_connection
from storage.statements import chunks


class SqlSummary:
    """Counts that take no longer on a large archive; ``without`` is the source that is none."""

    def __init__(self, engine: Engine, *, without: str) -> None:
        self._engine, self._without = engine, without

    def kept_since(self, since: datetime) -> tuple[int, int]:
        """How many articles were kept since then, and how many of them have a label."""
        a, m = t.articles.c, t.match_labels.c
        recent = sa.and_(a.kept_at >= since, a.source != self._without)
        flagged = sa.select(sa.func.count(a.id.distinct())).join_from(
            t.articles, t.match_labels, m.article_id == a.id
        )
        with read_connection(self._engine) as c:
            kept = c.execute(sa.select(sa.func.count()).where(recent)).scalar_one()
            return int(kept), int(c.execute(flagged.where(recent)).scalar_one())

    def last_poll_at(self) -> datetime | None:
        """When a poll ended last; None if none ever did."""
        f = t.feeds.c
        query = sa.select(sa.func.max(f.last_poll_at, type_=t.Moment()))
        with read_connection(self._engine) as c:
            at: datetime | None = c.execute(query.where(f.source != self._without)).scalar()
        return at

    def last_successes(self) -> dict[str, datetime | None]:
        """By source, when a poll last succeeded; None if none ever did. Sources that were never
        polled are not among them."""
        f = t.feeds.c
        at = sa.func.max(f.last_success_at, type_=t.Moment())
        query = sa.select(f.source, at).where(f.source != self._without).group_by(f.source)
        with read_connection(self._engine) as c:
            return {source: last for source, last in c.execute(query)}

    def dated_answers(self, most: int) -> list[tuple[datetime, str]]:
        """Of the newest stored pages, when each was received and the date that its server sent
        with it."""
        s = t.snapshots.c
        query = sa.select(s.fetched_at, s.headers).order_by(s.sighting_id.desc()).limit(most)
        with read_connection(self._engine) as c:
            rows = c.execute(query).all()
        return [(at, value) for at, headers in rows for name, value in headers if name == "date"]

    def last_issue(self, recipe: str) -> LastIssue | None:
        """The newest digest of this recipe, with what became of its mails; None if there is
        none."""
        i = t.issues.c
        newest = sa.select(i.slot).where(i.recipe == recipe).order_by(i.until.desc(), i.id.desc())
        with read_connection(self._engine) as c:
            slot = c.execute(newest.limit(1)).scalar()
            if slot is None:
                return None
            of_slot = sa.select(i.address, i.until).where(i.recipe == recipe, i.slot == slot)
            rows = c.execute(of_slot).all()
            mailed, sent_at = _mails(c, [f"{recipe}/{row.address}/{slot}" for row in rows])
        return LastIssue(
            slot=slot,
            made_at=max(row.until for row in rows),
            recipients=len(rows),
            mailed=mailed,
            sent=len(sent_at),
            sent_at=max(sent_at, default=None),
        )

    def size(self) -> int:
        """Bytes that the archive takes, its write-ahead log included."""
        if (file := sqlite_file(str(self._engine.url))) is not None:
            return sum(_size(Path(f"{file}{end}")) for end in ("", "-wal"))
        with read_connection(self._engine) as c:
            asked = sa.text("SELECT pg_database_size(current_database())")
            return int(c.execute(asked).scalar_one())

    def disk_free(self) -> int | None:
        """Bytes that are free on the archive's disk; None if it is on a server."""
        if (file := sqlite_file(str(self._engine.url))) is None:
            return None
        found = os.statvfs(file.absolute().parent)
        return found.f_bavail * found.f_frsize


def _mails(c: Connection, keys: Sequence[str]) -> tuple[int, list[datetime]]:
    """How many of these issues have a mail, and when those that were sent were."""
    o, mailed, sent_at = t.outbox.c, 0, []
    for chunk in chunks(keys):
        for row in c.execute(sa.select(o.state, o.closed_at).where(o.key.in_(chunk))):
            mailed += 1
            if row.state == "sent":
                sent_at.append(row.closed_at)
    return mailed, sent_at


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
