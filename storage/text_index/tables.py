"""The index's own tables, as the newest migration that concerns them makes them.

On SQLite FTS5 without content: the texts stand beside it, compressed, and are needed to delete a
row. ``ascii`` splits at the spaces and the marks of a shadow, whose words are folded already.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from crawler.errors import IndexDamagedError, StorageError
from storage import tables as t
from storage.engine import write_connection

TABLE = "article_text"
SHADOWS = ("config", "data", "docsize", "idx")  # tables that FTS5 keeps its own in
_OLD_SHADOWS = (*SHADOWS, "content")
_FTS5 = (
    f"CREATE VIRTUAL TABLE {TABLE} USING fts5(headline, body, tokenize='ascii', content='')",
    # Segments are merged by eights and not by fours: half as often, for a few more to look into.
    f"INSERT INTO {TABLE} ({TABLE}, rank) VALUES ('automerge', 8)",
)
_POSTGRESQL = (
    f"CREATE TABLE {TABLE} (rowid BIGINT PRIMARY KEY, words TSVECTOR NOT NULL)",
    f"CREATE INDEX ix_{TABLE}_words ON {TABLE} USING GIN (words)",
)


def create(c: Connection) -> None:
    """Make the empty index."""
    for statement in _FTS5 if c.dialect.name == "sqlite" else _POSTGRESQL:
        c.exec_driver_sql(statement)


def key_of_rows(c: Connection) -> sa.TextualSelect:
    """The ranks that have a row in the index."""
    table, key = (f"{TABLE}_docsize", "id") if c.dialect.name == "sqlite" else (TABLE, "rowid")
    asked: sa.TextClause = sa.text(f"SELECT {key} FROM {table}")
    return asked.columns(sa.column(key, sa.BigInteger))


def empty(engine: Engine) -> None:
    """Empty the index and its shadows. Tables of FTS5 that are too damaged to be dropped are taken
    out of the schema: their pages stay unused in the file until the next VACUUM."""
    try:
        with write_connection(engine) as c:
            c.exec_driver_sql(f"DROP TABLE IF EXISTS {TABLE}")
            create(c)
            c.execute(sa.delete(t.article_shadows))
    except (IndexDamagedError, StorageError):
        if engine.dialect.name != "sqlite":
            raise
        engine.dispose()  # a connection that has met the damage doesn't get over it
        _take_out(engine)


def _take_out(engine: Engine) -> None:
    names = ", ".join(f"'{TABLE}_{name}'" for name in _OLD_SHADOWS)
    with write_connection(engine) as c:
        c.exec_driver_sql("PRAGMA writable_schema=ON")
        c.exec_driver_sql(
            f"DELETE FROM sqlite_master WHERE name = '{TABLE}' OR tbl_name IN ({names})"
        )
        c.exec_driver_sql("PRAGMA writable_schema=RESET")
        create(c)
        c.execute(sa.delete(t.article_shadows))
