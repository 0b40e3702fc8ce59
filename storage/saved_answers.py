"""What each saved search found when it was checked last, and what became of its articles."""

from __future__ import annotations

import json
import zlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import accumulate, pairwise

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from crawler.query.comparison import Archived, SavedAnswer
from storage import article_changes, statements
from storage import tables as t
from storage.engine import read_connection, write_connection


class SqlSavedAnswers:
    """Keeps one answer of each saved search."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def position(self) -> tuple[int, int]:
        """The highest id of an article, and the number of the latest change of one; an answer that
        is searched for afterwards has seen both."""
        with read_connection(self._engine) as c:
            last = c.execute(sa.select(sa.func.max(t.articles.c.id))).scalar()
            return int(last or 0), article_changes.last(c)

    def all(self) -> Mapping[str, SavedAnswer]:
        """The answers by slug."""
        table = t.saved_answers
        with read_connection(self._engine) as c:
            rows = c.execute(sa.select(table).order_by(table.c.slug)).mappings().all()
        return {row["slug"]: SavedAnswer(**{**row, "ids": _unpacked(row["ids"])}) for row in rows}

    def archived(self, ids: Collection[int], change: int) -> Archived:
        """What the archive knows of these articles, and of changes after that of this number."""
        a = t.articles.c
        sources: dict[int, str] = {}
        with read_connection(self._engine) as c:
            for chunk in statements.chunks(sorted(ids)):
                rows = c.execute(sa.select(a.id, a.source).where(a.id.in_(chunk)))
                sources |= {row.id: row.source for row in rows}
            return Archived(sources=sources, changed=article_changes.since(c, change, ids))

    def save(self, answers: Iterable[SavedAnswer], removed: Collection[str]) -> None:
        """Put these answers in the place of earlier ones of the same slugs, and delete those of
        slugs that are gone; in one transaction."""
        table = t.saved_answers
        rows = [_row(answer) for answer in answers]
        slugs = [row["slug"] for row in rows]
        with write_connection(self._engine) as c:
            c.execute(sa.delete(table).where(table.c.slug.in_([*slugs, *removed])))
            if rows:
                c.execute(sa.insert(table), rows)


def _row(answer: SavedAnswer) -> dict[str, object]:
    row = {column.name: getattr(answer, column.name) for column in t.saved_answers.c}
    return row | {
        "concepts": dict(answer.concepts),
        "countries": dict(answer.countries),
        "ids": _packed(answer.ids),
    }


def _packed(ids: Sequence[int]) -> bytes:
    """Ascending ids as the distances between them, compressed: a byte or so each."""
    return zlib.compress(json.dumps([b - a for a, b in pairwise((0, *ids))]).encode())


def _unpacked(packed: bytes) -> tuple[int, ...]:
    return tuple(accumulate(json.loads(zlib.decompress(packed))))
