"""What a search of the archive is limited to, beside its query."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchFilters:
    """Limits that an article must keep, all of them; the default limits nothing.

    An article's time is its publication or, if that is unknown, the moment it was first seen.
    """

    since: datetime | None = None  # inclusive
    until: datetime | None = None  # exclusive
    sources: tuple[str, ...] = ()  # slugs of which its source is one; empty: any
    languages: tuple[str, ...] = ()  # codes of which its language is one; empty: any
    topic: str | None = None  # a topic that gave it a label
    label: str | None = None  # a label that it has; ``doubtful``: it is on the watch list


NO_FILTERS = SearchFilters()
