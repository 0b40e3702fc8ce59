"""Engines with our settings: SQLite (WAL, FULL, immediate writes) or PostgreSQL, by URL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, make_url

from crawler.errors import ArchiveError

_LOOKS = "rasd_looks"  # the execution option of a connection that will not write


def connect(url: str) -> Engine:
    """An engine with our settings; a SQLite file's folder is made."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        if parsed.database and parsed.database != ":memory:":
            try:
                Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise ArchiveError(f"{parsed.database}: {error.strerror}") from error
        engine = sa.create_engine(parsed, connect_args={"timeout": 30, "check_same_thread": False})
        sa.event.listen(engine, "connect", _prepare_sqlite)
        sa.event.listen(engine, "begin", _begin)
        return engine
    if parsed.drivername in ("postgresql", "postgres"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    try:
        return sa.create_engine(parsed, pool_pre_ping=True)
    except ModuleNotFoundError as error:
        raise ArchiveError(f"{shown(url)}: install rasd[postgres] for this archive") from error


def shown(url: str) -> str:
    """The URL as people may see it, without its password."""
    return make_url(url).render_as_string(hide_password=True)


@contextmanager
def read_connection(engine: Engine) -> Iterator[Connection]:
    """A connection that only looks, at the archive as it is now: on SQLite it waits for nobody who
    writes, and nobody who writes waits for it."""
    with engine.connect().execution_options(**{_LOOKS: True}) as connection:
        yield connection


def _prepare_sqlite(connection: Any, record: object) -> None:
    connection.isolation_level = None  # SQLAlchemy's recipe: we say BEGIN, the driver doesn't
    # The log is folded into the file every 16 MB and not every 4: what is written again in between
    # (indexes are, all the time) is copied once, which is 7 % of what a page costs.
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "wal_autocheckpoint=4000",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    # A deferred transaction that turns into a writer fails at once under WAL (M28), so whoever may
    # write takes his turn at the beginning.
    looks = connection.get_execution_options().get(_LOOKS, False)
    connection.exec_driver_sql("BEGIN" if looks else "BEGIN IMMEDIATE")
