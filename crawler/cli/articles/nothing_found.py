"""What an empty answer lacked: how many articles there are without each of its limits. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, replace

from crawler import query as queries
from crawler.model import NO_FILTERS, SearchFilters
from crawler.query import And, Query

MAX_PARTS = 8  # of a query that are left out in turn: each is a search of its own
_OPTIONS = {"sources": "source", "languages": "lang"}  # filters whose options have other names

Count = Callable[[Query | None, SearchFilters], tuple[int, bool]]
"""How many articles there are, and whether that is exact: counting may have stopped."""


def lines(asked: Query | None, filters: SearchFilters, count: Count) -> Iterator[str]:
    """One line for each filter and each part of the query without which something is found.

    ``asked`` is the query as it was typed::

        12 without --since
        at least 43 without لجنة
    """
    for name, query, kept in _loosened(asked, filters):
        found, is_exact = count(query, kept)
        if found:
            yield f"{'' if is_exact else 'at least '}{found} without {name}"


def _loosened(
    asked: Query | None, filters: SearchFilters
) -> Iterator[tuple[str, Query | None, SearchFilters]]:
    """What is left out, and the query and filters that are left."""
    for field in fields(filters):
        none = getattr(NO_FILTERS, field.name)
        if getattr(filters, field.name) != none:
            option = _OPTIONS.get(field.name, field.name)
            yield f"--{option}", asked, replace(filters, **{field.name: none})
    parts = asked.parts if isinstance(asked, And) else ()
    for number, part in enumerate(parts[:MAX_PARTS]):
        rest = parts[:number] + parts[number + 1 :]
        yield queries.write(part), rest[0] if len(rest) == 1 else And(rest), filters
