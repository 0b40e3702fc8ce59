"""The truth, in rows: every method is one transaction, and doing one twice changes nothing more.

Implements ``interfaces.Archive``, put together of its parts; what the columns mean stands in
``tables``, how they are searched in ``search``, how pages are written in ``keeping``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.exc import DatabaseError

from crawler.errors import ArchiveError
from crawler.interfaces import Reached
from crawler.keepings import Keeping
from crawler.model import Page, Reading, Sighting
from storage import keeping, migrations
from storage.articles import SqlArticles
from storage.engines import connect, shown
from storage.feeds import SqlFeeds
from storage.issues import SqlIssues
from storage.outbox import SqlOutbox
from storage.sightings import SqlSightings


def open_archive(url: str, *, reached: Reached = lambda name: None) -> SqlArchive:
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


class SqlArchive(SqlFeeds, SqlSightings, SqlArticles, SqlIssues, SqlOutbox):
    """See ``interfaces.Archive``; the docstrings there are the contract."""

    def keep(self, sighting: Sighting, page: Page, reading: Reading, now: datetime) -> int:
        alone = Keeping(sighting=sighting, page=page, reading=reading, kept_at=now)
        return self.keep_all([alone])[0]

    def keep_all(self, keepings: Sequence[Keeping]) -> Sequence[int]:
        if not keepings:
            return []
        with self._transaction("keep") as c:
            return keeping.keep(c, keepings)
