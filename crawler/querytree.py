"""The trees of the query language: their nodes, how to walk, resolve and write them down.

``write`` is the inverse of ``query.parse``: ``parse(write(tree)) == tree`` for every tree that
parsing can give.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from crawler.errors import QueryError

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


def resolve(query: Query, saved: Mapping[str, Query]) -> Query:
    """The query with every ``@slug`` replaced by what it stands for.

    QueryError where a slug is unknown, where saved queries name each other in a circle, or where
    one stands beside NEAR or in a count and has no places.
    """
    return _resolved(query, saved, ())


def _resolved(query: Query, saved: Mapping[str, Query], trail: tuple[str, ...]) -> Query:
    if not isinstance(query, Saved):
        whole = rebuilt(query, lambda part: _resolved(part, saved, trail))
        if isinstance(query, Near | SameSentence | SameParagraph | Count):
            for before, after in zip(children(query), children(whole), strict=True):
                if not has_places(after):
                    _refuse(query, before, "needs words, phrases or concepts, which this is not")
        return whole
    if query.slug in trail:
        circle = " → ".join(f"@{slug}" for slug in (*trail, query.slug))
        _refuse(query, query, f"saved queries that name each other in a circle: {circle}")
    if query.slug not in saved:
        known = ", ".join(f"@{slug}" for slug in sorted(saved)) or "none"
        _refuse(query, query, f"no saved query {query.slug!r}; known: {known}")
    return _resolved(saved[query.slug], saved, (*trail, query.slug))


def saved(query: Query, known: Mapping[str, Query]) -> Iterator[str]:
    """The slugs that a query asks for with ``@``, and those that they ask for, in order, each once."""
    found: list[str] = []
    left = [query]
    while left:
        for node in walk(left.pop(0)):
            if isinstance(node, Saved) and node.slug not in found and node.slug in known:
                found.append(node.slug)
                left.append(known[node.slug])
    return iter(found)


CIRCULAR = (
    "label:{} in a rule is circular, for rules are what gives labels; write what the label means, or use needs:"
)


def labels(query: Query, text: str) -> Iterator[tuple[str, int]]:
    """The labels that a query asks for, and where in its text."""
    for node in walk(query):
        if isinstance(node, Filter) and node.name == "label":
            places = (text.find(f"{name}:{node.value}") for name in ("label", "وسم"))
            yield node.value, max(0, *places)


def refuse_labels(query: Query, text: str) -> None:
    """QueryError if a topic's rule asks for a label: only the topic's own verdict gives those."""
    for label, at in labels(query, text):
        raise QueryError(CIRCULAR.format(label), text, at)


def _refuse(whole: Query, part: Query, message: str) -> None:
    text = write(whole)
    raise QueryError(message, text, max(0, text.find(write(part))))


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


def write(query: Query) -> str:
    """The query as text that parses to the same tree."""
    match query:
        case Word(text):
            return f'"{text}"' if text in ARABIC_OPERATORS else text
        case Phrase(words):
            return f'"{" ".join(words)}"'
        case Concept(name):
            return f"concept:{name}"
        case Saved(slug):
            return f"@{slug}"
        case Filter(name, value):
            return f"{name}:{value}"
        case InField(field, inner):
            return f"{field}:{_atom(inner)}"
        case Count(inner, comparison, number):
            return f"{_atom(inner)} {comparison} {number}"
        case Near(left, right, distance):
            return f"{_side(left)} NEAR/{distance} {_counted(right)}"
        case SameSentence(left, right):
            return f"{_side(left)} SAME SENTENCE {_counted(right)}"
        case SameParagraph(left, right):
            return f"{_side(left)} SAME PARAGRAPH {_counted(right)}"
        case Not(inner):
            return f"NOT {write(inner) if isinstance(inner, Not) else _bound(inner)}"
        case And(parts):
            return " AND ".join(write(p) if isinstance(p, Not) else _bound(p) for p in parts)
        case Or(parts):
            return " OR ".join(f"({write(p)})" if isinstance(p, Or) else write(p) for p in parts)


def _atom(query: Query) -> str:
    plain = isinstance(query, Word | Phrase | Concept | Saved | Filter | InField)
    return write(query) if plain else f"({write(query)})"


def _counted(query: Query) -> str:
    return write(query) if isinstance(query, Count) else _atom(query)


def _side(query: Query) -> str:
    """The left of a proximity, which may be one itself: they chain to the left."""
    chain = isinstance(query, Near | SameSentence | SameParagraph)
    return write(query) if chain else _counted(query)


def _bound(query: Query) -> str:
    return f"({write(query)})" if isinstance(query, And | Or | Not) else write(query)
