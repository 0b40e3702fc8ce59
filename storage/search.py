"""Searching the archive: the full-text index proposes, the topics' own evaluator decides.

A query is compiled to an SQL condition that holds for a *superset* of its answers: words and
concepts become an expression for FTS5 or for PostgreSQL's ``simple`` search (a distance becomes
AND, a negation or an upper bound becomes no condition), filters are compiled exactly. Candidates
are read by rank, newest or oldest first, and the evaluator that serves topics judges each. So a
search and a topic with the same words give the same answer, on both databases.
"""

from __future__ import annotations

import time as clocks
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime, time
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from crawler import languages, query
from crawler.errors import NotFoundError
from crawler.model import (
    NO_FILTERS,
    ArchivedArticle,
    FoundArticles,
    Match,
    Mention,
    SearchFilters,
    SearchOrder,
)
from storage import articles, text_index
from storage import tables as t
from storage.engine import read_connection
from storage.statements import possible_ids
from storage.watchlist import watched

Evaluate = Callable[[query.Query, ArchivedArticle], "tuple[Mention, ...] | None"]
"""Gives the mentions that satisfy a query on an article, or None if the query does not hold."""
Terms = Callable[[str], Collection[str]]
"""Gives the words of a concept: wherever the concept is mentioned, one of them stands."""
CANDIDATES_AT_ONCE = 100  # loaded at a time: a page of results and those that are none
COUNTING_SECONDS = 0.15  # for counting what a page does not show: a wait that no one notices
_Answer = tuple[ArchivedArticle, Match | None]
_Conditions = list[sa.ColumnElement[bool]]


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
        self._engine, self._evaluate, self._terms = engine, evaluate, terms
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
        with closing(self._answers(asked, where, "newest")) as answers:
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
            with closing(self._answers(None, ahead, order)) as answers:
                shown = list(islice(answers, limit + 1))
            return FoundArticles(
                articles=tuple(shown[:limit]),
                count=self._rows(where),
                is_exact=True,
                goes_on=len(shown) > limit,
            )
        with closing(self._judged(asked, ahead, order)) as judged:
            found = list(islice(_holding(judged), limit))
            until = clocks.monotonic() + counting_seconds
            more, is_all = _count(judged, until)
        before, is_exact = 0, is_all
        if behind is not None:
            with closing(self._judged(asked, behind, order)) as judged:
                before, is_counted = _count(judged, until)
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
        with closing(self._answers(asked, where, "newest")) as answers:
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
    ) -> Iterator[_Answer]:
        """All articles as ``page`` gives them, loaded as they are asked for."""
        asked, where = self._compile(asked, filters)
        ahead, _ = self._sides(where, order, after)
        found = False
        for answer in self._answers(asked, ahead, order):
            found = True
            yield answer
        if asked is not None and not found and after is None:
            text_index.require(self._engine)

    def _compile(
        self, asked: query.Query | None, filters: SearchFilters
    ) -> tuple[query.Query | None, _Conditions]:
        """The query without names of saved ones, and the conditions on its candidates."""
        where = _conditions(filters)
        if asked is not None:
            asked = query.resolve(asked, self._saved)
            sqlite = self._engine.dialect.name == "sqlite"
            where.append(_Superset(self._terms, self._countries, sqlite).compile(asked))
        return asked, where

    def _sides(
        self, where: _Conditions, order: SearchOrder, after: int | None
    ) -> tuple[_Conditions, _Conditions | None]:
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

    def _rows(self, where: _Conditions) -> int:
        with read_connection(self._engine) as c:
            counted = c.execute(sa.select(sa.func.count()).select_from(t.articles).where(*where))
            return int(counted.scalar_one())

    def _answers(
        self, asked: query.Query | None, where: _Conditions, order: SearchOrder
    ) -> Generator[_Answer]:
        with closing(self._judged(asked, where, order)) as judged:
            yield from _holding(judged)

    def _judged(
        self, asked: query.Query | None, where: _Conditions, order: SearchOrder
    ) -> Generator[_Answer | None]:
        """Each candidate with the query's answer; None for one that does not satisfy it."""
        with read_connection(self._engine) as c:
            for batch in self._candidates(c, where, order):
                for kept in articles.load(c, batch):
                    answer = self._answer(asked, kept)
                    yield (kept, answer) if asked is None or answer is not None else None

    def _answer(self, asked: query.Query | None, kept: ArchivedArticle) -> Match | None:
        mentions = self._evaluate(asked, kept) if asked is not None else None
        if mentions is None:
            return None
        return Match(topic="", version="", labels=(), score={}, mentions=mentions)

    def _candidates(
        self, c: Connection, where: _Conditions, order: SearchOrder
    ) -> Iterator[list[int]]:
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


def _holding(judged: Iterable[_Answer | None]) -> Iterator[_Answer]:
    return (one for one in judged if one is not None)


def _count(judged: Iterator[_Answer | None], until: float) -> tuple[int, bool]:
    """How many of the candidates hold, and whether all were judged before that moment."""
    found = 0
    for one in judged:
        found += one is not None
        if clocks.monotonic() >= until:
            return found, next(judged, judged) is judged
    return found, True


def _conditions(filters: SearchFilters) -> _Conditions:
    a = t.articles.c
    where: _Conditions = []
    if filters.since is not None:
        where.append(_at() >= filters.since)
    if filters.until is not None:
        where.append(_at() < filters.until)
    if filters.sources:
        where.append(a.source.in_(filters.sources))
    if filters.languages:
        where.append(a.language.in_(filters.languages))
    if filters.topic is not None or filters.label is not None:
        where.append(_labelled(filters.topic, filters.label))
    return where


def _at() -> sa.ColumnElement[Any]:
    a = t.articles.c
    return sa.func.coalesce(a.published_at, a.first_seen_at, type_=a.published_at.type)


def _labelled(topic: str | None, label: str | None) -> sa.ColumnElement[bool]:
    if label == query.WATCH_LABEL:
        return watched([topic] if topic else None)
    m = t.match_labels.c
    ids: Any = sa.select(m.article_id)
    if topic is not None:
        ids = ids.where(m.topic == topic)
    if label is not None:
        ids = ids.where(m.label == label)
    return t.articles.c.id.in_(ids)


class _Superset:
    """Compiles a query to a condition on ``articles`` that holds wherever the query holds."""

    def __init__(self, terms: Terms, countries: Mapping[str, str], sqlite: bool) -> None:
        self._terms, self._countries, self._sqlite = terms, countries, sqlite
        self._and, self._or = (" AND ", " OR ") if sqlite else (" & ", " | ")
        self._quote = '"{}"' if sqlite else "'{}'"

    def compile(self, asked: query.Query) -> sa.ColumnElement[bool]:
        """The condition; a part without filters becomes one expression for the full-text index."""
        nodes = list(query.walk(asked))
        if not any(isinstance(node, query.Filter) for node in nodes):
            return self._indexed(self._words(asked))
        match asked:
            case query.Filter():
                return self._filter(asked)
            case query.And(parts):
                return sa.and_(*map(self.compile, parts))
            case query.Or(parts):
                return sa.or_(*map(self.compile, parts))
            case query.InField(_, inner):
                return self.compile(inner)
        return sa.true()

    def _indexed(self, words: str) -> sa.ColumnElement[bool]:
        if not words:
            return sa.true()
        found: sa.TextClause = sa.text(
            "SELECT rowid FROM article_text WHERE article_text MATCH :words"
            if self._sqlite
            else "SELECT rowid FROM article_text WHERE words @@ to_tsquery('simple', :words)"
        )
        found = found.bindparams(sa.bindparam("words", words, unique=True))
        return t.articles.c.rank.in_(found.columns(sa.column("rowid", sa.BigInteger)))

    def _filter(self, asked: query.Filter) -> sa.ColumnElement[bool]:
        a, value = t.articles.c, asked.value
        match asked.name:
            case "source":
                return a.source == value
            case "country":
                return a.source.in_(
                    [s for s, country in self._countries.items() if country == value]
                )
            case "lang":
                return a.language == value
            case "label":
                topic, _, label = value.rpartition("/")
                return _labelled(topic or None, label)
            case "after":
                return _at() >= datetime.combine(query.parse_day(value), time(), UTC)
            case "before":
                return _at() < datetime.combine(query.parse_day(value), time(), UTC)

    def _words(self, asked: query.Query) -> str:
        """A query without filters as a full-text expression; "" if any article may satisfy it."""
        match asked:
            case query.Word(text):
                return self._forms(languages.term_forms(text))
            case query.Phrase(words):
                return self._all(self._forms(languages.term_forms(word)) for word in words)
            case query.ConceptRef(name):
                return self._forms(self._terms(name)) or self._quote.format("nothinghasthisword")
            case query.InField(_, inner) | query.SentenceWithout(inner, _):
                return self._words(inner)
            case query.Count(inner):
                return "" if asked.holds(0) else self._words(inner)
            case (
                query.Near(left, right)
                | query.SameSentence(left, right)
                | query.SameParagraph(left, right)
            ):
                return self._all((self._words(left), self._words(right)))
            case query.And(parts):
                return self._all(self._words(part) for part in parts)
            case query.Or(parts):
                compiled = [self._words(part) for part in parts]
                return self._any(compiled) if all(compiled) else ""
        return ""

    def _forms(self, forms: Iterable[str]) -> str:
        keys = {key for form in forms for key in languages.index_keys(form)}
        return self._any(self._quote.format(key) for key in sorted(keys))

    def _all(self, parts: Iterable[str]) -> str:
        kept = [part for part in parts if part]
        return f"({self._and.join(kept)})" if len(kept) > 1 else "".join(kept)

    def _any(self, parts: Iterable[str]) -> str:
        kept = [part for part in parts if part]
        return f"({self._or.join(kept)})" if len(kept) > 1 else "".join(kept)
