"""The last seeds without mistakes, as files: what is watched while the folder's own are broken."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from storage import tables as t
from storage.engine import connect, has_file, opening, read_connection, write_connection

LEVEL = 6  # of compression: half a megabyte of text becomes a tenth in 20 ms


def read_last(url: str) -> tuple[datetime, dict[str, str]] | None:
    """The last set that the archive at this URL keeps; None if it keeps none, or isn't there: it
    is neither made nor migrated."""
    if not has_file(url):
        return None
    engine = connect(url)
    try:
        with opening(url):
            return _last_if_any(engine)
    finally:
        engine.dispose()


def _last_if_any(engine: Engine) -> tuple[datetime, dict[str, str]] | None:
    try:
        return SqlSeedSets(engine).last()
    except sa.exc.DatabaseError:  # an older archive has no such table
        return None


class SqlSeedSets:
    """Keeps one set of seed files: the newest that was loaded without a mistake."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def save(self, files: Mapping[str, str], now: datetime) -> None:
        """Keep these files (path in the folder → text) in the place of the last; the same again
        changes nothing."""
        packed = zlib.compress(json.dumps(dict(sorted(files.items()))).encode(), LEVEL)
        with write_connection(self._engine) as c:
            if c.execute(sa.select(t.seed_sets.c.files)).scalars().all() != [packed]:
                c.execute(sa.delete(t.seed_sets))
                c.execute(sa.insert(t.seed_sets).values(saved_at=now, files=packed))

    def last(self) -> tuple[datetime, dict[str, str]] | None:
        """When the last set was kept, and its files; None if none ever was."""
        statement = sa.select(t.seed_sets.c.saved_at, t.seed_sets.c.files)
        with read_connection(self._engine) as c:
            row = c.execute(statement).first()
        return None if row is None else (row.saved_at, json.loads(zlib.decompress(row.files)))
