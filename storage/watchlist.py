"""What scored just under the line and got no label: kept with its match, so that misses can be seen."""

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


def watched(topics: Collection[str] | None) -> sa.ColumnElement[bool]:
    """Whether an article is on the watch list: doubtful in one of the topics, labelled in none; None: all."""
    m, held = t.matches.c, t.match_labels.c
    doubted = sa.select(m.article_id).where(
        sa.cast(m.doubtful, sa.Text) != "[]"
    )  # as both databases write it
    labelled = sa.select(held.article_id)
    if topics is not None:
        doubted = doubted.where(m.topic.in_(list(topics)))
        labelled = labelled.where(held.topic.in_(list(topics)))
    return t.articles.c.id.in_(doubted) & t.articles.c.id.not_in(labelled)


class SqlWatchList:
    """See ``interfaces.WatchList``."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def doubtful(
        self, topics: Collection[str], since: datetime, until: datetime
    ) -> Sequence[ArchivedArticle]:
        a = t.articles.c
        asked: sa.Select[Any] = (
            sa.select(a.id)
            .where(watched(topics), a.kept_at >= since, a.kept_at < until)
            .order_by(a.id)
        )
        with read_connection(self._engine) as c:
            return load(c, c.execute(asked).scalars().all())
