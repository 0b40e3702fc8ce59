"""What a digest says: chosen and ordered here, worded by ``rendering``. Pure.

One block an event, the most specific label first, each with the sentence that proves it; then what
the watch could not see. An empty digest is said to be empty, never padded.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from crawler.model import (
    Direction,
    Language,
    PublishedDate,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A piece of a proof sentence; ``marked`` pieces are the matched terms."""

    text: str
    marked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """The same dispatch elsewhere."""

    source: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One event as the digest shows it."""

    article_id: int
    headline: str
    url: str
    source: str
    country: str
    language: Language
    direction: Direction
    published: PublishedDate | None
    first_seen_at: datetime
    proofs: tuple[tuple[Segment, ...], ...]
    concepts: tuple[str, ...]  # titles of the ``REASONS`` weightiest, in the frame's language
    concepts_left_out: int = 0
    score: float
    copies: tuple[Copy, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """The events of one label, weightiest first; ``left_out`` were too many for one mail."""

    label: str
    title: str
    items: tuple[Item, ...]
    left_out: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """One line of the watch list: an article that scored just under the line, and under which label."""

    article_id: int
    headline: str
    url: str
    source: str
    language: Language
    direction: Direction
    published: PublishedDate | None
    first_seen_at: datetime
    label: str  # its title, in the frame's language
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """What the watch could and could not see, counted over the sources."""

    sources: int
    answered: int
    failing: tuple[str, ...]  # names of sources whose last poll failed
    unpolled: tuple[str, ...]
    last_poll_at: datetime | None
    findings: tuple[tuple[str, tuple[str, ...]], ...] = ()  # (kind, names of sources; none: us)


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """One issue, chosen and ordered, not yet worded."""

    recipe: str
    title: str
    language: Language
    direction: Direction
    timezone: str
    composed_at: datetime
    since: datetime
    until: datetime
    sections: tuple[Section, ...]
    article_ids: tuple[int, ...]  # everything this issue accounts for, copies and left-outs too
    health: Health
    watch_list: tuple[Doubt, ...] = ()  # the surest first
    watch_list_left_out: int = 0
