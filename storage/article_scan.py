"""All articles read in ranges of ids, by several processes at once that cannot write.

``rasd backtest`` and ``rasd rematch`` judge every article again; each process takes some ranges.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine, RowMapping, make_url
from sqlalchemy.pool import NullPool

from crawler.model import ArchivedArticle, Article, Match, PublishedDate
from storage import tables as t
from storage.articles import as_match

_READ_COLUMNS = (
    "id", "source", "url", "canonical_url", "url_key", "headline", "lead", "summary", "body",
    "language",    "published_at", "first_seen_at", "kept_at", "oddities",
)  # fmt: skip
_PLAIN_COLUMNS = tuple(
    name for name in _READ_COLUMNS if name not in ("id", "published_at", "kept_at")
)


def open_scan(url: str) -> SqlScan:
    """A scan of the archive at this URL, on a connection that refuses writes; the caller closes it.

    The archive has to exist with the newest schema: nothing is created or migrated.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        engine = sa.create_engine(parsed, poolclass=NullPool, connect_args={"timeout": 30})
        sa.event.listen(engine, "connect", _query_only)
        return SqlScan(engine)
    if parsed.drivername in ("postgresql", "postgres"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    engine = sa.create_engine(parsed, poolclass=NullPool)
    return SqlScan(engine.execution_options(postgresql_readonly=True))


def _query_only(connection: Any, record: object) -> None:
    connection.execute("PRAGMA query_only=ON")


class SqlScan:
    """Reads articles and their matches by ranges of ids; it cannot write."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def close(self) -> None:
        """Close the connections."""
        self._engine.dispose()

    def ranges(self, size: int, since: datetime | None) -> list[tuple[int, int]]:
        """Ranges of ids, (first, last) inclusive, that together cover the articles, in order.

        Each holds at most ``size`` articles dated ``since`` or later (None: of any date); empty
        if there are none.
        """
        a = t.articles.c
        statement = sa.select(a.id).where(*_since(since)).order_by(a.id)
        with self._engine.connect() as c:
            ids = list(c.execute(statement).scalars())
        return [(ids[n], ids[min(n + size, len(ids)) - 1]) for n in range(0, len(ids), size)]

    def articles(self, first: int, last: int, since: datetime | None) -> Iterator[ArchivedArticle]:
        """The articles of a range dated ``since`` or later, with their matches, by id.

        Only what matching needs is filled in: no authors, no fingerprint, of the date only the
        moment.
        """
        a = t.articles.c
        statement = sa.select(*(a[name] for name in _READ_COLUMNS)).where(
            a.id >= first, a.id <= last, *_since(since)
        )
        with self._engine.connect() as c:
            matches = self._matches(c, first, last)
            for row in c.execute(statement.order_by(a.id)).mappings():
                yield _archived(row, matches.get(row["id"], []))

    def _matches(self, c: sa.Connection, first: int, last: int) -> dict[int, list[Match]]:
        labels: dict[tuple[int, str], list[str]] = {}
        held = sa.select(t.match_labels).where(t.match_labels.c.article_id.between(first, last))
        for row in c.execute(held.order_by(t.match_labels.c.place)).mappings():
            labels.setdefault((row["article_id"], row["topic"]), []).append(row["label"])
        found: dict[int, list[Match]] = {}
        stored = sa.select(t.matches).where(t.matches.c.article_id.between(first, last))
        for row in c.execute(stored).mappings():
            match = as_match(row, labels.get((row["article_id"], row["topic"]), []))
            found.setdefault(row["article_id"], []).append(match)
        return found


def _since(since: datetime | None) -> list[sa.ColumnElement[bool]]:
    """By date of publication or, without one, of first sight: as search does."""
    a = t.articles.c
    at = sa.func.coalesce(a.published_at, a.first_seen_at, type_=a.published_at.type)
    return [] if since is None else [at >= since]


def _archived(row: RowMapping, matches: list[Match]) -> ArchivedArticle:
    at = row["published_at"]
    # Judging asks for the day alone; who printed it is not read.
    published = PublishedDate(at=at, source="meta", confidence=1.0, printed="") if at else None
    article = Article(**{name: row[name] for name in _PLAIN_COLUMNS}, published=published)
    return ArchivedArticle(
        id=row["id"], article=article, matches=tuple(matches), kept_at=row["kept_at"]
    )
