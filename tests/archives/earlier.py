"""An archive of today put back into the schema of an earlier version: what an upgrade finds."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from alembic import command

from storage import migrations
from storage.engine import connect

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


def _names(of: sqlite3.Connection, kind: str) -> set[str]:
    rows = of.execute("SELECT name FROM sqlite_master WHERE type = ?", (kind,))
    return {name for (name,) in rows if not name.startswith(_OWN)}


def _columns(of: sqlite3.Connection, table: str) -> set[str]:
    return {row[1] for row in of.execute(f"PRAGMA table_info({table})")}
