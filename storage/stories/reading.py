"""Stories read: which one an article belongs to, and the articles of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from crawler.errors import NotFoundError
from crawler.model import ArchivedArticle
from storage import tables as t
from storage.articles import load
from storage.statements import possible_ids
from storage.transactions import Transactions

_M, _S = t.story_members.c, t.stories.c


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredStory:
    """A story with all of its articles, by id; ``texts``: the text of each, by article."""

    number: int
    articles: tuple[ArchivedArticle, ...]
    texts: dict[int, int]


class SqlStories(Transactions):
    """The stories of the archive."""

    def story(self, number: int) -> StoredStory:
        """The story of this number, or the one that it has become part of.

        Raises NotFoundError if no article tells it.
        """
        with self._reading() as c:
            last = _end(c, number)
            rows = c.execute(sa.select(t.story_members).where(_M.story_id == last)).all()
            if not rows:
                raise NotFoundError(f"no story s{number} in the archive")
            texts = {row.article_id: row.text_id for row in rows}
            return StoredStory(number=last, articles=tuple(load(c, sorted(texts))), texts=texts)

    def story_of(self, article_id: int) -> int:
        """The number of the story that an article belongs to.

        Raises NotFoundError if there is no such article, or it was stored by an earlier version
        and has no place yet.
        """
        asked = sa.select(t.articles.c.id, _M.story_id).outerjoin(
            t.story_members, _M.article_id == t.articles.c.id
        )
        with self._reading() as c:
            row = c.execute(asked.where(t.articles.c.id.in_(possible_ids([article_id])))).first()
        if row is None:
            raise NotFoundError(f"no article {article_id} in the archive")
        if row.story_id is None:
            raise NotFoundError(
                f"article {article_id} has no place among the stories yet: it was stored by an "
                "earlier version; the daemon gives it one, or rasd rematch does"
            )
        return int(row.story_id)

    def sizes(self, numbers: Sequence[int]) -> dict[int, int]:
        """How many articles each of these stories has."""
        count = sa.select(_M.story_id, sa.func.count()).group_by(_M.story_id)
        with self._reading() as c:
            rows = c.execute(count.where(_M.story_id.in_(numbers)))
            return {number: articles for number, articles in rows}


def _end(c: Connection, number: int) -> int:
    """The story that this one is part of now; itself if it is part of none."""
    seen = set[int]()
    while number not in seen and possible_ids([number]):
        seen.add(number)
        joined = c.execute(sa.select(_S.joined_to).where(_S.id == number)).scalar()
        if joined is None:
            break
        number = int(joined)
    return number
