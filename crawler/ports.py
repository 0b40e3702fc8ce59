"""The interfaces that cross a border of the import contracts: what a package may ask of another one
that it must not import.

A method's contract is written where it is implemented, mostly in ``storage``. What needs no border
crossed imports the implementation.
"""

from __future__ import annotations

from asyncio import Future
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar

from crawler.model import (
    ArchivedArticle,
    ArticleToKeep,
    Burst,
    Cause,
    Delivery,
    Extraction,
    Fate,
    FeedEntry,
    FeedState,
    FeedWindow,
    Finding,
    FindingKind,
    Gap,
    IssueHistory,
    IssueToQueue,
    Match,
    Message,
    OutboxMail,
    Page,
    Poll,
    PreparedArticle,
    QueuedMessage,
    QueueingOutcome,
    Rejection,
    RobotsCopy,
    SearchFilters,
    SeenAddress,
    ShownEntry,
    Sighting,
    SightingCounts,
    Snapshot,
    Source,
    SourceHealth,
    Subscription,
)
from crawler.query import Query

_T = TypeVar("_T")
_W = TypeVar("_W")
_FeedKey = tuple[str, str]  # (source slug, feed url)

Clock = Callable[[], datetime]  # now, aware UTC
Failpoint = Callable[[str], None]  # called at each named failpoint; does nothing in real life


class Archive(Protocol):
    """What a crawl reads and writes of feeds, sightings and articles: ``storage.archive``."""

    def states_of(self, feeds: Sequence[_FeedKey]) -> dict[_FeedKey, FeedState]: ...
    def feeds_with_pending(self, now: datetime) -> frozenset[_FeedKey]: ...
    def close_poll(self, poll: Poll, state: FeedState) -> None: ...
    def record_entries(
        self,
        source: str,
        feed: str,
        entries: Sequence[tuple[str, FeedEntry]],
        now: datetime,
        *,
        gap: Gap | None = None,
    ) -> Sequence[Sighting]: ...
    def shown_entries(self, source: str, keys: Collection[str]) -> Sequence[ShownEntry]: ...
    def record_again(
        self,
        source: str,
        feed: str,
        shown: Sequence[tuple[str, ShownEntry, FeedEntry]],
        now: datetime,
    ) -> Sequence[Sighting]: ...
    def meaningless_parameters(self) -> Mapping[str, frozenset[str]]: ...
    def pending_sightings(
        self, source: str, feed: str, now: datetime, most: int | None = None
    ) -> Sequence[Sighting]: ...
    def set_outcome(
        self,
        sighting: Sighting,
        fate: Fate,
        cause: Cause,
        now: datetime,
        *,
        next_try_at: datetime | None = None,
        snapshot: Snapshot | None = None,
    ) -> None: ...
    def reject(self, rejected: Sequence[tuple[Sighting, Cause]], now: datetime) -> None: ...
    def save_page(self, sighting: Sighting, snapshot: Snapshot) -> None: ...
    def unread_page(self, sighting: Sighting) -> Page | None: ...
    def save_articles(self, articles: Sequence[ArticleToKeep]) -> Sequence[int]: ...
    def articles(self, ids: Sequence[int]) -> Sequence[ArchivedArticle]: ...


class DigestArchive(Protocol):
    """What the outbox reads and writes of digests and messages: ``storage.archive``."""

    def flagged(
        self, topics: Collection[str], since: datetime, until: datetime
    ) -> Sequence[ArchivedArticle]: ...
    def health(self, sources: Iterable[str]) -> Sequence[SourceHealth]: ...
    def subscriptions(self, recipe: str | None = None) -> Sequence[Subscription]: ...
    def issue_histories(self, recipe: str) -> Mapping[str, IssueHistory]: ...
    def issued_addresses(self, recipe: str, slot: str) -> frozenset[str]: ...
    def unlisted_ids(
        self, recipe: str, address: str, topics: Collection[str], since: datetime, until: datetime
    ) -> tuple[int, ...]: ...
    def listed_ids(self, recipe: str, address: str, since: datetime) -> tuple[int, ...]: ...
    def articles(self, ids: Sequence[int]) -> Sequence[ArchivedArticle]: ...
    def lock_issues(self) -> None: ...
    def queue_issues(self, issues: Sequence[IssueToQueue]) -> Sequence[QueueingOutcome]: ...
    def mails(self, states: Collection[str]) -> Sequence[OutboxMail]: ...
    def recover(self, claims: Sequence[OutboxMail], now: datetime) -> int: ...
    def claim_message(
        self, now: datetime, owner: str = "", *, without: Collection[str] = ()
    ) -> QueuedMessage | None: ...
    def close_message(self, queued: QueuedMessage, delivery: Delivery, now: datetime) -> None: ...


class ArticleSearch(Protocol):
    """Finds what a digest's saved searches ask for: ``storage.search``."""

    def every(
        self, asked: Query | None, filters: SearchFilters
    ) -> Iterator[tuple[ArchivedArticle, Match | None]]: ...


class WatchList(Protocol):
    """What was nearly flagged: ``storage.watchlist``."""

    def doubtful(
        self, topics: Collection[str], since: datetime, until: datetime
    ) -> Sequence[ArchivedArticle]: ...


class Coverage(Protocol):
    """What the watch may have missed, and what is wrong with it: ``storage.coverage``."""

    def gaps(self, *, everything: bool = False) -> Sequence[Gap]: ...
    def short_gaps(self, source: str) -> Sequence[Gap]: ...
    def write_gap(self, gap: Gap) -> None: ...
    def make_due(self, source: str, feed: str, now: datetime) -> None: ...
    def reaches_back(self, source: str, keys: Collection[str], at: datetime) -> bool: ...
    def sighted(
        self, source: str, since: datetime, until: datetime, feed: str | None = None
    ) -> Sequence[tuple[datetime, str | None]]: ...
    def newest(
        self, source: str, feed: str, until: datetime, most: int
    ) -> Sequence[tuple[str, str | None]]: ...
    def found_since(self, source: str, since: datetime, most: int) -> Sequence[SeenAddress]: ...
    def count_since(self, source: str, since: datetime) -> int: ...
    def unseen(self, source: str, keys: Collection[str]) -> int: ...
    def findings(self) -> Sequence[Finding]: ...
    def last_finding(self, source: str, kind: FindingKind) -> Finding | None: ...
    def update_findings(
        self, checked_sources: Collection[str], findings: Iterable[Finding], now: datetime
    ) -> None: ...


class SourceHistoryReader(Protocol):
    """The rows that ``monitoring.health`` judges: ``storage.source_history``."""

    def feeds(self) -> Sequence[Mapping[str, Any]]: ...
    def sighting_counts(self, source: str, after: datetime) -> SightingCounts | None: ...
    def bursts(self, since: datetime, size: int, within: timedelta) -> Mapping[str, Burst]: ...
    def texts(self, source: str, most: int) -> Sequence[Mapping[str, Any]]: ...
    def walls(self, source: str, newest: int) -> int: ...


class ArticleScan(Protocol):
    """All articles, read by several processes at once: ``storage.article_scan``."""

    def ranges(self, size: int, since: datetime | None) -> list[tuple[int, int]]: ...
    def articles(
        self, first: int, last: int, since: datetime | None
    ) -> Iterator[ArchivedArticle]: ...
    def close(self) -> None: ...


class Hosts(Protocol):
    """The pauses and robots.txt of hosts, kept over restarts: ``storage.hosts``."""

    def held_until(self, host: str) -> datetime | None: ...
    def holds(self) -> Mapping[str, datetime]: ...
    def hold(self, host: str, until: datetime, reason: str) -> None: ...
    def robots(self, origin: str) -> RobotsCopy | None: ...
    def save_robots(self, copy: RobotsCopy) -> None: ...


class Reader(Protocol):
    """Reads pages and feeds in processes that can be killed: ``workers.pool``."""

    async def window(
        self, body: bytes, url: str, content_type: str, kind: str = "feed", *options: object
    ) -> FeedWindow | Extraction: ...
    async def read(self, page: Page, source: Source) -> PreparedArticle | Rejection | None: ...


class BatchTransaction(Protocol):
    """Opens the transaction that a batch of writes joins: ``storage.transactions``."""

    def __call__(self, *, savepoints: bool) -> AbstractContextManager[None]: ...


class Writer(Protocol):
    """Writes beside the event loop, several works to a commit: ``crawler.writer``."""

    def soon(self, work: Callable[[], _T]) -> Future[_T]: ...
    def gathered(self, many: Callable[[Sequence[_W]], Sequence[_T]], one: _W) -> Future[_T]: ...


class ArchivePlace(Protocol):
    """Where the archive is, and its lock: ``storage.place``. StorageError says what is wrong with
    it, LockHeldError that another process has the lock."""

    def require_lock(self) -> None: ...
    def note(self, trouble: str) -> None: ...
    def look(self) -> None: ...
    def probe(self) -> None: ...
    def damage(self) -> str: ...


class Channel(Protocol):
    """Delivers a message; what the other side does wrong is a Delivery, not an error."""

    async def deliver(self, message: Message) -> Delivery: ...


class CrawlServices(Protocol):
    """What the components of a crawl may use of the application; see ``fetch.services``."""

    @property
    def archive(self) -> Archive: ...
    @property
    def coverage(self) -> Coverage: ...
    @property
    def hosts(self) -> Hosts: ...
    @property
    def reader(self) -> Reader: ...
    @property
    def writer(self) -> Writer: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def reached(self) -> Failpoint: ...
    @property
    def sources(self) -> dict[str, Source]: ...
    @property
    def stopping(self) -> bool:
        """Whether a stop was asked for: what fails from then on fails because of it."""

    @property
    def archive_is_out(self) -> bool:
        """Whether the archive can't be used just now: polls in hand are let go without a row."""
