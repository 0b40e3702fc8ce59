"""Suggestions for unknown names in a search, so that no empty answer hides a typing error. Pure."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator, Mapping

from crawler.errors import QueryError
from crawler.query.actors import find_actors, side_names
from crawler.query.tree import Filter, Query, concept_names, walk

_NAMES = {"lang": "language"}  # what a filter is called in a sentence


def refuse_concepts(query: Query, text: str, known: Collection[str]) -> None:
    """Raise QueryError at the first concept of the query that the lexicon does not have.

    ``text`` is the query as written; the error points into it.
    """
    for name in concept_names(query):
        if name not in known:
            raise QueryError(
                unknown("concept", name, known), text, max(text.find(f":{name}") + 1, 0)
            )


def slips(
    query: Query | None, chosen: Mapping[str, Collection[str]], known: Mapping[str, Collection[str]]
) -> Iterator[str]:
    """Yield one line per source, topic, label, theme, actor, side or language that the seeds do not
    have.

    Both the query's filters and the ``chosen`` options are checked; both mappings go from kind to
    names, which for actors may map to their other spellings. The archive may hold what the seeds
    have dropped, so this is a hint and no error: call it only if nothing was found.
    """
    filters = [(n.name, n.value) for n in walk(query) if isinstance(n, Filter)] if query else []
    options = [(kind, name) for kind, names in chosen.items() for name in names]
    for kind, name in dict.fromkeys((*filters, *options)):
        if kind in known and not _is_known(kind, name, known[kind]):
            yield unknown(kind, name, known[kind])


def _is_known(kind: str, name: str, known: Collection[str]) -> bool:
    if kind == "actor":
        spellings = known if isinstance(known, Mapping) else dict.fromkeys(known, ())
        return bool(find_actors(name, spellings))
    if kind == "side":
        return any(one in known for one in side_names(name))
    return name.rpartition("/")[2] in known


def unknown(kind: str, name: str, known: Collection[str]) -> str:
    """The message for a name that the seeds don't have: with the near one, or those that they do
    have."""
    near = difflib.get_close_matches(name, known, n=1)
    if kind == "lang":  # "french", "Arabic": its beginning is the code as often as not
        near = [code for code in known if name.lower()[:2] == code] or near
    kind = _NAMES.get(kind, kind)
    hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(sorted(known)[:12])}"
    return f"the seeds have no {kind} {name!r}; {hint}"
