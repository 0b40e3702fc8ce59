"""Articles that a plan finds, read by rank; those of a plan that isn't exact are judged."""

from __future__ import annotations

import time as clocks
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from crawler import query
from crawler.errors import NotFoundError
from crawler.model import ArchivedArticle, Match, Mention, SearchOrder
from storage import articles, text_index
from storage import tables as t
from storage.search import meant
from storage.search.meant import Telling
from storage.search.plan import Plan, Plans
from storage.search.planning import asks_for_words
from storage.statements import chunks

Evaluate = Callable[[query.Query, ArchivedArticle], "tuple[Mention, ...] | None"]
"""Gives the mentions that satisfy a query on an article, or None if the query does not hold."""
DecideByShadow = Callable[[query.Query, str, str], bool | None]
"""Whether a query without filters and concepts holds in the article of these texts of the index;
None if only the article itself answers."""
CANDIDATES_AT_ONCE = 100  # loaded at a time: a page of results and those that are none
RANKED_AT_MOST = 10_000  # by relevance, the newest; those that are older follow by their time
Answer = tuple[ArchivedArticle, Match | None]


class Judged(NamedTuple):
    """An article that satisfies a question; without it and its mentions, they are still to be
    loaded."""

    id: int
    answer: Answer | None = None


class Cut(NamedTuple):
    """A place in the order of the answers, and which side of it is meant."""

    article_id: int
    is_behind: bool  # behind the article; else up to it, itself included


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A query without names of saved ones (None: filters alone choose), and the plan of both."""

    asked: query.Query | None
    plan: Plan
    cut: Cut | None = None  # of the order by relevance, which ranks don't have
    missing: tuple[str, ...] = ()  # concepts that the index can't answer for yet


class Judge:
    """Reads what a plan finds and asks the evaluator: whether it is an answer, unless the plan is
    exact, and where the query holds in it.

    ``decide`` and ``locate`` are the same evaluator, but in tests. ``decide_by_shadow`` (None:
    none) is asked before ``decide``, where a query allows it; ``homographs`` tells where words mean
    something else.
    """

    def __init__(
        self,
        plans: Plans,
        decide: Evaluate,
        locate: Evaluate,
        homographs: Telling,
        decide_by_shadow: DecideByShadow | None = None,
    ) -> None:
        self._plans, self._decide, self._locate = plans, decide, locate
        self._homographs, self._decide_by_shadow = homographs, decide_by_shadow

    def answers(self, c: Connection, of: Question, order: SearchOrder) -> Generator[Answer]:
        """The articles that satisfy the question, in this order, with their mentions."""
        with closing(self.judged(c, of, order)) as judged:
            yield from self.loaded(c, of, holding(judged))

    def loaded(self, c: Connection, of: Question, judged: Iterable[Judged]) -> Iterator[Answer]:
        """These articles with their mentions."""
        for one in judged:
            if one.answer is not None:
                yield one.answer
            else:
                (kept,) = articles.load(c, [one.id])
                yield kept, self._located(of, kept)

    def judged(self, c: Connection, of: Question, order: SearchOrder) -> Generator[Judged | None]:
        """Each article that the plan finds, in this order; None for one that does not satisfy the
        query. Of an exact plan all do, and none is judged."""
        by_relevance = order == "relevance" and of.plan.words
        batches = self._by_relevance(c, of) if by_relevance else self._by_time(c, of.plan, order)
        for ids in batches:
            if of.asked is None or of.plan.is_exact:
                for kept in articles.load(c, ids):
                    yield Judged(kept.id, (kept, self._located(of, kept)))
            elif self._decide_by_shadow is not None and _is_of_words(of.asked):
                yield from self._judged_by_shadows(c, of.asked, self._decide_by_shadow, ids)
            else:
                for kept in articles.load(c, ids):
                    yield self._judged(of.asked, kept)

    def _judged_by_shadows(
        self, c: Connection, asked: query.Query, decide: DecideByShadow, ids: Sequence[int]
    ) -> Iterator[Judged | None]:
        shadows = text_index.read_shadows_of(c, ids)
        for number in ids:
            texts = shadows.get(number)
            holds = None if texts is None else decide(asked, texts.headline, texts.text)
            if holds is None:
                (kept,) = articles.load(c, [number])
                yield self._judged(asked, kept)
            else:
                yield Judged(number) if holds else None

    def _judged(self, asked: query.Query, kept: ArchivedArticle) -> Judged | None:
        mentions = self._decide(asked, kept)
        return None if mentions is None else Judged(kept.id, (kept, _match(mentions)))

    def _located(self, of: Question, kept: ArchivedArticle) -> Match | None:
        return None if of.asked is None else _match(self._locate(of.asked, kept) or ())

    def decided(self, c: Connection, of: Question) -> Question:
        """An exact question, without those articles that its plan finds only since the index has
        them in part, and that are no answers."""
        if not (of.asked is not None and of.plan.is_exact and asks_for_words(of.asked)):
            return of
        in_part = self._plans.in_part()
        if c.execute(self._plans.select(in_part, sa.literal(1)).limit(1)).first() is None:
            return of
        a = t.articles.c
        doubtful = self._plans.select(self._plans.all_of([of.plan, in_part]), a.id, a.rank)
        ranks = {row.id: row.rank for row in c.execute(doubtful)}
        wrong = [
            ranks[kept.id]
            for ids in chunks(list(ranks))
            for kept in articles.load(c, ids)
            if self._decide(of.asked, kept) is None
        ]
        plan = self._plans.all_of([of.plan, Plan(where=(a.rank.not_in(wrong),))])
        return replace(of, plan=plan)

    def _by_relevance(self, c: Connection, of: Question) -> Iterator[Sequence[int]]:
        """Of the articles of a batch those come last in which a word means something else."""
        ids = self._ranked(c, of.plan)
        starts = range(0, len(ids), CANDIDATES_AT_ONCE)
        batches = [ids[start : start + CANDIDATES_AT_ONCE] for start in starts]
        if of.cut is None:
            yield from (self._meant_first(c, of, batch) for batch in batches)
            return
        cut, is_behind = of.cut
        if cut not in ids:
            raise NotFoundError(f"article {cut} is none of the answers to go on after")
        number = ids.index(cut) // CANDIDATES_AT_ONCE
        batch = self._meant_first(c, of, batches[number])
        at = batch.index(cut) + 1
        if is_behind:
            yield batch[at:]
            yield from (self._meant_first(c, of, batch) for batch in batches[number + 1 :])
        else:
            yield from (*batches[:number], batch[:at])

    def _meant_first(self, c: Connection, of: Question, ids: Sequence[int]) -> Sequence[int]:
        homographs = None if of.asked is None else self._homographs(of.asked)
        return meant.put_first(articles.load(c, ids), homographs) if homographs else ids

    def _ranked(self, c: Connection, plan: Plan) -> list[int]:
        """The ids of all that the plan finds, the most relevant of the newest first."""
        a, by_time = t.articles.c, self._plans.rank(plan).desc()
        found = self._plans.select(plan, a.rank).order_by(by_time).limit(1).offset(RANKED_AT_MOST)
        last = c.execute(found).scalar()
        newest = plan if last is None else replace(plan, low=last + 1)
        order = (self._plans.relevance(plan), by_time)
        ids = list(c.execute(self._plans.select(newest, a.id).order_by(*order)).scalars())
        if last is not None:
            older = self._plans.select(replace(plan, high=last + 1), a.id).order_by(by_time)
            ids += c.execute(older).scalars()
        return ids

    def _by_time(self, c: Connection, plan: Plan, order: SearchOrder) -> Iterator[Sequence[int]]:
        a = t.articles.c
        while True:
            asked = self._plans.select(plan, a.id, a.rank)
            rank = self._plans.rank(plan)
            asked = asked.order_by(rank if order == "oldest" else rank.desc())
            rows = c.execute(asked.limit(CANDIDATES_AT_ONCE)).all()
            yield [row.id for row in rows]
            if len(rows) < CANDIDATES_AT_ONCE:
                return
            at = rows[-1].rank
            plan = replace(plan, low=at + 1) if order == "oldest" else replace(plan, high=at)


def _match(mentions: tuple[Mention, ...]) -> Match:
    return Match(topic="", version="", labels=(), score={}, mentions=mentions)


def _is_of_words(asked: query.Query) -> bool:
    """Whether the texts of an article decide alone."""
    other = query.Filter | query.ConceptRef | query.SavedRef
    return not any(isinstance(node, other) for node in query.walk(asked))


def holding(judged: Iterable[Judged | None]) -> Iterator[Judged]:
    """Those that satisfy the query."""
    return (one for one in judged if one is not None)


def collect(judged: Iterator[Judged | None], until: float) -> tuple[list[int], bool]:
    """The ids of those that satisfy the query, and whether all were judged before that moment of
    the monotonic clock."""
    found = []
    for one in judged:
        if one is not None:
            found.append(one.id)
        if clocks.monotonic() >= until:
            return found, next(judged, judged) is judged
    return found, True
