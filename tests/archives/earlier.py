"""An archive of today put back into the schema of an earlier version: what an upgrade finds."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa
from alembic import command

from storage import migrations, tables
from storage.engine import connect

VERSIONS = Path(migrations.__file__).parent / "versions"
_OWN = ("sqlite_", "article_text", "alembic_version")  # the full-text index stays as it is


def put_back(archive: Path, schema: str) -> None:
    """Take out of this SQLite archive what came after this schema version. It must not be open.

    What later versions added is lost, as if they had never written it.
    """
    shape = archive.with_name("earlier.sqlite")
    engine = connect(f"sqlite:///{shape}")
    config = migrations.configuration()
    with engine.connect() as connection, connection.begin():
        config.attributes["connection"] = connection
        command.upgrade(config, schema)
    engine.dispose()
    with closing(sqlite3.connect(archive)) as live, closing(sqlite3.connect(shape)) as then:
        for view in _names(live, "view"):  # an upgrade makes them anew
            live.execute(f"DROP VIEW {view}")
        for index in _names(live, "index") - _names(then, "index"):
            live.execute(f"DROP INDEX {index}")
        known = _names(then, "table")
        for table in _names(live, "table"):
            if table not in known:
                live.execute(f"DROP TABLE {table}")
                continue
            for column in _columns(live, table) - _columns(then, table):
                live.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
        live.execute("UPDATE alembic_version SET version_num = ?", (schema,))
        live.commit()
        same = {t: _columns(live, t) for t in known} == {t: _columns(then, t) for t in known}
        assert same, "a later version took something away"
    shape.unlink()


def drop_later(c: sa.Connection, schema: str) -> None:
    """Take the tables and indexes out of this archive, of either database, that versions after this
    one make, and say that it is of this version. Columns and views stay as they are.
    """
    texts = (
        path.read_text(encoding="utf-8")
        for path in VERSIONS.glob("*.py")
        if path.stem[:4] <= schema
    )
    made = set(re.findall(r'"(\w+)"', " ".join(texts)))
    for table in reversed(tables.metadata.sorted_tables):
        if table.name not in made:
            c.execute(sa.text(f"DROP TABLE {table.name}"))
            continue
        for index in table.indexes:
            if index.name not in made:
                c.execute(sa.text(f"DROP INDEX IF EXISTS {index.name}"))
    c.execute(sa.text("UPDATE alembic_version SET version_num = :schema"), {"schema": schema})


def _names(of: sqlite3.Connection, kind: str) -> set[str]:
    rows = of.execute("SELECT name FROM sqlite_master WHERE type = ?", (kind,))
    return {name for (name,) in rows if not name.startswith(_OWN)}


def _columns(of: sqlite3.Connection, table: str) -> set[str]:
    return {row[1] for row in of.execute(f"PRAGMA table_info({table})")}
