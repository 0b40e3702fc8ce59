"""The watch list: articles that scored just under the line and got no label, with their matches."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from crawler.model import ArchivedArticle
from storage import tables as t
from storage.articles import load
from storage.engine import read_connection

_EMPTY_JSON_LIST = "[]"  # as both databases write it


def watched(topics: Collection[str] | None) -> sa.ColumnElement[bool]:
    """The condition of being on the watch list: doubtful in one of these topics and labelled in
    none of them. None: all topics."""
    m, held = t.matches.c, t.match_labels.c
    doubted = sa.select(m.article_id).where(sa.cast(m.doubtful, sa.Text) != _EMPTY_JSON_LIST)
    labelled = sa.select(held.article_id)
    if topics is not None:
        doubted = doubted.where(m.topic.in_(list(topics)))
        labelled = labelled.where(held.topic.in_(list(topics)))
    return t.articles.c.id.in_(doubted) & t.articles.c.id.not_in(labelled)


class SqlWatchList:
    """Reads what was nearly flagged; writes nothing."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def doubtful(
        self, topics: Collection[str], since: datetime, until: datetime
    ) -> Sequence[ArchivedArticle]:
        """Articles kept in [since, until) that are on the watch list of these topics, by id."""
        a = t.articles.c
        query: sa.Select[Any] = (
            sa.select(a.id)
            .where(watched(topics), a.kept_at >= since, a.kept_at < until)
            .order_by(a.id)
        )
        with read_connection(self._engine) as c:
            return load(c, c.execute(query).scalars().all())
