"""What is remembered of polling: feeds' states, polls, sightings, probes, robots.txt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from crawler.model.page import FeedEntry
from crawler.model.reason import Cause, Reason, sentence
from crawler.model.source import FeedKind

PollOutcome = Literal[
    "new", "nothing_new", "not_modified", "empty", "not_a_feed", "blocked", "failed"
]
"""How a poll ended; ``new`` and ``nothing_new`` read a window, the last three count as failures."""
ProbeOutcome = Literal["ok", "empty", "not_a_feed", "blocked", "failed"]
Fate = Literal["queued", "kept", "rejected", "failed", "quarantined", "gone"]
"""What became of a sighting; ``queued`` and ``failed`` ones are fetched by later polls."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeResponse:
    """The response to one request of a probe; nothing of it is stored."""

    asked: str  # the requested URL
    url: str  # of the response, after redirects; without a response, the hop that failed
    status: int = 0  # HTTP; 0: no response, ``reason`` and ``detail`` say why
    content_type: str = ""
    link: str = ""  # the Link header (RFC 8288)
    body: bytes = b""
    permanent: bool = False  # it was redirected, and every redirect was permanent (301, 308)
    reason: Reason = ""
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """One try of a feed: what it showed, and what to change in its seed file."""

    source: str
    feed: str
    kind: FeedKind
    probed_at: datetime
    outcome: ProbeOutcome
    status: int | None = None  # HTTP; None: no response
    format: str = ""  # rss20, atom10, json11, sitemap …; "" if it is no feed
    entries: int = 0
    dated: int = 0  # entries whose date could be read
    newest_at: datetime | None = None
    window_seconds: int | None = None  # from the oldest to the newest dated entry
    moved_to: str | None = None  # the new URL, if the feed has moved for good
    reason: Reason = ""  # "" if the feed could be read
    detail: str = ""
    suggestions: tuple[str, ...] = ()  # lines for people


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedState:
    """What the archive remembers of a feed between two polls; with nothing set: never polled."""

    source: str
    feed: str
    etag: str | None = None  # of the last response, as the server wrote it
    last_modified: str | None = None  # of the last response, as the server wrote it
    last_poll_at: datetime | None = None
    last_success_at: datetime | None = None
    next_poll_at: datetime | None = None  # None: never polled, therefore due
    failures: int = 0  # in a row
    last_outcome: PollOutcome | None = None
    first_success_at: datetime | None = None  # from then on we know what it showed
    full_at: datetime | None = None  # of the last response to an unconditional request
    interval_seconds: int | None = None  # its own, once its rhythm is known
    window_seconds: int | None = None  # between the oldest and newest entry of its last window
    per_hour: float | None = None  # entries expected in the coming hour, by the last 7 days
    quiet_polls: int = 0  # in a row in which nearly all entries were known
    weight: float = 0.0  # of its failures in a row: hard 1, soft 0.5, temporary 0.25 each
    entries: int = 0  # of its last window, with a usable link
    unusable: int = 0  # of its last window, without one
    body_sha256: str | None = None  # hexadecimal, of its last response that was read to the end
    lied_at: datetime | None = None  # when one ETag was last found to name two contents


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsCopy:
    """The last usable answer to a request for an origin's robots.txt (RFC 9309)."""

    origin: str  # scheme://host[:port]
    fetched_at: datetime
    status: int  # HTTP
    body: bytes  # empty if the server has no robots.txt


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """An address that a feed showed, and what became of it."""

    id: int  # 0: not stored yet
    source: str
    feed: str
    url: str  # as the feed showed it
    # urls.key(url), the same for all spellings of the address; of a later sighting,
    # ``polling.changes.showing_key``.
    url_key: str
    entry: FeedEntry
    first_seen_at: datetime
    fate: Fate = "queued"
    attempts: int = 0  # to fetch and read its page
    next_try_at: datetime | None = None  # of a failed one
    has_page: bool = False  # its page is stored, but not read yet
    # Until it is read: the id of the sighting at another address whose guid its entry has.
    moved_from: int | None = None
    again_of: int | None = None  # the id of the address's first sighting, if this is a later one


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownEntry:
    """What a feed showed last at an address that was read."""

    sighting_id: int  # of the address's first sighting
    url_key: str
    title: str
    published: str | None  # as printed
    updated: str | None  # as printed
    looked_at: datetime  # when it was shown so for the first time
    fruitless: int  # looks in a row, up to the last, that found no other article than before


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """One poll of one feed, when it is over: ``entries = seen + unusable``, ``seen = known + new``,
    and ``new`` = the sum of the fates.

    ``queued`` to ``gone`` count the fates of *new* sightings; older ones that were tried again in
    the same poll are counted by ``retried``. What an entry repeats of another one of the same poll
    is known.
    """

    source: str
    feed: str
    started_at: datetime
    ended_at: datetime
    outcome: PollOutcome
    entries: int = 0  # that the feed listed and that were looked at
    unusable: int = 0  # of them, without a link that could be fetched; rejected at once
    seen: int = 0  # of them, the others
    known: int = 0  # of these, sighted before, or earlier in this poll
    new: int = 0
    queued: int = 0
    kept: int = 0
    rejected: int = 0
    failed: int = 0
    quarantined: int = 0
    gone: int = 0
    flagged: int = 0  # kept articles with at least one label
    retried: int = 0
    overflow: bool = False  # polled before, and yet no entry was known: some may be missing
    reason: Reason = ""  # why not all of it could be read; "" if it could
    detail: str = ""  # for people
    notes: tuple[Cause, ...] = ()  # what else is known: it has moved, it has more than is taken …

    @property
    def explanation(self) -> str:
        """Reason, detail and notes as one line for people; "" if there are none."""
        return sentence(self.reason, self.detail, self.notes)

    @property
    def balances(self) -> bool:
        """Whether the counts add up: every entry that was listed has exactly one fate."""
        fates = self.queued + self.kept + self.rejected + self.failed + self.quarantined + self.gone
        return (
            self.entries == self.seen + self.unusable
            and self.seen == self.known + self.new
            and self.new == fates
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHealth:
    """How a source is doing, as the digest's footer and ``rasd status`` show it."""

    source: str
    last_poll_at: datetime | None  # of any of its feeds; None: never polled
    last_success_at: datetime | None  # of any of its feeds
    last_outcome: PollOutcome | None  # of its healthiest feed
    failures: int  # in a row, of its healthiest feed
    articles: int  # stored
    next_poll_at: datetime | None  # of the feed that is due first
    reason: Reason = ""  # of the last poll of its healthiest feed
    detail: str = ""  # reason, detail and notes of that poll as one line for people
