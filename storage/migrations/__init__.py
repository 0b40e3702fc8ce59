"""The archive's schema, version by version, by Alembic without an ini file.

Versions follow each other by their ``down_revision``, not by number. Numbers were reserved by
changes that were made at the same time, and some of those came to need no migration: 0007 and
0009 to 0017 were never used, and 0005 follows 0008. A new version takes the number after the
highest.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy.engine import Connection, Engine

from crawler.errors import ArchiveError
from storage.engine import read_connection


def configuration() -> Config:
    """Alembic's configuration; the versions stand beside this file, wherever it is."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return config


def upgrade(engine: Engine) -> None:
    """Migrate the archive to the newest version, in one transaction; if it is there already, only
    read.

    Raises ArchiveError if the archive's version is unknown: a newer rasd wrote it.
    """
    config = configuration()
    scripts = ScriptDirectory.from_config(config)
    with read_connection(engine) as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    if current == scripts.get_current_head():
        return
    with engine.connect() as connection, _without_references(connection), connection.begin():
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise ArchiveError(
                f"the archive is of version {current!r}, which this rasd does not know;"
                " upgrade rasd"
            ) from error


def is_there(engine: Engine) -> bool:
    """Whether the database holds an archive, of any version; only reads."""
    with read_connection(engine) as connection:
        return MigrationContext.configure(connection).get_current_revision() is not None


@contextmanager
def _without_references(connection: Connection) -> Iterator[None]:
    """SQLite changes a constraint by copying its table; as long as references are enforced, a table
    that others refer to cannot be replaced. The setting changes only outside of a transaction.
    """
    raw: Any = connection.connection.dbapi_connection
    if connection.dialect.name != "sqlite":
        yield
        return
    raw.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        raw.execute("PRAGMA foreign_keys=ON")
