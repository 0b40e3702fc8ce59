"""A query as a plan: conditions that hold for all of its answers, exact where the index decides.

Words and concepts become an expression of the full-text index, filters conditions. A distance
becomes AND, an upper bound no condition; then the evaluator has to judge what the plan finds.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from copy import copy
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from crawler import languages, query
from storage.concept_queries import ConceptsOfQuery
from storage.search import conditions
from storage.search.plan import ANYTHING, Plan, Plans

Terms = Callable[[str], Collection[str]]
"""Gives the words of a concept: wherever the concept is mentioned, one of them stands."""
WORDS_ARE_EXACT = False  # whether an article in which the index has a word is one with that word
_NOWHERE = "nothinghasthisword"


class Planner:
    """Makes plans of queries whose saved queries are resolved."""

    def __init__(self, plans: Plans, terms: Terms, countries: Mapping[str, str]) -> None:
        self._plans, self._terms, self._countries = plans, terms, countries
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
                return self._plans.none_of(self.plan(inner))
            case query.Word(text):
                return Plan(words=self.word(text), is_exact=WORDS_ARE_EXACT)
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
                return _loose(words=self._plans.all_words([self.word(word) for word in words]))
            case query.Prefix(text):
                return _loose(words=self._beginnings(text))
            case query.ConceptRef(name):
                return _loose(words=self._forms(self._terms(name)) or self._plans.word(_NOWHERE))
            case query.InField(_, inner) | query.SentenceWithout(inner, _):
                return self._part(inner)
            case query.Count(inner):
                return ANYTHING if asked.holds(0) else self._part(inner)
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
        return self._forms(languages.term_forms(text))

    def _beginnings(self, text: str) -> str:
        readings = languages.prefix_readings(text)
        keys = {key for one in readings for key in languages.prefix_keys(one)}
        return self._plans.any_words([self._plans.beginning(key) for key in sorted(keys)])

    def _forms(self, forms: Iterable[str]) -> str:
        keys = {key for form in forms for key in languages.index_keys(form)}
        return self._plans.any_words([self._plans.word(key) for key in sorted(keys)])


def _is_metadata(node: query.Query) -> bool:
    return isinstance(node, query.Filter | query.And | query.Or | query.Not)


def _loose(*, words: str) -> Plan:
    return Plan(words=words, is_exact=False)
