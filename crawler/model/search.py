"""What a search of the archive is limited to, beside its query, and what it finds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from crawler.model.article import ArchivedArticle
from crawler.model.match import Match

SearchOrder = Literal["newest", "oldest", "relevance"]
"""Which articles come first: by their time (see ``SearchFilters``), or those in which the words of
the query stand in the headline and often, rare words before frequent ones."""
FacetName = Literal[
    "source", "country", "language", "label", "theme", "actor", "institution", "month"
]
"""By what answers are counted. An institution is what an actor speaks for, as the lexicon has it:
role and side. A month is that of an article's time, in UTC."""


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
    theme: str | None = None  # a theme that a topic found in it
    actor: str | None = None  # whom it names: a name of the lexicon, in any of its spellings
    side: str | None = None  # for which an actor speaks that it names


NO_FILTERS = SearchFilters()


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """The answers counted by one property of theirs.

    ``articles`` have a value and ``without`` have none; together they are all answers. An article
    may have several labels, themes, actors and institutions: then the values add up to more.
    """

    name: FacetName
    values: tuple[tuple[str, int], ...]  # with the number of articles; the most frequent first
    articles: int
    without: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Histogram:
    """The answers counted by time: ``2026-11-23`` or ``2026-11``, in UTC, the earliest first; days
    and months without any are left out."""

    unit: Literal["day", "month"]
    bars: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundArticles:
    """Articles in the order asked for, each with the mentions that answer the query (None: no query
    was given), and how many satisfy it in all; all of it of one moment of the archive.

    ``facets`` and ``histogram`` count all answers, if they were asked for and ``count`` is exact.
    """

    articles: tuple[tuple[ArchivedArticle, Match | None], ...]
    count: int  # in the whole archive, not only behind the article that they go on after
    is_exact: bool  # False: counting has stopped, and there may be more than ``count``
    goes_on: bool  # whether there are more behind these; maybe, if not all could be counted
    facets: tuple[Facet, ...] = ()
    histogram: Histogram | None = None
    notes: tuple[str, ...] = ()  # what else must be known of this answer, a sentence each


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexProgress:
    """How far a full-text index is that is being made."""

    done: int  # articles that are in it
    articles: int  # in the archive

    @property
    def sentence(self) -> str:
        """What those who search should know."""
        return (
            f"the full-text index is being made: {self.done} of {self.articles} articles are in it;"
            " rasd run goes on with it, and rasd archive rebuild-index makes it at once"
        )
