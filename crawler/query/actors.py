"""Which actors a search means by a name: that of the lexicon, or one of its terms. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping

from crawler.languages import folded_text
from crawler.query.tree import Filter, Or, Query, map_children, walk


def actor_names(query: Query) -> frozenset[str]:
    """The names by which a query asks for actors."""
    return frozenset(n.value for n in walk(query) if isinstance(n, Filter) and n.name == "actor")


def find_actors(written: str, known: Mapping[str, Collection[str]]) -> tuple[str, ...]:
    """The actors whose name, or one of whose spellings, has all words that are written, in order.

    ``known`` maps names to other spellings.

    >>> find_actors("العامري", {"Hadi al-Amiri": ["هادي العامري"], "Amira Salem": []})
    ('Hadi al-Amiri',)
    """
    words = set(folded_text(written).split())
    found = (
        name
        for name, spellings in known.items()
        if any(words <= set(folded_text(one).split()) for one in (name, *spellings))
    )
    return tuple(sorted(found)) if words else ()


def side_names(written: str) -> tuple[str, ...]:
    """The names that a side may have which is written so: sides are countries or concepts.

    >>> side_names("fr")
    ('FR', 'fr')
    """
    return tuple(sorted({written, written.upper(), written.lower()}))


def resolve_actors(query: Query, find: Callable[[str], Iterable[str]]) -> Query:
    """The query with each name that it asks for replaced by those of the actors that are meant.

    A name that means no actor is left as it is.
    """
    if isinstance(query, Filter) and query.name == "actor":
        names = tuple(Filter("actor", name) for name in find(query.value))
        return query if not names else names[0] if len(names) == 1 else Or(names)
    return map_children(query, lambda part: resolve_actors(part, find))
