"""The nodes of a query tree, and functions that walk and rebuild trees."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Literal

Comparison = Literal[">=", "<=", "=", ">", "<"]
FilterName = Literal[
    "source", "country", "lang", "after", "before", "label", "theme", "actor", "side"
]
Spelling = Literal["forms", "exact", "name"]
"""How a search takes what was typed: with its other forms; in quotes, as it is; as a name in any
spelling and script. A topic's rule takes words as they are, and refuses names."""


@dataclass(frozen=True, slots=True)
class Word:
    """One plain word: without case, accents and invisible marks (see
    ``languages.normalization``).
    """

    text: str
    spelling: Spelling = field(default="forms", repr=False)  # see ConceptRef on the repr


@dataclass(frozen=True, slots=True)
class Phrase:
    """Consecutive plain words: in quotes (``exact``), or written as one (``l'irak``)."""

    words: tuple[str, ...]
    spelling: Spelling = field(default="exact", repr=False)


@dataclass(frozen=True, slots=True)
class Prefix:
    """Any word that begins with this plain text, of MIN_PREFIX letters or more."""

    text: str


@dataclass(frozen=True, slots=True)
class ConceptRef:
    """Any term of the lexicon's concept with this name."""

    name: str

    def __repr__(self) -> str:
        # A topic's version is a hash of the repr of its rules, and archives hold such versions:
        # the name that this class had when they were written stays.
        return f"Concept(name={self.name!r})"


@dataclass(frozen=True, slots=True)
class SavedRef:
    """A saved query by its slug; ``resolve`` replaces it before evaluation."""

    slug: str


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition on the item's metadata; false if the item does not have that metadata."""

    name: FilterName
    value: str


@dataclass(frozen=True, slots=True)
class InField:
    """The query, restricted to one field."""

    field: str
    query: Query


@dataclass(frozen=True, slots=True)
class Near:
    """Both sides in one field with at most ``distance`` words between them, in either order."""

    left: Query
    right: Query
    distance: int


@dataclass(frozen=True, slots=True)
class SameSentence:
    """Both sides in one sentence; if chained, all of them in the same one."""

    left: Query
    right: Query


@dataclass(frozen=True, slots=True)
class SentenceWithout:
    """The places of ``left`` in whose sentence ``right`` has none."""

    left: Query
    right: Query


@dataclass(frozen=True, slots=True)
class SameParagraph:
    """Both sides in one paragraph; if chained, all of them in the same one."""

    left: Query
    right: Query


@dataclass(frozen=True, slots=True)
class Count:
    """The number of the query's places in the text, compared with a number."""

    query: Query
    comparison: Comparison
    number: int

    def holds(self, count: int) -> bool:
        """Whether ``count`` places satisfy the comparison."""
        match self.comparison:
            case ">=":
                return count >= self.number
            case "<=":
                return count <= self.number
            case ">":
                return count > self.number
            case "<":
                return count < self.number
        return count == self.number


@dataclass(frozen=True, slots=True)
class And:
    """All parts hold."""

    parts: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one part holds."""

    parts: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The query does not hold."""

    query: Query


Query = (
    Word
    | Phrase
    | Prefix
    | ConceptRef
    | SavedRef
    | Filter
    | InField
    | Near
    | SameSentence
    | SentenceWithout
    | SameParagraph
    | Count
    | And
    | Or
    | Not
)
WATCH_LABEL = "doubtful"
"""The ``label:`` of articles just under a topic's threshold without any label; reserved."""
ARABIC_OPERATORS = {"و": "AND", "أو": "OR", "او": "OR", "ليس": "NOT", "قرب": "NEAR"}


def children(query: Query) -> tuple[Query, ...]:
    """The direct parts of a query, in order; empty for a leaf."""
    match query:
        case InField(_, inner) | Not(inner) | Count(inner):
            return (inner,)
        case (
            Near(left, right)
            | SameSentence(left, right)
            | SentenceWithout(left, right)
            | SameParagraph(left, right)
        ):
            return (left, right)
        case And(parts) | Or(parts):
            return parts
    return ()


def walk(query: Query) -> Iterator[Query]:
    """Yield the query and all its parts, parents before children, in order."""
    yield query
    for child in children(query):
        yield from walk(child)


def concept_names(query: Query) -> Iterator[str]:
    """The names of all concepts in the query, in order, with repetitions."""
    return (node.name for node in walk(query) if isinstance(node, ConceptRef))


def has_places(query: Query) -> bool:
    """Whether the query's result is a set of places, so that it can be counted or be near
    something.
    """
    match query:
        case Or(parts):
            return all(has_places(part) for part in parts)
        case InField(_, inner):
            return has_places(inner)
        case Filter() | Not() | And() | Count():
            return False
    return True


def map_children(query: Query, change: Callable[[Query], Query]) -> Query:
    """The query with ``change`` applied to its direct parts."""
    match query:
        case InField(_, inner) | Not(inner) | Count(inner):
            return replace(query, query=change(inner))
        case (
            Near(left, right)
            | SameSentence(left, right)
            | SentenceWithout(left, right)
            | SameParagraph(left, right)
        ):
            return replace(query, left=change(left), right=change(right))
        case And(parts) | Or(parts):
            return replace(query, parts=tuple(change(part) for part in parts))
    return query


def share_parts(query: Query, known: dict[Query, Query]) -> Query:
    """The query in which equal parts are one object, also across calls with the same ``known``."""
    return known.setdefault(query, map_children(query, lambda part: share_parts(part, known)))


def parse_day(value: str) -> date:
    """The first day of ``2026``, ``2026-11`` or ``2026-11-24``. Raises ValueError for anything
    else.
    """
    return date.fromisoformat(value + "-01-01"[3 * (value.count("-")) :])


def day_after(value: str) -> date:
    """The first day after the given year, month or day. Raises ValueError as ``parse_day`` does."""
    first = parse_day(value)
    match value.count("-"):
        case 0:
            return date(first.year + 1, 1, 1)
        case 1:
            return (first.replace(day=28) + timedelta(days=4)).replace(day=1)
    return first + timedelta(days=1)
