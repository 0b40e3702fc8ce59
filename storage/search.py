"""The archive, asked a Query: the full-text index proposes, the topics' own evaluator decides.

The tree is compiled to a *superset* for FTS5 or PostgreSQL's ``simple`` search (a distance becomes
AND, a NOT becomes nothing), candidates are walked newest first by rank, and each is judged by the
evaluator that judges topics. So a search and a topic with the same words give the same answer.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from crawler import languages, query
from crawler.model import ArchivedArticle, Article, Match, Mention
from storage import tables as t
from storage.archive import SqlArchive

Evaluate = Callable[[query.Query, Article], "tuple[Mention, ...] | None"]
Terms = Callable[[str], Sequence[tuple[str, ...]]]
BATCH = 100  # candidates loaded at once: a page of results and its false friends


class SqlSearch:
    """See ``interfaces.Search``."""

    def __init__(self, engine: Engine, evaluate: Evaluate, terms: Terms) -> None:
        self._engine, self._evaluate, self._terms = engine, evaluate, terms
        self._archive = SqlArchive(engine, lambda name: None)

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
        found: list[tuple[ArchivedArticle, Match | None]] = []
        with self._engine.connect() as c, c.begin():
            for batch in self._candidates(c, asked, where):
                for kept in self._archive.load(c, batch):
                    answer = self._answer(asked, kept)
                    if answer is not None or asked is None:
                        found.append((kept, answer))
                    if len(found) == limit:
                        return found
        return found

    def _answer(self, asked: query.Query | None, kept: ArchivedArticle) -> Match | None:
        mentions = self._evaluate(asked, kept.article) if asked is not None else None
        if mentions is None:
            return None
        return Match(topic="", version="", labels=(), score={}, mentions=mentions)

    def _candidates(
        self, c: Connection, asked: query.Query | None, where: list[sa.ColumnElement[bool]]
    ) -> Iterator[list[int]]:
        a = t.articles.c
        ids = sa.select(a.id, a.rank).order_by(a.rank.desc()).limit(BATCH)
        sqlite = self._engine.dialect.name == "sqlite"
        if asked is not None and (words := _Superset(self._terms, sqlite).compile(asked)):
            clause = (
                "articles.rank IN (SELECT rowid FROM article_text WHERE article_text MATCH :words)"
                if sqlite
                else "articles.rank IN (SELECT rowid FROM article_text WHERE words @@ to_tsquery('simple', :words))"
            )
            ids = ids.where(sa.text(clause).bindparams(words=words))
        below: int | None = None
        while True:
            page = ids.where(*where)
            rows = c.execute(page if below is None else page.where(a.rank < below)).all()
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
    a, m = t.articles.c, t.match_labels.c
    at = sa.func.coalesce(a.published_at, a.first_seen_at, type_=a.published_at.type)
    where: list[sa.ColumnElement[bool]] = []
    if since is not None:
        where.append(at >= since)
    if until is not None:
        where.append(at < until)
    if sources:
        where.append(a.source.in_(list(sources)))
    if languages:
        where.append(a.language.in_(list(languages)))
    if topic is not None or label is not None:
        labelled: Any = sa.select(m.article_id)
        if topic is not None:
            labelled = labelled.where(m.topic == topic)
        if label is not None:
            labelled = labelled.where(m.label == label)
        where.append(a.id.in_(labelled))
    return where


class _Superset:
    """A query as a full-text expression that finds at least what the query finds; "" is all."""

    def __init__(self, terms: Terms, sqlite: bool) -> None:
        self._terms = terms
        self._and, self._or = (" AND ", " OR ") if sqlite else (" & ", " | ")
        self._quote = '"{}"' if sqlite else "'{}'"

    def compile(self, asked: query.Query) -> str:
        match asked:
            case query.Word(text):
                return self._any(self._quote.format(s) for s in languages.spellings(text))
            case query.Phrase(words):
                return self._all(self.compile(query.Word(word)) for word in words)
            case query.Concept(name):
                first = {words[0] for words in self._terms(name) if words}
                return self._any(self.compile(query.Word(word)) for word in sorted(first)) or (
                    self._quote.format("nothinghasthisword")
                )
            case query.InField(_, inner):
                return self.compile(inner)
            case query.Near(left, right) | query.SameSentence(left, right):
                return self._all((self.compile(left), self.compile(right)))
            case query.And(parts):
                return self._all(self.compile(part) for part in parts)
            case query.Or(parts):
                compiled = [self.compile(part) for part in parts]
                return self._any(compiled) if all(compiled) else ""
            case _:
                return ""

    def _all(self, parts: Iterator[str] | Sequence[str]) -> str:
        kept = [part for part in parts if part]
        return f"({self._and.join(kept)})" if len(kept) > 1 else "".join(kept)

    def _any(self, parts: Iterator[str] | Sequence[str]) -> str:
        kept = [part for part in parts if part]
        return f"({self._or.join(kept)})" if len(kept) > 1 else "".join(kept)
