"""What scored just under the line and got no label: kept with its match, so that misses can be seen."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from crawler.model import ArchivedArticle
from storage import tables as t
from storage.archive import SqlArchive


class SqlWatchList:
    """See ``interfaces.WatchList``."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._archive = SqlArchive(engine, lambda name: None)

    def doubtful(
        self, topics: Collection[str], since: datetime, until: datetime
    ) -> Sequence[ArchivedArticle]:
        a, m, held = t.articles.c, t.matches.c, t.match_labels.c
        labelled = sa.exists().where(held.article_id == m.article_id, held.topic.in_(list(topics)))
        asked: sa.Select[Any] = (
            sa.select(a.id)
            .join(t.matches, m.article_id == a.id)
            .where(
                m.topic.in_(list(topics)),
                sa.cast(m.doubtful, sa.Text) != "[]",  # as both databases write an empty list
                ~labelled,
                a.kept_at >= since,
                a.kept_at < until,
            )
            .distinct()
            .order_by(a.id)
        )
        with self._engine.begin() as c:
            ids = c.execute(asked).scalars().all()
            return [
                kept for n in range(0, len(ids), 400) for kept in self._archive.load(c, ids[n : n + 400])
            ]
