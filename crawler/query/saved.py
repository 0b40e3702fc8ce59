"""Saved queries named with ``@slug`` put in their place, and what a topic's rule may not ask for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from crawler.errors import QueryError
from crawler.query.tree import (
    Count,
    Filter,
    Near,
    Query,
    SameParagraph,
    SameSentence,
    Saved,
    children,
    has_places,
    rebuilt,
    walk,
)
from crawler.query.writer import write


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


CIRCULAR = "label:{} in a rule is circular, for rules are what gives labels; write what the label means, or use needs:"


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
