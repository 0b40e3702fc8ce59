"""The truth, in rows: every method is one transaction, and doing one twice changes nothing more.

Implements ``interfaces.Archive``, put together of its parts; what the columns mean stands in
``tables``, how they are searched in ``search``, how pages are written in ``keeping``.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.exc import DatabaseError

from crawler.errors import ArchiveError
from crawler.model import ArticleToKeep
from crawler.ports import Failpoint
from storage import article_writer, migrations
from storage.articles import SqlArticles
from storage.digest_issues import SqlDigestIssues
from storage.engine import connect, shown
from storage.feeds import SqlFeeds
from storage.outbox import SqlOutbox
from storage.sightings import SqlSightings


def open_archive(url: str, *, reached: Failpoint = lambda name: None) -> SqlArchive:
    """The archive at this SQLAlchemy URL, migrated to the newest schema.

    ArchiveError says what is wrong with the place: no database, another version, not writable.
    """
    engine = connect(url)
    try:
        migrations.upgrade(engine)
    except DatabaseError as error:
        engine.dispose()
        raise ArchiveError(f"{shown(url)}: {str(error.orig).strip()}") from error
    except ArchiveError:
        engine.dispose()
        raise
    return SqlArchive(engine, reached)


class SqlArchive(SqlFeeds, SqlSightings, SqlArticles, SqlDigestIssues, SqlOutbox):
    """See ``interfaces.Archive``; the docstrings there are the contract."""

    def save_articles(self, keepings: Sequence[ArticleToKeep]) -> Sequence[int]:
        if not keepings:
            return []
        with self._transaction("keep") as c:
            return article_writer.save(c, keepings)
