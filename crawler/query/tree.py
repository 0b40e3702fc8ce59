"""The trees of the query language: their nodes and how to walk and rebuild them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

Comparison = Literal[">=", "<=", "=", ">", "<"]
FilterName = Literal["source", "country", "lang", "after", "before", "label"]


@dataclass(frozen=True, slots=True)
class Word:
    """One word, plain: its case, accents and marks gone, its letters kept."""

    text: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words one after the other, plain."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Concept:
    """Any term of a concept of the lexicon."""

    name: str


@dataclass(frozen=True, slots=True)
class Saved:
    """A saved query by its slug; ``resolve`` puts it in place before anything is asked."""

    slug: str


@dataclass(frozen=True, slots=True)
class Filter:
    """A fact about the item. False where the item does not have it."""

    name: FilterName
    value: str


@dataclass(frozen=True, slots=True)
class InField:
    """The query, asked of one field only."""

    field: str
    query: Query


@dataclass(frozen=True, slots=True)
class Near:
    """Both, with at most ``distance`` words between them, in either order, in one field."""

    left: Query
    right: Query
    distance: int


@dataclass(frozen=True, slots=True)
class SameSentence:
    """Both within one sentence; chained, all of them in that one sentence."""

    left: Query
    right: Query


@dataclass(frozen=True, slots=True)
class SameParagraph:
    """Both within one paragraph; chained, all of them in that one paragraph."""

    left: Query
    right: Query


@dataclass(frozen=True, slots=True)
class Count:
    """How many places the query has, compared with a number."""

    query: Query
    comparison: Comparison
    number: int

    def holds(self, count: int) -> bool:
        """Whether ``count`` places are as asked."""
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
    parts: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Not:
    query: Query


Query = (
    Word | Phrase | Concept | Saved | Filter | InField | Near | SameSentence | SameParagraph
    | Count | And | Or | Not
)  # fmt: skip
ON_WATCH = "doubtful"
"""As a ``label:``, what scored just under the line of a topic and got no label; no topic's own label."""
ARABIC_OPERATORS = {"و": "AND", "أو": "OR", "او": "OR", "ليس": "NOT", "قرب": "NEAR"}


def children(query: Query) -> tuple[Query, ...]:
    """The queries directly within a query, in order."""
    match query:
        case InField(_, inner) | Not(inner) | Count(inner):
            return (inner,)
        case Near(left, right) | SameSentence(left, right) | SameParagraph(left, right):
            return (left, right)
        case And(parts) | Or(parts):
            return parts
    return ()


def walk(query: Query) -> Iterator[Query]:
    """The query and everything within it, outside in, in order."""
    yield query
    for child in children(query):
        yield from walk(child)


def concepts(query: Query) -> Iterator[str]:
    """The names of the concepts a query asks for, in order, with repeats."""
    return (node.name for node in walk(query) if isinstance(node, Concept))


def has_places(query: Query) -> bool:
    """Whether a query's answer is a set of places, so that distances and counts have meaning."""
    match query:
        case Or(parts):
            return all(has_places(part) for part in parts)
        case InField(_, inner):
            return has_places(inner)
        case Filter() | Not() | And() | Count():
            return False
    return True


def rebuilt(query: Query, change: Callable[[Query], Query]) -> Query:
    """The query with ``change`` applied to what stands directly within it."""
    match query:
        case InField(_, inner) | Not(inner) | Count(inner):
            return replace(query, query=change(inner))
        case Near(left, right) | SameSentence(left, right) | SameParagraph(left, right):
            return replace(query, left=change(left), right=change(right))
        case And(parts) | Or(parts):
            return replace(query, parts=tuple(change(part) for part in parts))
    return query


def shared(query: Query, known: dict[Query, Query]) -> Query:
    """The query with each part that equals a known one being that very one; new parts become known."""
    return known.setdefault(query, rebuilt(query, lambda part: shared(part, known)))


def day(value: str) -> date:
    """The first day of ``2026``, ``2026-11`` or ``2026-11-24``; ValueError for anything else."""
    return date.fromisoformat(value + "-01-01"[3 * (value.count("-")) :])


def day_after(value: str) -> date:
    """The first day after the year, the month or the day that ``value`` names."""
    first = day(value)
    match value.count("-"):
        case 0:
            return date(first.year + 1, 1, 1)
        case 1:
            return (first.replace(day=28) + timedelta(days=4)).replace(day=1)
    return first + timedelta(days=1)
