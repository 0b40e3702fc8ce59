"""The backups that were made of this archive, and the tests of restoring them."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from crawler.model import Backup
from storage import tables as t
from storage.engine import read_connection, write_connection


class SqlBackups:
    """Remembers backups, also those that rotation has removed."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def save(self, made: Backup) -> None:
        """Write that this backup was made."""
        values = {name: value for name, value in asdict(made).items() if name != "id"}
        with write_connection(self._engine) as c:
            c.execute(sa.insert(t.backups).values(values))

    def latest(self) -> Backup | None:
        """The newest backup; None if none was ever made."""
        return self._first(sa.select(t.backups).order_by(t.backups.c.id.desc()))

    def last_checked(self) -> Backup | None:
        """The backup that was last restored as a test; None if none ever was."""
        b = t.backups.c
        checked = sa.select(t.backups).where(b.checked_at.is_not(None))
        return self._first(checked.order_by(b.checked_at.desc(), b.id.desc()))

    def checked(self, backup: Backup, at: datetime, failure: str) -> None:
        """Write what came of a test; "" is success."""
        update = sa.update(t.backups).where(t.backups.c.id == backup.id)
        with write_connection(self._engine) as c:
            c.execute(update.values(checked_at=at, failure=failure))

    def _first(self, query: sa.Select[tuple[object, ...]]) -> Backup | None:
        with read_connection(self._engine) as c:
            row = c.execute(query.limit(1)).mappings().first()
        return None if row is None else Backup(**row)
