"""Replace ``@slug`` by the saved query, and refuse labels in a topic's rules."""

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
    SavedRef,
    SentenceWithout,
    children,
    has_places,
    map_children,
    walk,
)
from crawler.query.writer import write


def resolve(query: Query, saved: Mapping[str, Query]) -> Query:
    """Return the query with every ``@slug`` replaced by the saved query.

    Raises QueryError if a slug is unknown, if saved queries refer to each other in a circle, or if
    one without places is used with NEAR or a count.
    """
    return _resolve(query, saved, ())


def _resolve(query: Query, saved: Mapping[str, Query], trail: tuple[str, ...]) -> Query:
    if not isinstance(query, SavedRef):
        whole = map_children(query, lambda part: _resolve(part, saved, trail))
        if isinstance(query, Near | SameSentence | SentenceWithout | SameParagraph | Count):
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
    return _resolve(saved[query.slug], saved, (*trail, query.slug))


def saved_slugs(query: Query, known: Mapping[str, Query]) -> Iterator[str]:
    """The slugs of all saved queries that a query uses, directly or through others, each once."""
    found: list[str] = []
    left = [query]
    while left:
        for node in walk(left.pop(0)):
            if isinstance(node, SavedRef) and node.slug not in found and node.slug in known:
                found.append(node.slug)
                left.append(known[node.slug])
    return iter(found)


CIRCULAR_LABEL = (
    "label:{} in a rule is circular, for rules are what gives labels;"
    " write what the label means, or use needs:"
)


def find_labels(query: Query, text: str) -> Iterator[tuple[str, int]]:
    """Yield each label that a query filters by, with its offset in the query's text."""
    for node in walk(query):
        if isinstance(node, Filter) and node.name == "label":
            places = (text.find(f"{name}:{node.value}") for name in ("label", "وسم"))
            yield node.value, max(0, *places)


def refuse_labels(query: Query, text: str) -> None:
    """Raise QueryError if a topic's rule filters by a label: labels are the result of rules."""
    for label, at in find_labels(query, text):
        raise QueryError(CIRCULAR_LABEL.format(label), text, at)


def _refuse(whole: Query, part: Query, message: str) -> None:
    text = write(whole)
    raise QueryError(message, text, max(0, text.find(write(part))))
