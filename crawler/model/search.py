"""What a search of the archive is limited to, beside its query, and what it finds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from crawler.model.article import ArchivedArticle
from crawler.model.match import Match

SearchOrder = Literal["newest", "oldest"]
"""Which articles come first, by their time (see ``SearchFilters``)."""


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
    kept_since: datetime | None = None  # when it was archived, whatever its own time; inclusive
    kept_until: datetime | None = None  # exclusive


NO_FILTERS = SearchFilters()


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundArticles:
    """Articles in the order asked for, each with the mentions that answer the query (None: no query
    was given), and how many satisfy it in all.
    """

    articles: tuple[tuple[ArchivedArticle, Match | None], ...]
    count: int  # in the whole archive, not only behind the article that they go on after
    is_exact: bool  # False: counting has stopped, and there may be more than ``count``
    goes_on: bool  # whether there are more behind these; maybe, if not all could be counted
