"""The archive opened by a program that only reads: the database refuses it to write."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from crawler.errors import ArchiveError, NoArchiveError, StorageError
from crawler.model import ArchivedArticle
from storage import engine as engines
from storage import migrations
from storage import tables as t
from storage.archive import SqlArchive
from storage.archive_file import sqlite_file
from storage.articles import load
from storage.engine import read_connection, shown


class ReadOnlyArchive(SqlArchive):
    """An archive of which nothing can be changed: methods that write raise StorageError."""

    def stored_after(self, last: int, most: int) -> Sequence[ArchivedArticle]:
        """At most so many articles with ids above this one, by id."""
        a = t.articles.c
        statement = sa.select(a.id).where(a.id > last).order_by(a.id).limit(most)
        with self._reading() as c:
            return load(c, c.execute(statement).scalars().all())

    def names(self) -> dict[str, set[str]]:
        """The sources, topics and labels that stored articles have, by kind."""
        m = t.match_labels.c
        columns = {"source": t.articles.c.source, "topic": m.topic, "label": m.label}
        with self._reading() as c:
            return {
                kind: set(c.execute(sa.select(column).distinct()).scalars())
                for kind, column in columns.items()
            }


def open_read_only(url: str) -> ReadOnlyArchive:
    """The archive at this URL, which the caller closes. Nothing is made, locked or brought up to
    date.

    Raises NoArchiveError if there is none, ArchiveError if it is of another version or cannot be
    opened, StorageError if that may pass.
    """
    missing = NoArchiveError(f"{shown(url)}: no archive yet; rasd run or rasd poll makes it")
    file = sqlite_file(url)
    if file is not None and not (file.is_file() and file.stat().st_size):
        raise missing
    engine = engines.connect_read_only(url)
    try:
        with read_connection(engine) as c:
            version = migrations.version(c)
        if version is None:
            raise missing
        _require_version(url, version)
    except StorageError as error:
        engine.dispose()
        raise engines.unopened(url, error) from error
    except DBAPIError as error:
        engine.dispose()
        raise engines.unusable(url, error) from error
    except ArchiveError:
        engine.dispose()
        raise
    return ReadOnlyArchive(engine)


def _require_version(url: str, version: str) -> None:
    if version == migrations.newest():
        return
    if version in migrations.known():
        what = "rasd status, or a start of the daemon, brings it up to date"
    else:
        what = "upgrade rasd, which does not know it"
    raise ArchiveError(
        f"{shown(url)}: of version {version}, this rasd reads {migrations.newest()}; {what}"
    )
