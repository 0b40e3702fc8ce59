"""The nouns that flow through rasd: frozen records, no behaviour beyond naming themselves.

Every datetime is aware UTC and its name ends in ``_at``; offsets are counted in characters of the
original text, end exclusive. Where a noun is defined for people: ``docs/vocabulary.md``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date as Day
from datetime import datetime
from typing import Literal

Language = str  # ISO 639 code: ar, fr, en, ckb, … ; "und" when it could not be told
Direction = Literal["ltr", "rtl"]
FieldName = Literal["headline", "lead", "body", "url"]
FeedKind = str  # the name of a spider; listing crawler/spiders says which there are

PollOutcome = Literal[
    "new", "nothing_new", "not_modified", "empty", "not_a_feed", "blocked", "failed"
]
Fate = Literal["queued", "kept", "rejected", "failed", "quarantined", "gone"]
Extraction = Literal["full", "empty", "timeout", "crashed"]
ReaderName = Literal["template", "trafilatura", "json-ld", "fallback"]  # what found the body
DateSource = Literal["json-ld", "meta", "feed", "time", "text", "url"]
DeliveryOutcome = Literal["sent", "deferred", "unknown", "dead"]
MessageState = Literal["queued", "sending", "sent", "unknown", "dead"]


# ── what is watched ───────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A polled place of a source. Its identity in the archive is (source slug, url)."""

    url: str
    kind: FeedKind = "feed"
    every_seconds: int = 900


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRule:
    """A source's own word on its pages: CSS selectors of what to read and what to drop.

    It holds for pages fetched in [valid_from, valid_until]; None is open.
    """

    body: str | None = None
    headline: str | None = None
    date: str | None = None
    drop: tuple[str, ...] = ()
    valid_from: Day | None = None
    valid_until: Day | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """An outlet: who it is, where it stands, what a healthy day looks like."""

    slug: str
    name: str
    home: str
    country: str  # ISO 3166-1 alpha-2, upper case
    languages: tuple[Language, ...]  # the first is the likeliest
    timezone: str  # IANA name; dates printed without a zone are read in it
    feeds: tuple[Feed, ...]
    names: dict[Language, str] = field(default_factory=dict)  # the outlet's name in other languages
    hosts: tuple[str, ...] = ()  # further hosts it publishes on; its home's and feeds' are implied
    articles_per_day: int | None = None
    stale_after_hours: int | None = None
    delay_seconds: float | None = None  # between two requests to one host; None: the configured one
    pages: tuple[PageRule, ...] = ()  # the first that holds on the day of fetching is used


# ── what is received ──────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """One entry of a feed, as printed: nothing here is believed yet, dates are raw strings."""

    url: str
    title: str = ""
    summary: str = ""  # plain text, tags removed
    guid: str | None = None
    published: str | None = None
    updated: str | None = None
    content_html: str | None = None  # content:encoded / content_html where the feed has it


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedWindow:
    """What a feed showed at one moment, newest first as the feed had it.

    ``kind`` says what the bytes were (rss20, atom10, json11 …); "" means: not a feed.
    ``unusable`` counts entries without a link that could be fetched.
    """

    kind: str
    title: str = ""
    entries: tuple[FeedEntry, ...] = ()
    unusable: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What was received for one article URL, before anyone understood it."""

    url: str  # where it came from in the end, after redirects
    requested_url: str  # the URL as sighted
    fetched_at: datetime
    status: int
    headers: tuple[tuple[str, str], ...]  # lower-case names, in the order received
    body: bytes
    entry: FeedEntry | None = None

    @property
    def content_type(self) -> str:
        """The media type without parameters, lower case; "" when the server named none."""
        value = next((v for k, v in self.headers if k == "content-type"), "")
        return value.partition(";")[0].strip().lower()


# ── what is understood ────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedDate:
    """When an article says it was published, and who says so. ``printed`` is the text it said."""

    at: datetime
    source: DateSource
    confidence: float  # 0–1; below 0.5 it is shown with a mark
    printed: str
    has_time: bool = True  # False: only a day was printed, ``at`` is its noon in the source's zone


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What was understood of a page. Paragraphs of ``body`` are separated by a blank line."""

    source: str
    url: str
    canonical_url: str
    url_key: str  # urls.key(canonical_url): one identity for all shapes of the address
    headline: str
    lead: str  # a prefix-like summary: the first paragraph, or the feed's summary if no body
    body: str
    language: Language
    authors: tuple[str, ...] = ()
    section: str | None = None
    image: str | None = None
    published: PublishedDate | None = None
    modified_at: datetime | None = None
    first_seen_at: datetime
    extraction: Extraction = "full"
    reader: ReaderName = "fallback"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A term's place in the original text of one field: ``text[start:end]`` is what stands there."""

    field: FieldName
    start: int
    end: int
    concept: str
    term: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """An article seen by one topic: its labels, and the proof for each.

    ``score`` maps each label to 0–1. ``taken_away`` lists mentions that traps or enumerations
    removed before the rules were asked, with the reason in place of the term.
    """

    topic: str
    version: str  # hash of the topic and its concepts
    labels: tuple[str, ...]
    score: dict[str, float]
    mentions: tuple[Mention, ...]
    taken_away: tuple[Mention, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What one page teaches about its source's mould: selectors that find a place in it and nothing
    else, the plainest first, and what stood there."""

    body: tuple[str, ...]
    headline: tuple[str, ...] = ()
    date: tuple[str, ...] = ()
    length: int  # characters of the body
    linked: float  # share of the body's element that is links
    share: float  # of the page's paragraphs that stand in the body's element


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """Where on a source's pages body, headline and date stand, as learned; a version never changes."""

    source: str
    version: int
    body: str
    headline: str | None = None
    date: str | None = None
    length: int = 0  # the least of what was seen when it was learned; far less is doubtful …
    linked: float = 0.0  # … and so is far more than this share of links …
    share: float = 0.0  # … and far less than this share of the page's paragraphs


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateDrift:
    """A template that its source's pages drifted away from: a finding about the source."""

    source: str
    version: int
    retired_at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A page read to the end: the article, its near-duplicate signature, what topics saw in it."""

    article: Article
    fingerprint: bytes  # fingerprint.of(body): empty for texts too short to compare
    matches: tuple[Match, ...] = ()  # only topics that gave at least one label
    sample: Sample | None = None  # for learning the source's template; only from slow readings
    doubt: str = ""  # why the source's template was not believed; "" where it was, or where none is


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """Why a page is no article: ``not_html``, ``offsite`` … , and the detail for people."""

    reason: str
    detail: str = ""


# ── what is kept ──────────────────────────────────────────────────────────────────────────────


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
    detail: str = ""  # for failed, blocked, not_a_feed: what happened

    @property
    def balances(self) -> bool:
        """Whether the ledger identities of a poll hold."""
        fates = (
            self.queued + self.kept + self.rejected + self.failed + self.quarantined + self.gone
        )
        return self.seen == self.known + self.new and self.new == fates


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedArticle:
    """An article as the archive gives it back, with its id and its matches."""

    id: int
    article: Article
    matches: tuple[Match, ...] = ()
    fingerprint: bytes = b""
    kept_at: datetime


# ── what is sent ──────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """Who gets which digest, and how. ``address`` is a mail address or a Maildir's path."""

    id: int
    recipe: str
    channel: str  # the name of a module in crawler/channels
    address: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A worded mail, ready for any channel. Text and HTML say the same facts."""

    key: str  # unique: one digest of one slot to one recipient is queued once
    message_id: str  # stable across attempts, so that a duplicate can be recognised
    channel: str
    recipient: str
    subject: str
    text: str
    html: str
    language: Language
    direction: Direction
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuedMessage:
    """A message in the outbox."""

    id: int
    message: Message
    state: MessageState
    attempts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What became of one attempt to deliver.

    ``deferred``: try again later; ``unknown``: the server may have it (the connection died after
    the last byte); ``dead``: refused for good.
    """

    outcome: DeliveryOutcome
    detail: str = ""


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
    detail: str = ""
