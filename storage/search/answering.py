"""A search bound to one moment of the archive: pages, counts and exports that agree."""

from __future__ import annotations

import time as clocks
from collections.abc import Callable, Generator, Mapping
from contextlib import closing
from dataclasses import replace
from itertools import islice

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from crawler import query
from crawler.errors import NotFoundError
from crawler.model import NO_FILTERS, FoundArticles, SearchFilters, SearchOrder
from storage import tables as t
from storage.search.facets import columns, count, of_ids
from storage.search.judging import Answer, Cut, Judge, Question, collect, holding
from storage.search.plan import Plan, Plans
from storage.statements import possible_ids

COUNTING_SECONDS = 0.15  # for counting what a page does not show: a wait that no one notices
FACETS_SECONDS = 10.0  # for judging all answers, where facets are asked for
MAX_NAMED = 5  # concepts in a note
Ask = Callable[[Connection, query.Query | None, SearchFilters], Question]


class SearchAtOneMoment:
    """Answers of the archive as it is when the first of them is asked for; ``SqlSearch`` describes
    them."""

    def __init__(
        self,
        c: Connection,
        plans: Plans,
        judge: Judge,
        ask: Ask,
        countries: Mapping[str, str],
    ) -> None:
        self._c, self._plans, self._judge, self._ask = c, plans, judge, ask
        self._countries = countries

    def page(
        self,
        asked: query.Query | None,
        filters: SearchFilters = NO_FILTERS,
        *,
        limit: int = 20,
        order: SearchOrder = "newest",
        after: int | None = None,
        facets: bool = False,
        counting_seconds: float | None = None,
    ) -> FoundArticles:
        """As ``SqlSearch.page``."""
        question = self._ask(self._c, asked, filters)
        if counting_seconds is None:
            counting_seconds = FACETS_SECONDS if facets else COUNTING_SECONDS
        ahead, behind = self._sides(question, order, after)
        if question.plan.is_exact:
            page = self._exact_page(question, ahead, order, limit)
            counted = self._plans.select(question.plan, *columns())
        else:
            page, ids = self._judged_page(ahead, behind, order, limit, counting_seconds)
            counted = of_ids(ids, self._c.dialect.name)
        page = replace(page, notes=(*page.notes, *_notes(question)))
        if not (facets and page.is_exact):
            return page
        total, found, histogram = count(self._c, counted, self._countries)
        return replace(page, count=total, facets=found, histogram=histogram)

    def count(self, asked: query.Query | None, filters: SearchFilters = NO_FILTERS) -> int:
        """As ``SqlSearch.count``."""
        question = self._ask(self._c, asked, filters)
        if question.plan.is_exact:
            return self._rows(question.plan)
        with closing(self._judge.judged(self._c, question, "newest")) as judged:
            return sum(1 for _ in holding(judged))

    def every(
        self,
        asked: query.Query | None,
        filters: SearchFilters = NO_FILTERS,
        *,
        order: SearchOrder = "newest",
        after: int | None = None,
    ) -> Generator[Answer]:
        """As ``SqlSearch.every``."""
        ahead, _ = self._sides(self._ask(self._c, asked, filters), order, after)
        return self._judge.answers(self._c, ahead, order)

    def _exact_page(
        self, question: Question, ahead: Question, order: SearchOrder, limit: int
    ) -> FoundArticles:
        with closing(self._judge.answers(self._c, ahead, order)) as answers:
            shown = list(islice(answers, limit + 1))
        return FoundArticles(
            articles=tuple(shown[:limit]),
            count=self._rows(question.plan),
            is_exact=True,
            goes_on=len(shown) > limit,
        )

    def _judged_page(
        self,
        ahead: Question,
        behind: Question | None,
        order: SearchOrder,
        limit: int,
        counting_seconds: float,
    ) -> tuple[FoundArticles, list[int]]:
        """The page, and the ids of all answers that could be counted in time."""
        with closing(self._judge.judged(self._c, ahead, order)) as judged:
            found = list(self._judge.loaded(self._c, ahead, islice(holding(judged), limit)))
            until = clocks.monotonic() + counting_seconds
            more, is_all = collect(judged, until)
        before, is_counted = list[int](), True
        if behind is not None:
            with closing(self._judge.judged(self._c, behind, order)) as judged:
                before, is_counted = collect(judged, until)
        ids = [*before, *(kept.id for kept, _ in found), *more]
        page = FoundArticles(
            articles=tuple(found),
            count=len(ids),
            is_exact=is_all and is_counted,
            goes_on=bool(more) or not is_all,
        )
        return page, ids

    def _rows(self, plan: Plan) -> int:
        counted = self._c.execute(self._plans.select(plan, sa.func.count()))
        return int(counted.scalar_one())

    def _sides(
        self, question: Question, order: SearchOrder, after: int | None
    ) -> tuple[Question, Question | None]:
        """What stands behind an article in this order, and the rest, the article itself among it;
        all and None without an article."""
        if after is None:
            return question, None
        if order == "relevance" and question.plan.words:
            behind, before = Cut(after, is_behind=True), Cut(after, is_behind=False)
            return replace(question, cut=behind), replace(question, cut=before)
        a = t.articles.c
        rank = self._c.execute(sa.select(a.rank).where(a.id.in_(possible_ids([after])))).scalar()
        if rank is None:
            raise NotFoundError(f"no article {after} to go on after: give the last id of a page")
        if order == "oldest":
            return self._within(question, low=rank + 1), self._within(question, high=rank + 1)
        return self._within(question, high=rank), self._within(question, low=rank)

    def _within(
        self, question: Question, *, low: int | None = None, high: int | None = None
    ) -> Question:
        plan = self._plans.all_of([question.plan, Plan(low=low, high=high)])
        return replace(question, plan=plan)


def _notes(question: Question) -> list[str]:
    """That concepts are not in the index yet, if they are not."""
    if not question.missing:
        return []
    few, more = question.missing[:MAX_NAMED], len(question.missing) - MAX_NAMED
    named = ", ".join(few) + (f" and {more} more" if more > 0 else "")
    return [f"not in the index yet, and so looked for word by word: {named}"]
