"""The archive, asked a Query: the full-text index proposes, the topics' own evaluator decides.

The tree is compiled to a *superset* as SQL: words and concepts for FTS5 or PostgreSQL's ``simple``
search (a distance becomes AND, what is refused or counted down becomes nothing), filters as they
are. Candidates are walked newest first by rank, and each is judged by the evaluator that judges
topics. So a search and a topic with the same words give the same answer.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from crawler import languages, query
from crawler.model import ArchivedArticle, Match, Mention
from storage import articles
from storage import tables as t
from storage.engine import read_connection
from storage.watchlist import watched

Evaluate = Callable[[query.Query, ArchivedArticle], "tuple[Mention, ...] | None"]
Terms = Callable[[str], Collection[str]]  # a concept → words of which one stands where it does
BATCH = 100  # candidates loaded at once: a page of results and its false friends


class SqlSearch:
    """See ``interfaces.Search``."""

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
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        sources: Collection[str] = (),
        languages: Collection[str] = (),
        topic: str | None = None,
        label: str | None = None,
        limit: int = 20,
    ) -> Sequence[tuple[ArchivedArticle, Match | None]]:
        where = _filters(since, until, sources, languages, topic, label)
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
        ids = sa.select(a.id, a.rank).where(*where).order_by(a.rank.desc()).limit(BATCH)
        below: int | None = None
        while True:
            rows = c.execute(ids if below is None else ids.where(a.rank < below)).all()
            if not rows:
                return
            yield [row.id for row in rows]
            below = rows[-1].rank


def _filters(
    since: datetime | None,
    until: datetime | None,
    sources: Collection[str],
    languages: Collection[str],
    topic: str | None,
    label: str | None,
) -> list[sa.ColumnElement[bool]]:
    a = t.articles.c
    where: list[sa.ColumnElement[bool]] = []
    if since is not None:
        where.append(_at() >= since)
    if until is not None:
        where.append(_at() < until)
    if sources:
        where.append(a.source.in_(list(sources)))
    if languages:
        where.append(a.language.in_(list(languages)))
    if topic is not None or label is not None:
        where.append(_labelled(topic, label))
    return where


def _at() -> sa.ColumnElement[Any]:
    a = t.articles.c
    return sa.func.coalesce(a.published_at, a.first_seen_at, type_=a.published_at.type)


def _labelled(topic: str | None, label: str | None) -> sa.ColumnElement[bool]:
    if label == query.ON_WATCH:
        return watched([topic] if topic else None)
    m = t.match_labels.c
    ids: Any = sa.select(m.article_id)
    if topic is not None:
        ids = ids.where(m.topic == topic)
    if label is not None:
        ids = ids.where(m.label == label)
    return t.articles.c.id.in_(ids)


class _Superset:
    """A query as a condition on ``articles`` that finds at least what the query finds."""

    def __init__(self, terms: Terms, countries: Mapping[str, str], sqlite: bool) -> None:
        self._terms, self._countries, self._sqlite = terms, countries, sqlite
        self._and, self._or = (" AND ", " OR ") if sqlite else (" & ", " | ")
        self._quote = '"{}"' if sqlite else "'{}'"

    def compile(self, asked: query.Query) -> sa.ColumnElement[bool]:
        """The condition. What has no filter within goes to the full-text index in one piece."""
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
                return _at() >= datetime.combine(query.day(value), time(), UTC)
            case "before":
                return _at() < datetime.combine(query.day(value), time(), UTC)

    def _words(self, asked: query.Query) -> str:
        """A query without filters as a full-text expression; "" where all may answer."""
        match asked:
            case query.Word(text):
                return self._forms(languages.term_forms(text))
            case query.Phrase(words):
                return self._all(self._forms(languages.term_forms(word)) for word in words)
            case query.Concept(name):
                return self._forms(self._terms(name)) or self._quote.format("nothinghasthisword")
            case query.InField(_, inner):
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
