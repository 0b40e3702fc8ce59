"""A query as an SQL condition that holds for a superset of its answers.

Words and concepts become an expression for FTS5 or for PostgreSQL's ``simple`` search: a distance
becomes AND, a negation or an upper bound becomes no condition. Filters are compiled exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import UTC, datetime, time

import sqlalchemy as sa

from crawler import languages, query
from storage import tables as t
from storage.search.conditions import labelled, moment

Terms = Callable[[str], Collection[str]]
"""Gives the words of a concept: wherever the concept is mentioned, one of them stands."""


class Superset:
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

    def word(self, text: str) -> str:
        """The expression that finds articles with this plain word."""
        return self._words(query.Word(text))

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
                return labelled(topic or None, label)
            case "after":
                return moment() >= datetime.combine(query.parse_day(value), time(), UTC)
            case "before":
                return moment() < datetime.combine(query.parse_day(value), time(), UTC)

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
