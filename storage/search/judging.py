"""Articles that a plan finds, read by rank; those of a plan that isn't exact are judged."""

from __future__ import annotations

import time as clocks
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Literal

from sqlalchemy.engine import Connection

from crawler import query
from crawler.model import ArchivedArticle, Match, Mention
from storage import articles
from storage import tables as t
from storage.search.plan import Plan, Plans

Evaluate = Callable[[query.Query, ArchivedArticle], "tuple[Mention, ...] | None"]
"""Gives the mentions that satisfy a query on an article, or None if the query does not hold."""
CANDIDATES_AT_ONCE = 100  # loaded at a time: a page of results and those that are none
Direction = Literal["newest", "oldest"]
Answer = tuple[ArchivedArticle, Match | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A query without names of saved ones (None: filters alone choose), and the plan of both."""

    asked: query.Query | None
    plan: Plan


class Judge:
    """Reads what a plan finds and asks the evaluator: whether it is an answer, unless the plan is
    exact, and where the query holds in it.

    ``decide`` and ``locate`` are the same evaluator, but in tests.
    """

    def __init__(self, plans: Plans, decide: Evaluate, locate: Evaluate) -> None:
        self._plans, self._decide, self._locate = plans, decide, locate

    def answers(self, c: Connection, of: Question, order: Direction) -> Generator[Answer]:
        """The articles that satisfy the question, in this order, with their mentions."""
        with closing(self.judged(c, of, order)) as judged:
            yield from holding(judged)

    def judged(self, c: Connection, of: Question, order: Direction) -> Generator[Answer | None]:
        """Each article that the plan finds, in this order, with its mentions; None for one that
        does not satisfy the query. Of an exact plan all do, and none is judged."""
        for kept in self._found(c, of.plan, order):
            if of.asked is None:
                yield kept, None
            elif of.plan.is_exact:
                yield kept, _match(self._locate(of.asked, kept) or ())
            else:
                mentions = self._decide(of.asked, kept)
                yield None if mentions is None else (kept, _match(mentions))

    def _found(self, c: Connection, plan: Plan, order: Direction) -> Iterator[ArchivedArticle]:
        for ids in self._batches(c, plan, order):
            yield from articles.load(c, ids)

    def _batches(self, c: Connection, plan: Plan, order: Direction) -> Iterator[list[int]]:
        a = t.articles.c
        while True:
            asked = self._plans.select(plan, a.id, a.rank)
            rank = self._plans.rank(plan)
            asked = asked.order_by(rank.desc() if order == "newest" else rank)
            rows = c.execute(asked.limit(CANDIDATES_AT_ONCE)).all()
            yield [row.id for row in rows]
            if len(rows) < CANDIDATES_AT_ONCE:
                return
            at = rows[-1].rank
            plan = replace(plan, high=at) if order == "newest" else replace(plan, low=at + 1)


def _match(mentions: tuple[Mention, ...]) -> Match:
    return Match(topic="", version="", labels=(), score={}, mentions=mentions)


def holding(judged: Iterable[Answer | None]) -> Iterator[Answer]:
    """Those that satisfy the query."""
    return (one for one in judged if one is not None)


def collect(judged: Iterator[Answer | None], until: float) -> tuple[list[int], bool]:
    """The ids of those that satisfy the query, and whether all were judged before that moment of
    the monotonic clock."""
    found = []
    for one in judged:
        if one is not None:
            found.append(one[0].id)
        if clocks.monotonic() >= until:
            return found, next(judged, judged) is judged
    return found, True
