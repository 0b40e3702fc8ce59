"""What a topic is made of: concepts with their terms, labels with their rules, themes and noise.

Records only. ``topicfiles`` reads them from seed files, ``terms`` makes concepts ready to be found,
``matching`` judges by them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from crawler.model import Actor, Language
from crawler.query import Query

LINE = 0.5  # a label's score that holds has at least this
DOUBTFUL = 0.25  # and one that has at least this is doubtful, unless the topic says otherwise


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A word or phrase of a concept, as written.

    ``inflect`` names, word by word from the last one backwards, how it changes ("" : not at all).
    ``traps`` veto this term only. A term with an ``actor`` names a person or an institution; it
    counts in articles dated within ``valid_from`` and ``valid_until`` (both inclusive) or undated.
    One with ``only_in`` is tried on texts of those languages, and where none can be told.
    """

    text: str
    language: Language
    inflect: tuple[str, ...] = ()
    traps: tuple[str, ...] = ()
    actor: Actor | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    only_in: tuple[Language, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept:
    """A named set of terms in several languages, and the contexts in which they mean another thing."""

    name: str
    title: dict[Language, str]
    terms: tuple[Term, ...]
    traps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """What adds to a label's score, or takes from it, where the rule holds."""

    rule: Query
    add: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """One answer a topic can give: its rule, and the label without which it never holds."""

    name: str
    title: dict[Language, str]
    rule: Query
    needs: str | None = None
    weights: tuple[Weight, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Noise:
    """What only looks like the subject: where its rule holds, labels lose ``less`` of their score."""

    name: str
    rule: Query
    less: float = 1.0
    takes: tuple[str, ...] = ()  # labels; empty: all


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A text a topic must label so, checked by ``rasd seeds check``; ``line`` of its file."""

    text: str
    labels: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """Named, versioned rules over concepts. ``version`` changes with anything that can change a verdict."""

    slug: str
    title: dict[Language, str]
    labels: dict[str, Label]
    concepts: dict[str, Concept]
    version: str
    enumerated: tuple[str, ...] = ()  # concepts that a run of names takes away …
    enumerated_at_least: int = 3  # … when it is at least so long
    themes: Mapping[str, Query] = field(default_factory=dict)
    noise: tuple[Noise, ...] = ()
    doubtful: float = DOUBTFUL
    examples: tuple[Example, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedQuery:
    """A search worth a name: ``@slug`` stands for it in any query."""

    slug: str
    title: dict[Language, str]
    query: Query
    labels: tuple[tuple[str, str], ...] = ()  # each label it asks for, and where: file:line:column
