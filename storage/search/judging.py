"""Candidates read by rank and judged by the evaluator that serves topics."""

from __future__ import annotations

import time as clocks
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from crawler import query
from crawler.model import ArchivedArticle, Match, Mention, SearchOrder
from storage import articles
from storage import tables as t
from storage.engine import read_connection
from storage.search.conditions import Conditions

Evaluate = Callable[[query.Query, ArchivedArticle], "tuple[Mention, ...] | None"]
"""Gives the mentions that satisfy a query on an article, or None if the query does not hold."""
CANDIDATES_AT_ONCE = 100  # loaded at a time: a page of results and those that are none
Answer = tuple[ArchivedArticle, Match | None]


class Judge:
    """Reads the articles for which conditions hold and asks the evaluator about each."""

    def __init__(self, engine: Engine, evaluate: Evaluate) -> None:
        self._engine, self._evaluate = engine, evaluate

    def answers(
        self, asked: query.Query | None, where: Conditions, order: SearchOrder
    ) -> Generator[Answer]:
        """The candidates that satisfy the query, in this order."""
        with closing(self.judged(asked, where, order)) as judged:
            yield from holding(judged)

    def judged(
        self, asked: query.Query | None, where: Conditions, order: SearchOrder
    ) -> Generator[Answer | None]:
        """Each candidate with the query's answer; None for one that does not satisfy it."""
        with read_connection(self._engine) as c:
            for batch in _candidates(c, where, order):
                for kept in articles.load(c, batch):
                    answer = self._answer(asked, kept)
                    yield (kept, answer) if asked is None or answer is not None else None

    def _answer(self, asked: query.Query | None, kept: ArchivedArticle) -> Match | None:
        mentions = self._evaluate(asked, kept) if asked is not None else None
        if mentions is None:
            return None
        return Match(topic="", version="", labels=(), score={}, mentions=mentions)


def _candidates(c: Connection, where: Conditions, order: SearchOrder) -> Iterator[list[int]]:
    a = t.articles.c
    newest = order == "newest"
    ids = (
        sa.select(a.id, a.rank)
        .where(*where)
        .order_by(a.rank.desc() if newest else a.rank)
        .limit(CANDIDATES_AT_ONCE)
    )
    at: int | None = None
    while True:
        further = () if at is None else (a.rank < at if newest else a.rank > at,)
        rows = c.execute(ids.where(*further)).all()
        if not rows:
            return
        yield [row.id for row in rows]
        at = rows[-1].rank


def holding(judged: Iterable[Answer | None]) -> Iterator[Answer]:
    """Those of the candidates that satisfy the query."""
    return (one for one in judged if one is not None)


def count(judged: Iterator[Answer | None], until: float) -> tuple[int, bool]:
    """How many of the candidates hold, and whether all were judged before that moment of the
    monotonic clock."""
    found = 0
    for one in judged:
        found += one is not None
        if clocks.monotonic() >= until:
            return found, next(judged, judged) is judged
    return found, True
