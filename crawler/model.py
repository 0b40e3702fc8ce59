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
ProbeOutcome = Literal["ok", "empty", "not_a_feed", "blocked", "failed"]
Fate = Literal["queued", "kept", "rejected", "failed", "quarantined", "gone"]
Extraction = Literal["full", "empty", "timeout", "crashed"]
BROKEN: frozenset[Extraction] = frozenset({"timeout", "crashed"})  # the page broke its reader
# What found the body: the place a template or a page rule names, trafilatura, the page's JSON-LD, or
# none of these: ``fallback`` is our own look at every line, or the feed's words.
ReaderName = Literal["template", "trafilatura", "json-ld", "fallback"]
Oddity = Literal[  # what is strange about a page, and is no reason to leave it out
    "canonical_foreign",  # it says that it is another outlet's article; not believed
    "charset_conflict",  # header, meta and bytes name different encodings
    "garbled",  # more than one letter in a hundred could not be decoded
    "low_text",  # pictures and next to no text: what it says may stand in them
    "suspicious",  # text that no reader sees would flag it, what they see would not
    "truncated",  # longer than is kept; the text has its head and its tail
]
DateSource = Literal["json-ld", "meta", "feed", "time", "text", "url"]
DeliveryOutcome = Literal["sent", "deferred", "unknown", "dead"]
VerdictName = Literal["relevant", "not", "missed"]
MessageState = Literal["queued", "sending", "sent", "unknown", "dead"]


# ── what is watched ───────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A polled place of a source. Its identity in the archive is (source slug, url)."""

    url: str
    kind: FeedKind = "feed"
    every_seconds: int = 900  # until its own rhythm is known
    links: str | None = None  # section: CSS of the articles' links
    next: str | None = None  # section: CSS of the link to the next listing page
    pages: int = 3  # section: listing pages a poll goes through at most
    render: bool = False  # section: its pages and its articles exist only by script


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRule:
    """A source's own word on its pages: CSS selectors of what to read and what to drop; what it does
    not name, or what is not in its place, is found as on any page.

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
    feeds: tuple[Feed, ...]  # in order of trust
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

    ``kind`` says what the bytes were (rss20, atom10, json11, sitemap, section, wordpress …); ""
    means: not a feed. ``unusable`` counts entries without a link that could be fetched,
    ``left_out`` those that were too many for one look, ``older`` those dated before the time asked
    for. ``more`` are the places where it goes on: a sitemap's files, the next listing page.
    ``articles`` holds, entry by entry, the raw bytes of articles that need no page ("" where one
    is needed); it is empty or as long as ``entries``. ``partial``: the bytes end before the feed
    does, its whole entries are here. ``beyond`` are, of what was left out, the url keys with the
    moment of publication, where one is printed; not always all of them. ``tail``: entries beyond
    those, packed by ``feedtail``. ``refused`` says why bytes were not read, or not to their end.
    """

    kind: str
    title: str = ""
    entries: tuple[FeedEntry, ...] = ()
    unusable: int = 0
    left_out: int = 0
    older: int = 0
    more: tuple[str, ...] = ()
    articles: tuple[bytes, ...] = ()
    partial: bool = False
    beyond: tuple[tuple[str, datetime], ...] = ()
    tail: tuple[bytes, ...] = ()
    refused: str = ""


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
        return self.content_type_header.partition(";")[0].strip().lower()

    @property
    def content_type_header(self) -> str:
        """The media type as the server wrote it, its charset with it."""
        return next((v for k, v in self.headers if k == "content-type"), "")


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
    oddities: tuple[Oddity, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A term's place in the original text of one field: ``text[start:end]`` is what stands there."""

    field: FieldName
    start: int
    end: int
    concept: str
    term: str  # as the lexicon writes it
    text: str
    reason: str = ""  # of a mention taken away: what took it


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A person or an institution named in a text, and for whom it speaks."""

    name: str
    role: str
    side: str  # the concept it stands for


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """An article seen by one topic: its labels, and the proof for each.

    ``score`` maps labels to 0–1: those that hold have 0.5 or more, those that do not but were near
    have less. ``doubtful`` are the labels just under the line, for the watch list; a match may have
    only those. ``taken_away`` lists mentions that did not count, each with its ``reason``: a trap,
    an enumeration, an office not held at the time, or a noise rule that took labels.
    """

    topic: str
    version: str  # hash of the topic and its concepts
    labels: tuple[str, ...]
    score: dict[str, float]
    mentions: tuple[Mention, ...]
    taken_away: tuple[Mention, ...] = ()
    themes: tuple[str, ...] = ()
    actors: tuple[Actor, ...] = ()
    doubtful: tuple[str, ...] = ()


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
    lines: tuple[int, ...] = ()  # checksums of the body's lines: what each page says again is furniture


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
    furniture: tuple[int, ...] = ()  # checksums of the lines that most pages say word for word


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
    sample: Sample | None = None  # for learning the source's template; only from slow readings
    doubt: str = ""  # why the source's template was not believed; "" where it was, or where none is
    ruled: tuple[str, ...] = ()  # keys of the source's page rule that found something on this page
    matches: tuple[Match, ...] = ()  # only topics with a label or a doubtful one
    snapshot: Snapshot | None = None  # the page, packed by whoever read it; None: not packed yet
    shadow: tuple[str, str] | None = None  # parcels.shadow of the article; None: not made yet

    @property
    def fate(self) -> Fate:
        """``kept``; ``quarantined`` where the page broke its reader and only its feed's entry was
        read: the article is kept with the page's bytes, for a reader that can."""
        return "quarantined" if self.article.extraction in BROKEN else "kept"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantined:
    """A page that broke its reader, and lies in the archive with its bytes."""

    article_id: int
    source: str
    url: str
    reason: str  # the extraction: timeout or crashed
    since: datetime
    size: int  # bytes, unpacked


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A page's bytes as the archive keeps them."""

    body: bytes  # zstd, with its checksum
    size: int  # bytes, unpacked


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """Why a page is no article: ``not_html``, ``offsite`` … , and the detail for people."""

    reason: str
    detail: str = ""


# ── what is tried ─────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What became of asking one address, of which nothing is kept.

    ``status`` 0: no answer came, and ``error`` says why; ``url`` is then the hop that failed.
    """

    asked: str
    url: str  # where the answer came from in the end
    status: int = 0
    content_type: str = ""
    link: str = ""  # the Link header (RFC 8288)
    body: bytes = b""
    permanent: bool = False  # redirected, and every hop said that it is for ever (301, 308)
    error: str = ""


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
    detail: str = ""
    suggestions: tuple[str, ...] = ()


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
class Seen:
    """An address as it was first seen: by which feed, when, and the id it had there."""

    feed: str
    first_seen_at: datetime
    url: str
    guid: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """An interval in which a feed may have shown what we never saw.

    Nothing overlapped between the look at ``from_at`` and the one at ``to_at``. It is closed when
    another look reached back over it (nothing is missing then); while it is open, at least
    ``missing_at_least`` entries are provably missing, and ``missing_estimate`` (with its interval)
    is a guess from the feed's rhythm, and only that.
    """

    id: int = 0
    source: str
    feed: str
    from_at: datetime
    to_at: datetime
    reason: str  # overlap: no known entry in the window; left_out: more than one look takes
    opened_at: datetime
    closed_at: datetime | None = None
    closed_by: str | None = None  # the feed whose look covered it
    found: int = 0  # entries found later that fall to it
    missing_at_least: int = 0
    missing_estimate: int | None = None
    estimate_low: int | None = None
    estimate_high: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something wrong with a source (or, ``source`` "", with us), with its proof."""

    source: str
    kind: str
    proof: str
    opened_at: datetime
    closed_at: datetime | None = None


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What an analyst says of an article under one label: that it belongs there, or does not.

    ``relevant`` and ``missed`` both say yes; ``missed`` adds that the topic had not said so.
    ``version`` is that of the match when it was judged, "" where there was none.
    """

    article_id: int
    topic: str
    label: str
    verdict: VerdictName
    said_by: str = ""
    note: str = ""
    version: str = ""
    said_at: datetime


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
