"""Damage in the archive's file, looked for table by table: SQLite finds it only where it reads."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.engine import Engine

from crawler.errors import IndexDamagedError, StorageError
from storage import tables as t
from storage import text_index
from storage.engine import read_connection
from storage.index_state import index_state

_SHADOWS = tuple(f"article_text_{name}" for name in text_index.SHADOWS)


def damage(engine: Engine) -> str:
    """What is damaged in the archive's own tables, in a line; "" if nothing is. Reads all of the
    file. PostgreSQL has its own tools (checksums, amcheck)."""
    return _damage(engine, [table.name for table in t.metadata.sorted_tables])


def index_damage(engine: Engine) -> str:
    """What is wrong with the full-text index, in a line; "" if nothing is."""
    said = _damage(engine, _SHADOWS) or text_index.problem(engine)
    index_state(engine).set(bool(said))
    return said


def _damage(engine: Engine, names: Iterable[str]) -> str:
    if engine.dialect.name != "sqlite":
        return ""
    for name in names:
        with read_connection(engine) as c:  # one after the other: the log is folded in between
            try:
                rows = c.exec_driver_sql(f"PRAGMA quick_check('{name}')").scalars().all()
            except (StorageError, IndexDamagedError) as error:
                if isinstance(error, StorageError) and error.trouble != "damaged":
                    raise
                rows = [str(error.__cause__ or error)]
        if rows != ["ok"]:
            return f"{name}: {' '.join(str(rows[0]).split())}"[:300]
    return ""
