"""The learned templates, version by version: those in use, and why the others no longer are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from crawler.model import Template, TemplateDrift
from storage import tables as t
from storage.engine import read_connection, write_connection


class SqlTemplates:
    """The learned templates of all sources, version by version; a version never changes."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def in_use(self) -> Sequence[Template]:
        """The newest template of each source that has one which is not retired, by source."""
        rows = self._rows(t.templates.c.retired_at.is_(None))
        newest = {row["source"]: row["places"] for row in rows}
        return [_template(places) for places in newest.values()]

    def versions(self) -> dict[str, int]:
        """The newest version of each source, retired or not: the next one counts from there."""
        newest = sa.select(
            t.templates.c.source, sa.func.max(t.templates.c.version).label("version")
        )
        with read_connection(self._engine) as c:
            rows = c.execute(newest.group_by(t.templates.c.source))
            return {row.source: int(row.version) for row in rows}

    def save(self, template: Template, now: datetime) -> None:
        """Write a template; a version that is already stored stays as it is."""
        where = sa.and_(
            t.templates.c.source == template.source, t.templates.c.version == template.version
        )
        values = {
            "source": template.source,
            "version": template.version,
            "places": asdict(template),
            "learned_at": now,
        }
        with write_connection(self._engine) as c:
            if c.execute(sa.select(t.templates.c.source).where(where)).first() is None:
                c.execute(sa.insert(t.templates).values(values))

    def retire(self, source: str, version: int, reason: str, now: datetime) -> None:
        """Mark this version and those before it as no longer used, with the reason."""
        c_ = t.templates.c
        with write_connection(self._engine) as c:
            c.execute(
                sa.update(t.templates)
                .where(c_.source == source, c_.version <= version, c_.retired_at.is_(None))
                .values(retired_at=now, reason=reason)
            )

    def drifts(self) -> Mapping[str, TemplateDrift]:
        """The newest template of each source whose newest one is retired, by source."""
        newest = {row["source"]: row for row in self._rows(sa.true())}  # rows come by version
        return {
            source: TemplateDrift(
                source=source,
                version=row["version"],
                retired_at=row["retired_at"],
                reason=row["reason"],
            )
            for source, row in newest.items()
            if row["retired_at"] is not None
        }

    def _rows(self, where: sa.ColumnElement[bool]) -> Sequence[sa.RowMapping]:
        c_ = t.templates.c
        statement = sa.select(t.templates).where(where).order_by(c_.source, c_.version)
        with read_connection(self._engine) as c:
            return c.execute(statement).mappings().all()


def _template(places: Mapping[str, Any]) -> Template:
    """A stored template. JSON has no tuples, and the first templates were stored without some."""
    beside = places.get("beside")
    return Template(
        **{
            **places,
            "furniture": tuple(places.get("furniture", ())),
            "beside": None if beside is None else tuple(beside),
        }
    )
