"""Articles found by query and filters: some, a page with how many there are, all, or the number."""

from __future__ import annotations

import time as clocks
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing
from itertools import islice

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from crawler import query
from crawler.errors import NotFoundError
from crawler.model import (
    NO_FILTERS,
    ArchivedArticle,
    FoundArticles,
    Match,
    SearchFilters,
    SearchOrder,
)
from storage import tables as t
from storage import text_index
from storage.engine import read_connection
from storage.search.conditions import Conditions, conditions
from storage.search.judging import Answer, Evaluate, Judge, count, holding
from storage.search.occurring import occurring as find_occurring
from storage.search.superset import Superset, Terms
from storage.statements import possible_ids

COUNTING_SECONDS = 0.15  # for counting what a page does not show: a wait that no one notices


class SqlSearch:
    """Finds articles by query and filters, on SQLite and PostgreSQL alike.

    ``saved`` are the queries that a query may name with ``@``, by slug; ``countries`` maps slugs of
    sources to the countries that ``country:`` filters by.
    """

    def __init__(
        self,
        engine: Engine,
        evaluate: Evaluate,
        terms: Terms,
        *,
        saved: Mapping[str, query.Query] | None = None,
        countries: Mapping[str, str] | None = None,
    ) -> None:
        self._engine, self._terms = engine, terms
        self._judge = Judge(engine, evaluate)
        self._saved, self._countries = saved or {}, countries or {}

    def find(
        self,
        asked: query.Query | None,
        filters: SearchFilters = NO_FILTERS,
        *,
        limit: int = 20,
    ) -> Sequence[tuple[ArchivedArticle, Match | None]]:
        """At most ``limit`` articles that satisfy the query and the filters, newest first.

        Each comes with a Match that holds the mentions satisfying the query and nothing else, or
        with None if no query was given: then the filters alone choose. Raises QueryError if the
        query names an unknown saved query, or if saved queries name each other in a circle, and
        IndexDamagedError if nothing is found since the index is damaged.
        """
        asked, where = self._compile(asked, filters)
        with closing(self._judge.answers(asked, where, "newest")) as answers:
            found = list(islice(answers, limit))
        if asked is not None and not found:
            text_index.require(self._engine)
        return found

    def page(
        self,
        asked: query.Query | None,
        filters: SearchFilters = NO_FILTERS,
        *,
        limit: int = 20,
        order: SearchOrder = "newest",
        after: int | None = None,
        counting_seconds: float = COUNTING_SECONDS,
    ) -> FoundArticles:
        """At most ``limit`` articles as ``find`` gives them, in this order, and how many there are.

        ``after`` is the id of the article behind which they begin, so that what arrives meanwhile
        moves no page; NotFoundError if there is none of that id. Counting takes at most
        ``counting_seconds``; without a query the number is always exact.
        """
        asked, where = self._compile(asked, filters)
        ahead, behind = self._sides(where, order, after)
        if asked is None:
            with closing(self._judge.answers(None, ahead, order)) as answers:
                shown = list(islice(answers, limit + 1))
            return FoundArticles(
                articles=tuple(shown[:limit]),
                count=self._rows(where),
                is_exact=True,
                goes_on=len(shown) > limit,
            )
        with closing(self._judge.judged(asked, ahead, order)) as judged:
            found = list(islice(holding(judged), limit))
            until = clocks.monotonic() + counting_seconds
            more, is_all = count(judged, until)
        before, is_exact = 0, is_all
        if behind is not None:
            with closing(self._judge.judged(asked, behind, order)) as judged:
                before, is_counted = count(judged, until)
            is_exact = is_all and is_counted
        if not found and not before:
            text_index.require(self._engine)
        return FoundArticles(
            articles=tuple(found),
            count=before + len(found) + more,
            is_exact=is_exact,
            goes_on=more > 0 or not is_all,
        )

    def count(self, asked: query.Query | None, filters: SearchFilters = NO_FILTERS) -> int:
        """How many articles satisfy the query and the filters; each candidate is judged."""
        asked, where = self._compile(asked, filters)
        if asked is None:
            return self._rows(where)
        with closing(self._judge.answers(asked, where, "newest")) as answers:
            found = sum(1 for _ in answers)
        if not found:
            text_index.require(self._engine)
        return found

    def every(
        self,
        asked: query.Query | None,
        filters: SearchFilters = NO_FILTERS,
        *,
        order: SearchOrder = "newest",
        after: int | None = None,
    ) -> Iterator[Answer]:
        """All articles as ``page`` gives them, loaded as they are asked for."""
        asked, where = self._compile(asked, filters)
        ahead, _ = self._sides(where, order, after)
        found = False
        for answer in self._judge.answers(asked, ahead, order):
            found = True
            yield answer
        if asked is not None and not found and after is None:
            text_index.require(self._engine)

    def occurring(self, words: Collection[str]) -> frozenset[str]:
        """Those of the plain words that the archive's index has."""
        superset = Superset(self._terms, self._countries, self._engine.dialect.name == "sqlite")
        with read_connection(self._engine) as c:
            return find_occurring(c, {word: superset.word(word) for word in words})

    def _compile(
        self, asked: query.Query | None, filters: SearchFilters
    ) -> tuple[query.Query | None, Conditions]:
        """The query without names of saved ones, and the conditions on its candidates."""
        where = conditions(filters)
        if asked is not None:
            asked = query.resolve(asked, self._saved)
            sqlite = self._engine.dialect.name == "sqlite"
            where.append(Superset(self._terms, self._countries, sqlite).compile(asked))
        return asked, where

    def _sides(
        self, where: Conditions, order: SearchOrder, after: int | None
    ) -> tuple[Conditions, Conditions | None]:
        """The conditions on what stands behind an article in this order, and on the rest, the
        article itself among it; all and None without an article."""
        if after is None:
            return where, None
        a = t.articles.c
        with read_connection(self._engine) as c:
            rank = c.execute(sa.select(a.rank).where(a.id.in_(possible_ids([after])))).scalar()
        if rank is None:
            raise NotFoundError(f"no article {after} to go on after: give the last id of a page")
        if order == "newest":
            return [*where, a.rank < rank], [*where, a.rank >= rank]
        return [*where, a.rank > rank], [*where, a.rank <= rank]

    def _rows(self, where: Conditions) -> int:
        with read_connection(self._engine) as c:
            counted = c.execute(sa.select(sa.func.count()).select_from(t.articles).where(*where))
            return int(counted.scalar_one())
