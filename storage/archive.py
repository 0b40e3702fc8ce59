"""The archive, opened and composed of its parts.

What the columns mean stands in ``tables``, how articles are found in ``search``, how pages are
written in ``article_writer``. Gaps and findings are in ``coverage``, apart from ``SqlArchive``.
"""

from __future__ import annotations

from collections.abc import Sequence

from crawler.errors import RasdError
from crawler.model import ArticleToKeep
from crawler.ports import Failpoint
from storage import article_writer, migrations, text_index
from storage.archive_file import close_to_others, sqlite_file
from storage.articles import SqlArticles
from storage.digest_issues import SqlDigestIssues
from storage.engine import OnTrouble, connect, has_file, opening
from storage.feeds import SqlFeeds
from storage.outbox import SqlOutbox
from storage.parameters import SqlParameters
from storage.showings import SqlShowings


def open_archive(
    url: str,
    *,
    reached: Failpoint = lambda name: None,
    on_trouble: OnTrouble = lambda error: None,
) -> SqlArchive:
    """The archive at this SQLAlchemy URL, migrated to the newest schema; the caller closes it.

    ``reached`` is called at each failpoint, ``on_trouble`` once it is open with each trouble of its
    place. Raises ArchiveError if the database cannot be opened or written, or was written by a
    newer rasd, and StorageError if that may pass: a full disk, a server that does not answer.
    """
    is_open = False
    engine = connect(url, lambda error: on_trouble(error) if is_open else None)
    try:
        with opening(url):
            is_new = migrations.upgrade(engine)
            text_index.begin(engine)
    except RasdError:
        engine.dispose()
        raise
    if (file := sqlite_file(url)) is not None:
        close_to_others(file)
    is_open = True
    archive = SqlArchive(engine, reached)
    archive.is_new = is_new
    return archive


def archive_exists(url: str) -> bool:
    """Whether there is an archive at this URL, of any version; makes none.

    Raises ArchiveError if the database cannot be asked, and StorageError if that may pass.
    """
    if not has_file(url):
        return False
    engine = connect(url)
    try:
        with opening(url):
            return migrations.is_there(engine)
    finally:
        engine.dispose()


class SqlArchive(SqlFeeds, SqlShowings, SqlParameters, SqlArticles, SqlDigestIssues, SqlOutbox):
    """The archive's feeds, sightings, articles, digests and messages over one engine.

    Every method that writes is one transaction, or joins the one that ``together`` has opened in
    its thread. Methods that write may be repeated: the second time changes nothing more.
    """

    is_new = False  # nothing was there before it was opened

    def save_articles(self, articles: Sequence[ArticleToKeep]) -> Sequence[int]:
        """Write these articles: page, article, matches, full-text row and fate; all of them or
        none.

        Returns the article ids in the order given. An article whose url key is already there, or
        comes earlier in the batch, is not written again: its sighting then points to the first
        one. The fate is ``kept``, or ``quarantined`` if the page broke its reader. Give some
        dozens at a time: their rows are in memory together.
        """
        if not articles:
            return []
        with self._transaction("keep") as c:
            return article_writer.save(c, articles)
