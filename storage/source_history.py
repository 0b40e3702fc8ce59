"""What the archive says of its sources' health: the rows that ``health`` judges.

Implements ``interfaces.Witness``; one transaction for all sources.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from crawler.model import WALLS, Reason
from storage import tables as t
from storage.engine import read_connection
from storage.statements import causes_of


class SqlSourceHistory:
    """See ``interfaces.Witness``; the docstrings there are the contract."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def feeds(self) -> Sequence[Mapping[str, Any]]:
        f = t.feeds.c
        asked = sa.select(
            f.source, f.feed, f.last_outcome, f.reason, f.detail, f.notes, f.failures,
            f.last_success_at, f.first_success_at, f.lied_at,
        )  # fmt: skip
        with read_connection(self._engine) as c:
            rows = c.execute(asked.order_by(f.source, f.feed)).mappings()
            return [{**row, "notes": causes_of(row["notes"])} for row in rows]

    def seen(self, since: datetime) -> Mapping[str, Sequence[datetime]]:
        s = t.sightings.c
        asked = sa.select(s.source, s.first_seen_at).where(s.first_seen_at >= since)
        found: dict[str, list[datetime]] = {}
        with read_connection(self._engine) as c:
            for source, at in c.execute(asked.order_by(s.first_seen_at)):
                found.setdefault(source, []).append(at)
        return found

    def texts(self, source: str, most: int) -> Sequence[Mapping[str, Any]]:
        a = t.articles.c
        asked = (
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
            return [dict(row) for row in c.execute(asked).mappings()]

    def walls(self, source: str, newest: int) -> int:
        with read_connection(self._engine) as c:
            return sum(reason in WALLS for reason in self._reasons(c, source, newest))

    def _reasons(self, c: Connection, source: str, newest: int) -> Sequence[Reason]:
        s = t.sightings.c
        asked = sa.select(s.reason).where(s.source == source, s.settled_at.is_not(None))
        return c.execute(asked.order_by(s.id.desc()).limit(newest)).scalars().all()
