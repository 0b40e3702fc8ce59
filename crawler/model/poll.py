"""The nouns that flow through rasd: frozen records, no behaviour beyond naming themselves.

Every datetime is aware UTC and its name ends in ``_at``; offsets are counted in characters of the
original text, end exclusive. Where a noun is defined for people: ``docs/vocabulary.md``.
"""

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
ProbeOutcome = Literal["ok", "empty", "not_a_feed", "blocked", "failed"]
Fate = Literal["queued", "kept", "rejected", "failed", "quarantined", "gone"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeResponse:
    """What became of asking one address, of which nothing is kept.

    ``status`` 0: no answer came, ``reason`` and ``detail`` say why; ``url`` is then the hop that
    failed.
    """

    asked: str
    url: str  # where the answer came from in the end
    status: int = 0
    content_type: str = ""
    link: str = ""  # the Link header (RFC 8288)
    body: bytes = b""
    permanent: bool = False  # redirected, and every hop said that it is for ever (301, 308)
    reason: Reason = ""
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """One try of one feed: what came, and what to write otherwise in its seed file."""

    source: str
    feed: str
    kind: FeedKind
    probed_at: datetime
    outcome: ProbeOutcome
    status: int | None = None  # None: no answer came
    format: str = ""  # rss20, atom10, json11, sitemap … ; "" for what is no feed
    entries: int = 0
    dated: int = 0  # entries whose date could be read
    newest_at: datetime | None = None
    window_seconds: int | None = None  # from the oldest to the newest dated entry
    moved_to: str | None = None
    reason: Reason = ""  # "" for a feed that could be read
    detail: str = ""
    suggestions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedState:
    """What the archive remembers of a feed between two polls."""

    source: str
    feed: str  # the feed's url
    etag: str | None = None
    last_modified: str | None = None
    last_poll_at: datetime | None = None
    last_success_at: datetime | None = None
    next_poll_at: datetime | None = None  # None: never polled, hence due
    failures: int = 0  # in a row
    last_outcome: PollOutcome | None = None
    first_success_at: datetime | None = None  # since when its history is our own
    full_at: datetime | None = None  # the last answer to an unconditional request
    interval_seconds: int | None = None  # its own, once its rhythm is known
    window_seconds: int | None = None  # the time its last window spanned, by the entries' dates
    per_hour: float | None = None  # entries to expect in the coming hour, of the last 7 days
    quiet_polls: int = 0  # in a row in which nearly everything was known
    weight: float = 0.0  # of the failures in a row: hard 1, soft 0.5, temporary 0.25
    entries: int = 0  # of its last window
    body_sha256: str | None = None  # of its last answer that was read to the end
    lied_at: datetime | None = None  # when its ETag was last found to stand for two contents


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsCopy:
    """The last robots.txt of an origin that told us anything: its text, or that there is none."""

    origin: str  # scheme://host[:port]
    fetched_at: datetime
    status: int
    body: bytes  # empty where the server had none


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A URL seen in a feed, and its fate."""

    id: int
    source: str
    feed: str
    url: str
    url_key: str
    entry: FeedEntry
    first_seen_at: datetime
    fate: Fate = "queued"
    attempts: int = 0
    next_try_at: datetime | None = None
    has_page: bool = False  # fetched but not yet read: the page lies in the archive


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """One look at one feed, closed: ``seen = known + new`` and ``new`` = the sum of the fates.

    ``kept … queued`` count the fates of *new* sightings; what older sightings came to in the same
    poll (retries) is in ``retried``.
    """

    source: str
    feed: str
    started_at: datetime
    ended_at: datetime
    outcome: PollOutcome
    seen: int = 0
    known: int = 0
    new: int = 0
    queued: int = 0
    kept: int = 0
    rejected: int = 0
    failed: int = 0
    quarantined: int = 0
    gone: int = 0
    flagged: int = 0  # kept articles with at least one label
    retried: int = 0
    overflow: bool = False  # no known entry in a window of a feed polled before
    reason: Reason = ""  # why not all of it could be read; "" if it could
    detail: str = ""
    notes: tuple[Cause, ...] = ()  # what else there is to say: it has moved, more than is taken …

    @property
    def explanation(self) -> str:
        """Reason, detail and notes as one line for people; "" when there are none."""
        return sentence(self.reason, self.detail, self.notes)

    @property
    def balances(self) -> bool:
        """Whether the ledger identities of a poll hold."""
        fates = self.queued + self.kept + self.rejected + self.failed + self.quarantined + self.gone
        return self.seen == self.known + self.new and self.new == fates


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHealth:
    """One source in a round of polls, as the digest's footer and ``rasd status`` count it."""

    source: str
    last_poll_at: datetime | None
    last_success_at: datetime | None
    last_outcome: PollOutcome | None
    failures: int
    articles: int
    next_poll_at: datetime | None
    reason: Reason = ""  # of its best feed's last poll …
    detail: str = ""  # … and all there is to say of it, as one line for people
