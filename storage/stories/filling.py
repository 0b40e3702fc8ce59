"""Articles of an archive from before there were stories, placed some at a time.

How far it is stands in one row, which the migration wrote: a process that was killed goes on from
there.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from storage import tables as t
from storage.stories import placing
from storage.transactions import Transactions

_P, _A, _M = t.story_progress.c, t.articles.c, t.story_members.c


class SqlStoryFilling(Transactions):
    """Gives articles that were stored before a place among the stories."""

    def remaining(self) -> int:
        """How many articles have no place yet."""
        with self._reading() as c:
            count = (
                sa.select(sa.func.count())
                .select_from(t.articles)
                .join(t.story_progress, sa.and_(_A.id > _P.after_id, _A.id <= _P.until_id))
            )
            return int(c.execute(count.where(_P.ended_at.is_(None))).scalar_one())

    def step(self, most: int, now: datetime) -> int:
        """Place the next articles, ``most`` at most, in one transaction; how many they were. 0: all
        have a place."""
        with self._transaction() as c:
            row = c.execute(sa.select(t.story_progress).where(_P.ended_at.is_(None))).first()
            if row is None:
                return 0
            next_ids = (
                sa.select(_A.id)
                .where(_A.id > row.after_id, _A.id <= row.until_id)
                .order_by(_A.id)
                .limit(most)
            )
            ids = list(c.execute(next_ids).scalars())
            values = {"after_id": ids[-1]} if ids else {"ended_at": now}
            c.execute(sa.update(t.story_progress).where(_P.until_id == row.until_id).values(values))
            placed = sa.select(_M.article_id).where(_M.article_id.in_(ids))
            missing = sorted({*ids} - {*c.execute(placed).scalars()})
            placing.place(c, placing.told_by_id(c, missing), now)
            return len(ids)
