"""What a poll needs done next: one record per step. Pure.

A poll's decisions are generators (``Plan``): they yield steps, and are sent each step's result. The
spider carries the steps out and decides nothing; a test sends the results itself.

::

    received(answer) ─► ReadWindow ─► RecordEntries ─► AskPlace ──► (another answer)
        │                   │             │
        │ 304, unchanged    │ not a feed  ├─► RejectSightings        other sites' addresses
        │ blocked, failed   │             ├─► FindShown ─► RecordAgain     something else is shown
        │                   │             ├─► ReadInline             the article came with the feed
        ▼                   ▼             └─► FetchPage ─┬─► page_received ─► ReadFetched ─►
        pipelines
    FindPending ─► what earlier polls left ─► ReadStored │               └─► SetOutcome
                                              FetchPage  └─► page_failed ───► SetOutcome

    every address settled, every request answered ─► look() ─► assess() ─► close()
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, TypeAlias

from crawler.model import Cause, Fate, FeedEntry, Gap, ShownEntry, Sighting

FailureAction = Literal["wait", "reject", "retry"]
"""What a failed request means for its page: it waits for the next poll, will never be fetched, or
is tried again later a limited number of times."""


# ── what came ─────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedAnswer:
    """A response to a request for one URL of a feed, reduced to what a poll decides on."""

    received_at: datetime
    status: int
    depth: int = 1  # 1: the feed's own address; 2: an address named there, and so on
    content_type: str = ""  # the header as sent; "" if there was none
    etag: str | None = None
    last_modified: str | None = None
    fresh_for: timedelta = timedelta(0)  # as the cache headers say
    moved_to: str = ""  # the address after permanent redirects only; "" otherwise
    fingerprint: str | None = None  # of the bytes that matter; None: not to be compared
    refusal: Cause | None = None  # why the bytes are no text; None if they may be
    # of an error status that is no failure: the URL to request instead, "" if the feed ends there
    instead: str | None = None
    whole: bool = True  # False: the transfer broke off


@dataclass(frozen=True, slots=True, kw_only=True)
class PageAnswer:
    """A response to a request for an article's page, reduced to what a poll decides on."""

    received_at: datetime
    status: int
    refusal: Cause | None = None  # as in FeedAnswer
    whole: bool = True  # as in FeedAnswer


# ── what to do ────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class AskPlace:
    """Request a further URL of the feed. The result is not used: the answer arrives later."""

    url: str
    depth: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AskGapCounts:
    """Request what the site counts for each open gap. The result is not used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadWindow:
    """Parse the answer's body.

    The result is the FeedWindow, or the name of what broke its reader.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class UnpackTail:
    """Unpack a slice of a very long feed. The result is its (url key, entry) pairs."""

    piece: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentifyBlockPage:
    """Recognize a page that is no article: a challenge, an error page, a stub. The result is its
    kind, or a false value."""

    requested_url: str
    headline: str = ""  # the feed's: a page that shows it is no stub


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordEntries:
    """Write unseen entries, given by url key, and open ``gap`` if none was known. The result is the
    list of new sightings."""

    entries: Sequence[tuple[str, FeedEntry]]
    gap: Gap | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FindShown:
    """Find what was shown last at these url keys. The result is a list of ShownEntry, of those
    whose page was read."""

    keys: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAgain:
    """Write what is shown now at known addresses. The result is a list of sightings, without those
    that were shown so before."""

    entries: Sequence[tuple[ShownEntry, FeedEntry]]


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectSightings:
    """Write these sightings as rejected, each with its cause, in one transaction."""

    rejected: Sequence[tuple[Sighting, Cause]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SetOutcome:
    """Write one sighting's fate. The result is whether it could be written."""

    sighting: Sighting
    fate: Fate
    cause: Cause
    next_try_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FindPending:
    """Find what earlier polls of this feed left to do. The result is a list of sightings."""

    limit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FindReach:
    """Find out whether one of these url keys was known at this moment. The result is a bool."""

    keys: Sequence[str]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchPage:
    """Request the page of a sighting."""

    sighting: Sighting


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadFetched:
    """Read the page that was just received."""

    sighting: Sighting


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadEntry:
    """Read what the feed says of an article whose page never showed it."""

    sighting: Sighting


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadInline:
    """Read the article that came with the feed's window; no page is requested."""

    sighting: Sighting
    article: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadStored:
    """Read the page that an earlier poll stored. The result is whether it could be used."""

    sighting: Sighting


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """Let other tasks run: a window may hold thousands of entries."""


Step: TypeAlias = (
    AskPlace
    | AskGapCounts
    | ReadWindow
    | UnpackTail
    | IdentifyBlockPage
    | RecordEntries
    | FindShown
    | RecordAgain
    | RejectSightings
    | SetOutcome
    | FindPending
    | FindReach
    | FetchPage
    | ReadFetched
    | ReadEntry
    | ReadInline
    | ReadStored
    | Pause
)
Plan: TypeAlias = Generator[Step, Any, None]
"""Yields steps in order; expects each step's result to be sent back."""


def advance(plan: Plan, result: object = None) -> Step | None:
    """The plan's next step, given the last one's result; None at the end of the plan."""
    try:
        return plan.send(result)
    except StopIteration:
        return None
