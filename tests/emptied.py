"""An archive's tables emptied by hand, whichever database it is in."""

from __future__ import annotations

import sqlalchemy as sa

from storage import tables as t
from storage.archive import SqlArchive


def empty_index(c: sa.Connection) -> None:
    """Delete all rows of the full-text index; FTS5 without content has a command for that."""
    is_sqlite = c.dialect.name == "sqlite"
    all_rows = "INSERT INTO article_text (article_text) VALUES ('delete-all')"
    c.execute(sa.text(all_rows if is_sqlite else "DELETE FROM article_text"))


def empty(archive: SqlArchive) -> None:
    """Delete all rows; the index stays one of this version."""
    with archive.engine.begin() as c:
        for table in reversed(t.metadata.sorted_tables):
            if table is not t.index_states:
                c.execute(sa.delete(table))
        empty_index(c)
