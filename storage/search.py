"""Searching the archive: the full-text index proposes, the topics' own evaluator decides.

A query is compiled to an SQL condition that holds for a *superset* of its answers: words and
concepts become an expression for FTS5 or for PostgreSQL's ``simple`` search (a distance becomes
AND, a negation or an upper bound becomes no condition), filters are compiled exactly. Candidates
are read newest first, by rank, and the evaluator that serves topics judges each. So a search and a
topic with the same words give the same answer, on both databases.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from crawler import languages, query
from crawler.model import NO_FILTERS, ArchivedArticle, Match, Mention, SearchFilters
from storage import articles, text_index
from storage import tables as t
from storage.engine import read_connection
from storage.watchlist import watched

Evaluate = Callable[[query.Query, ArchivedArticle], "tuple[Mention, ...] | None"]
"""Gives the mentions that satisfy a query on an article, or None if the query does not hold."""
Terms = Callable[[str], Collection[str]]
"""Gives the words of a concept: wherever the concept is mentioned, one of them stands."""
CANDIDATES_AT_ONCE = 100  # loaded at a time: a page of results and those that are none


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
        where = _conditions(filters)
        if asked is not None:
            asked = query.resolve(asked, self._saved)
            sqlite = self._engine.dialect.name == "sqlite"
            where.append(_Superset(self._terms, self._countries, sqlite).compile(asked))
        found: list[tuple[ArchivedArticle, Match | None]] = []
        with read_connection(self._engine) as c:
            for batch in self._candidates(c, where):
                for kept in articles.load(c, batch):
                    answer = self._answer(asked, kept)
                    if answer is not None or asked is None:
                        found.append((kept, answer))
                    if len(found) == limit:
                        return found
        if asked is not None and not found:
            text_index.require(self._engine)
        return found

    def _answer(self, asked: query.Query | None, kept: ArchivedArticle) -> Match | None:
        mentions = self._evaluate(asked, kept) if asked is not None else None
        if mentions is None:
            return None
        return Match(topic="", version="", labels=(), score={}, mentions=mentions)

    def _candidates(
        self, c: Connection, where: list[sa.ColumnElement[bool]]
    ) -> Iterator[list[int]]:
        a = t.articles.c
        ids = (
            sa.select(a.id, a.rank).where(*where).order_by(a.rank.desc()).limit(CANDIDATES_AT_ONCE)
        )
        below: int | None = None
        while True:
            rows = c.execute(ids if below is None else ids.where(a.rank < below)).all()
            if not rows:
                return
            yield [row.id for row in rows]
            below = rows[-1].rank


def _conditions(filters: SearchFilters) -> list[sa.ColumnElement[bool]]:
    a = t.articles.c
    where: list[sa.ColumnElement[bool]] = []
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
