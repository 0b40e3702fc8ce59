"""A query as a plan: conditions that hold for all of its answers, exact where the index decides.

Words and phrases become an expression of the full-text index, which decides them; so do filters as
conditions. Of concepts, all words; a distance becomes AND, an upper bound no condition; then the
evaluator has to judge what the plan finds. An article that the index has only in part is found by
every plan, and judged.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import replace
from itertools import pairwise
from typing import Any

import sqlalchemy as sa

from crawler import languages, query
from crawler.languages.index_text import prefix_tokens, tokens_of_forms
from storage.concept_queries import ConceptsOfQuery
from storage.search import conditions
from storage.search.plan import ANYTHING, Plan, Plans

Terms = Callable[[str], Collection[str]]
"""Gives the words of a concept: wherever the concept is mentioned, one of them stands."""
Occurring = Callable[[Mapping[str, str]], frozenset[str]]
"""Gives those of the names whose expression some article satisfies."""
_NOWHERE = "nothinghasthisword"


class Planner:
    """Makes plans of queries whose saved queries are resolved."""

    def __init__(
        self, plans: Plans, terms: Terms, countries: Mapping[str, str], occurring: Occurring
    ) -> None:
        self._plans, self._terms, self._countries = plans, terms, countries
        self._occurring = occurring
        self._concepts = ConceptsOfQuery()

    def knowing(self, concepts: ConceptsOfQuery) -> Planner:
        """A planner of queries whose concepts are these."""
        planner = copy(self)
        planner._concepts = concepts
        return planner

    def plan(self, asked: query.Query) -> Plan:
        """The plan of a query."""
        if (ranks := self._indexed(asked)) is not None:
            return Plan(ranks=(ranks,))
        match asked:
            case query.Filter():
                return conditions.of_filter(asked, self._countries)
            case query.And(parts):
                return self._plans.all_of([self.plan(part) for part in parts])
            case query.Or(parts):
                return self._plans.any_of([self.plan(part) for part in parts])
            case query.Not(inner):
                return self._plans.none_of(self.plan(inner), of_words=asks_for_words(inner))
            case query.Word(text):
                return Plan(words=self._plans.perhaps(self.word(text)))
            case query.Phrase(words) if followed := self._phrase(words):
                return Plan(words=self._plans.perhaps(followed))
        return self._judged(asked)

    def _indexed(self, asked: query.Query) -> sa.Select[Any] | None:
        """The ranks of all answers, if the index of concepts gives them."""
        match asked:
            case query.ConceptRef(name):
                return self._concepts.articles(name)
            case query.SameSentence(query.ConceptRef(one), query.ConceptRef(other)):
                return self._concepts.articles_with_both_in_a_sentence(one, other)
        return None

    def _judged(self, asked: query.Query) -> Plan:
        """The plan of what the evaluator has to judge."""
        match asked:
            case query.Phrase(words):
                return self._loose(self._plans.all_words(list(map(self._pair, pairwise(words)))))
            case query.Prefix(text):
                return self._loose(self._beginnings(text))
            case query.ConceptRef(name):
                return self._loose(self._forms(self._terms(name)) or self._plans.word(_NOWHERE))
            case query.InField(_, inner) | query.SentenceWithout(inner, _):
                return self._part(inner)
            case query.Count(inner):
                return ANYTHING if asked.holds(0) else self._part(inner)
            case query.Near(left, right, distance) if near := self._near(left, right, distance):
                return self._loose(near)
            case (
                query.Near(left, right)
                | query.SameSentence(left, right)
                | query.SameParagraph(left, right)
            ):
                return self._plans.all_of([self._part(left), self._part(right)])
        return ANYTHING

    def _part(self, asked: query.Query) -> Plan:
        """The plan of a part that has to hold somewhere in the text: that it does not hold in one
        place says nothing of the text."""
        match asked:
            case query.Not(inner) if not all(_is_metadata(node) for node in query.walk(inner)):
                return ANYTHING
            case query.And(parts):
                return self._plans.all_of([self._part(part) for part in parts])
            case query.Or(parts):
                return self._plans.any_of([self._part(part) for part in parts])
        plan = self.plan(asked)
        is_exact = all(_is_metadata(node) for node in query.walk(asked))
        return replace(plan, is_exact=plan.is_exact and is_exact)

    def word(self, text: str) -> str:
        """The expression that finds articles with this plain word."""
        return self._forms(languages.query_forms(text))

    def _beginnings(self, text: str) -> str:
        readings = languages.prefix_readings(text)
        keys = {key for one in readings for key in prefix_tokens(one)}
        return self._plans.any_words([self._plans.beginning(key) for key in sorted(keys)])

    def _forms(self, forms: Iterable[str]) -> str:
        tokens = tokens_of_forms(frozenset(forms))
        return self._plans.any_words([self._plans.word(token) for token in sorted(tokens)])

    def _phrase(self, words: Sequence[str]) -> str:
        """The expression that finds articles with these words behind each other; "" if there are
        too many spellings of it."""
        found = [self._there([word]) for word in words]
        return self._plans.phrase(found) if all(found) else self._plans.word(_NOWHERE)

    def _near(self, left: query.Query, right: query.Query, distance: int) -> str:
        """An expression that finds all articles with a word of each side near the other; "" if it
        is not of words, or of too many spellings."""
        sides = [words_of(side) for side in (left, right)]
        if not all(sides):
            return ""
        found = [self._there(words) for words in sides]
        # between two words stands an end of a sentence at most
        return (
            self._plans.near(found, 2 * distance + 1) if all(found) else self._plans.word(_NOWHERE)
        )

    def _there(self, words: Iterable[str]) -> list[str]:
        """The tokens of these words that some article has."""
        tokens = {token for word in words for token in tokens_of_forms(languages.query_forms(word))}
        return sorted(self._occurring({token: self._plans.word(token) for token in tokens}))

    def _pair(self, words: tuple[str, str]) -> str:
        return self._phrase(words) or self._plans.all_words([self.word(word) for word in words])

    def _loose(self, words: str) -> Plan:
        return Plan(words=self._plans.perhaps(words), is_exact=False)


def words_of(asked: query.Query) -> tuple[str, ...]:
    """The words of a query for one of them; empty for any other."""
    match asked:
        case query.Word(text):
            return (text,)
        case query.Or(parts) if all(isinstance(part, query.Word) for part in parts):
            return tuple(part.text for part in parts if isinstance(part, query.Word))
    return ()


def asks_for_words(asked: query.Query) -> bool:
    """Whether the index of words has a part in the answer."""
    return any(
        isinstance(node, query.Word | query.Phrase | query.Prefix) for node in query.walk(asked)
    )


def _is_metadata(node: query.Query) -> bool:
    return isinstance(node, query.Filter | query.And | query.Or | query.Not)
