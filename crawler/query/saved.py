"""Replace ``@slug`` by the saved query, and refuse labels in a topic's rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from crawler.errors import QueryError
from crawler.query.parser import FILTERS, NAMES
from crawler.query.tree import (
    Count,
    Filter,
    Near,
    Phrase,
    Query,
    SameParagraph,
    SameSentence,
    SavedRef,
    SentenceWithout,
    Word,
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
    "{} in a rule is circular, for rules are what gives labels, themes and actors;"
    " write what it means, or use needs: for a label"
)
_QUOTES = ("", '"', "«", "“")
_GIVEN_BY_RULES = frozenset({"label", "theme", "actor", "side"})


def find_labels(query: Query, text: str) -> Iterator[tuple[str, int]]:
    """Yield what a query asks for that topics say of an article (``label:x``, a theme, an actor,
    a side), with its offset in the query's text."""
    for node in walk(query):
        if isinstance(node, Filter) and node.name in _GIVEN_BY_RULES:
            written = (name for name, meant in FILTERS.items() if meant == node.name)
            places = (text.find(f"{name}:{q}{node.value}") for name in written for q in _QUOTES)
            yield write(node), max(0, *places)


def refuse_labels(query: Query, text: str) -> None:
    """Raise QueryError if a topic's rule filters by a label, a theme, an actor or a side: these are
    the result of rules."""
    for label, at in find_labels(query, text):
        raise QueryError(CIRCULAR_LABEL.format(label), text, at)


def refuse_names(query: Query, text: str) -> None:
    """Raise QueryError if a rule or saved search asks for a name in any spelling: which spellings
    an archive has is known when it is asked."""
    for node in walk(query):
        if isinstance(node, Word | Phrase) and node.spelling == "name":
            places = (text.find(f"{name}:") for name in NAMES)
            raise QueryError(NO_NAMES, text, max(0, *places))


NO_NAMES = "name: is for searches as they are typed; write the spellings here, with OR"


def _refuse(whole: Query, part: Query, message: str) -> None:
    text = write(whole)
    raise QueryError(message, text, max(0, text.find(write(part))))
