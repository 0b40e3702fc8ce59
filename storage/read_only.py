"""The archive opened by a program that only reads: the database refuses it to write."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from crawler.errors import RasdError
from crawler.model import ArchivedArticle
from storage import migrations
from storage import tables as t
from storage.archive import SqlArchive
from storage.articles import load
from storage.engine import connect_read_only, require_file


class ReadOnlyArchive(SqlArchive):
    """An archive of which nothing can be changed: methods that write raise StorageError."""

    def stored_after(self, last: int, most: int) -> Sequence[ArchivedArticle]:
        """At most so many articles with ids above this one, by id."""
        a = t.articles.c
        statement = sa.select(a.id).where(a.id > last).order_by(a.id).limit(most)
        with self._reading() as c:
            return load(c, c.execute(statement).scalars().all())

    def names(self) -> dict[str, set[str]]:
        """The sources, languages, topics, labels, themes, actors and sides that stored articles
        have, by kind."""
        m, a = t.match_labels.c, t.articles.c
        columns = {"source": a.source, "lang": a.language, "topic": m.topic, "label": m.label}
        columns |= {"theme": t.match_themes.c.theme}
        columns |= {"actor": t.match_actors.c.name, "side": t.match_actors.c.side}
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
    require_file(url)
    engine = connect_read_only(url)
    try:
        migrations.require_newest(engine, url)
    except RasdError:
        engine.dispose()
        raise
    return ReadOnlyArchive(engine)
