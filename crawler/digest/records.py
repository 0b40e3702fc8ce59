"""The records of a digest: what it is composed from, and what composing gives. No behaviour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from crawler.matching.topics import Topic
from crawler.model import (
    ArchivedArticle,
    Direction,
    Finding,
    Language,
    PublishedDate,
    Source,
    SourceHealth,
)
from crawler.seeds.digests import DigestRecipe


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestInput:
    """Everything one issue is composed from; equal inputs give equal digests."""

    recipe: DigestRecipe
    topics: Mapping[str, Topic]  # by slug; those of the recipe at least, ``@slug`` for searches
    sources: Mapping[str, Source]  # by slug
    articles: Sequence[ArchivedArticle]  # labelled, and not shown to the recipient yet
    shown_before: Sequence[ArchivedArticle] = ()  # lately: their copies are no news
    doubtful: Sequence[ArchivedArticle] = ()  # scored just under the line since the last issue
    health: Sequence[SourceHealth] = ()
    findings: Sequence[Finding] = ()  # the open ones
    since: datetime  # the end of the last issue: what was kept before it was left out then
    now: datetime  # when the issue is composed, and up to when it looks, exclusive


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
    """One story as the digest shows it."""

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
    concepts: tuple[str, ...]  # titles of the weightiest concepts, in the frame's language
    concepts_left_out: int = 0
    score: float | None  # None: a saved search has found it, which gives none
    copies: tuple[Copy, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """The stories of one label: left out before, then newest first; ``left_out`` did not fit."""

    label: str
    title: str
    items: tuple[Item, ...]
    left_out: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An article in one line."""

    article_id: int
    headline: str
    url: str
    source: str
    language: Language
    direction: Direction
    published: PublishedDate | None
    first_seen_at: datetime
    label: str  # its title, in the frame's language


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt(Line):
    """One line of the watch list: an article that scored just under the line of a label."""

    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier(Line):
    """One line of what was found now and is dated earlier; shown once, and counted nowhere else."""

    copies: tuple[Copy, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """What the watch could see and what it could not, counted over the sources."""

    sources: int
    answered: int
    failing: tuple[str, ...]  # names of sources whose last poll failed
    unpolled: tuple[str, ...]
    last_poll_at: datetime | None
    findings: tuple[tuple[str, tuple[str, ...]], ...] = ()  # (kind, names of sources; none: ours)


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """One issue: chosen and ordered, not yet worded."""

    recipe: str
    title: str
    language: Language
    direction: Direction
    timezone: str
    composed_at: datetime
    since: datetime
    until: datetime
    sections: tuple[Section, ...]
    article_ids: tuple[int, ...]  # shown in it, or copies of what was shown before
    health: Health
    earlier: tuple[Earlier, ...] = ()  # found now, dated earlier: the newest first
    earlier_left_out: int = 0  # more of them, for the next issues
    watch_list: tuple[Doubt, ...] = ()  # the highest score first
    watch_list_left_out: int = 0
