"""The archive's schema, version by version, by Alembic without an ini file.

Versions follow each other by their ``down_revision``, not by number. Numbers were reserved by
changes that were made at the same time, and some of those came to need no migration: 0007 and
0009 to 0017 were never used, and 0005 follows 0008. A new version takes the number after the
highest.

The views of ``storage.views`` are dropped before the first version that is applied and created anew
after the last one: a version may rebuild any table, and needs to know nothing of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from crawler.errors import ArchiveError, OldArchiveError
from storage import views
from storage.engine import missing, opening, read_connection, shown

if TYPE_CHECKING:  # an archive that is up to date needs no Alembic, which takes 5 MB for good
    from alembic.config import Config

_VERSION = re.compile(r'^(revision|down_revision) = "(\w+)"$', re.MULTILINE)


def configuration() -> Config:
    """Alembic's configuration; the versions stand beside this file, wherever it is."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return config


def upgrade(engine: Engine) -> bool:
    """Migrate the archive to the newest version, in one transaction; if it is there already, only
    read. Returns whether it was empty before.

    Raises ArchiveError if the archive's version is unknown: a newer rasd wrote it.
    """
    with read_connection(engine) as connection:
        current = version(connection)
    if current == newest():
        return False
    from alembic import command
    from alembic.util.exc import CommandError

    config = configuration()
    with engine.connect() as connection, _without_references(connection), connection.begin():
        config.attributes["connection"] = connection
        try:
            views.drop(connection)
            command.upgrade(config, "head")
            views.create(connection)
        except CommandError as error:
            raise ArchiveError(
                f"the archive is of version {current!r}, which this rasd does not know;"
                " upgrade rasd"
            ) from error
    return current is None


def is_there(engine: Engine) -> bool:
    """Whether the database holds an archive, of any version; only reads."""
    with read_connection(engine) as connection:
        return version(connection) is not None


def newest() -> str:
    """The version that this rasd writes: the one that no other follows."""
    found = _numbers()
    (last,) = found["revision"] - found["down_revision"]
    return last


def known() -> frozenset[str]:
    """All versions that this rasd can bring up to date, and the one that it writes."""
    return frozenset(_numbers()["revision"])


@cache
def _numbers() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {"revision": set(), "down_revision": set()}
    for script in (Path(__file__).parent / "versions").glob("*.py"):
        for kind, number in _VERSION.findall(script.read_text(encoding="utf-8")):
            found[kind].add(number)
    return found


def version(connection: Connection) -> str | None:
    """The archive's version; None if it is empty."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    row = connection.execute(sa.text("SELECT version_num FROM alembic_version")).first()
    return None if row is None else str(row[0])


def require_newest(engine: Engine, url: str) -> None:
    """Raises NoArchiveError without an archive, OldArchiveError for one that this rasd can bring up
    to date, ArchiveError for one that it doesn't know, and what ``opening`` raises."""
    with opening(url), read_connection(engine) as connection:
        found = version(connection)
    if found is None:
        raise missing(url)
    if found == newest():
        return
    told = f"{shown(url)}: of version {found}, this rasd has {newest()}"
    if found in known():
        raise OldArchiveError(
            f"{told}; a start of the daemon, or rasd status, brings it up to date"
        )
    raise ArchiveError(f"{told}; upgrade rasd")


@contextmanager
def _without_references(connection: Connection) -> Iterator[None]:
    """SQLite changes a constraint by copying its table; as long as references are enforced, a table
    that others refer to cannot be replaced. The setting changes only outside of a transaction.
    Renaming the copy would also fail if somebody has made a view of the table.
    """
    raw: Any = connection.connection.dbapi_connection
    if connection.dialect.name != "sqlite":
        yield
        return
    raw.execute("PRAGMA foreign_keys=OFF")
    raw.execute("PRAGMA legacy_alter_table=ON")
    try:
        yield
    finally:
        raw.execute("PRAGMA legacy_alter_table=OFF")
        raw.execute("PRAGMA foreign_keys=ON")


def is_newest(connection: Connection) -> bool:
    """Whether the archive is of the version that this rasd writes."""
    return version(connection) == newest()
