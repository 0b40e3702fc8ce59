"""What one process asks another through the archive, and the work that goes on beside the polls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crawler.model.match import Match


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejudgement:
    """What a topic in use makes of an article that was stored before it."""

    article_id: int
    topic: str
    match: Match | None  # None: none any more
    relabelled: bool  # whether the labels are others than those stored


@dataclass(frozen=True, slots=True, kw_only=True)
class Rematch:
    """Stored articles being judged by a new version of a topic."""

    topic: str
    version: str
    after_id: int  # articles up to this id are judged
    changed: int  # articles that have other labels so far
    began_at: datetime
    done: int  # articles judged …
    of: int  # … of those that are stored


@dataclass(frozen=True, slots=True, kw_only=True)
class ConceptState:
    """How far the places of a concept are kept: in the articles up to ``after_id``."""

    id: int
    name: str
    version: str
    after_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ConceptProgress:
    """How far the concepts are indexed that are not indexed in all stored articles."""

    concepts: int
    done: int  # articles that have the places of each of them …
    of: int  # … of those that are stored


@dataclass(frozen=True, slots=True, kw_only=True)
class PollRequest:
    """A poll that another process asks the daemon for."""

    id: int
    sources: tuple[str, ...]  # slugs; none: all
    asked_at: datetime
    taken_at: datetime | None = None
    answered_at: datetime | None = None
    answer: Mapping[str, Any]
