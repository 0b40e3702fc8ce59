"""The results of ``rasd sources probe``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from crawler.model import Probe
from storage import tables as t
from storage.engine import read_connection, write_connection


class SqlProbes:
    """The results of probing feeds; every probe is kept."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def save(self, probe: Probe) -> None:
        """Write one probe; earlier ones stay."""
        values = asdict(probe) | {"suggestions": list(probe.suggestions)}
        with write_connection(self._engine) as c:
            c.execute(sa.insert(t.probes).values(values))

    def latest(self, source: str) -> Sequence[Probe]:
        """The last probe of each feed of the source, in the order they were made."""
        p = t.probes.c
        last = sa.select(sa.func.max(p.id)).where(p.source == source).group_by(p.feed)
        statement = sa.select(t.probes).where(p.id.in_(last)).order_by(p.id)
        with read_connection(self._engine) as c:
            rows = c.execute(statement).mappings().all()
        return [
            Probe(
                **{k: v for k, v in row.items() if k not in ("id", "suggestions")},
                suggestions=tuple(row["suggestions"]),
            )
            for row in rows
        ]
