"""What one shore may ask of another, as Protocols: spiders know these, never the concrete things."""

from __future__ import annotations

from asyncio import Future
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Protocol, TypeVar

from crawler.model import (
    ArchivedArticle,
    Delivery,
    Extraction,
    FeedEntry,
    FeedState,
    FeedWindow,
    Finding,
    Gap,
    Match,
    Message,
    Page,
    Poll,
    PreparedArticle,
    Probe,
    Quarantined,
    QueuedMessage,
    Rejection,
    RobotsCopy,
    Seen,
    Sighting,
    Snapshot,
    Source,
    SourceHealth,
    Subscription,
    Template,
    TemplateDrift,
    Verdict,
)
from crawler.model.article import ArticleToKeep
from crawler.query import Query

_T = TypeVar("_T")
_W = TypeVar("_W")

Clock = Callable[[], datetime]  # now, aware UTC
Failpoint = Callable[[str], None]  # called at each named failpoint; does nothing in real life


class Archive(Protocol):
    """The truth, in rows. Every method is one transaction; doing one twice changes nothing more."""

    # feeds and polls
    def feed_state(self, source: str, feed: str) -> FeedState:
        """The feed's state; a fresh FeedState where it was never polled."""

    def feed_states(self) -> Sequence[FeedState]:
        """Every feed ever polled."""

    def states_of(self, feeds: Sequence[tuple[str, str]]) -> dict[tuple[str, str], FeedState]:
        """The states of these (source, feed url), fresh ones where never polled, in one read."""

    def due_states(self, now: datetime) -> Sequence[FeedState]:
        """The feeds whose next poll is not after now, the longest overdue first."""

    def close_poll(self, poll: Poll, state: FeedState) -> None:
        """Write the poll's row and the feed's new state. ValueError if the poll doesn't balance."""

    def health(self, sources: Iterable[str]) -> Sequence[SourceHealth]:
        """One row per source asked for, in that order, polled or not."""

    # sightings
    def record_entries(
        self,
        source: str,
        feed: str,
        entries: Sequence[tuple[str, FeedEntry]],
        now: datetime,
        *,
        gap: Gap | None = None,
    ) -> Sequence[Sighting]:
        """Write unseen entries, given as (url key, entry), as ``queued``; return only the new ones.

        A url key is known for ever and across sources: an entry whose key was ever sighted, or
        whose key belongs to a kept article, is not new. Order of the result = order given.
        ``gap`` is opened in the same transaction if not one of the entries was known.
        """

    def pending_sightings(
        self, source: str, feed: str, now: datetime, most: int | None = None
    ) -> Sequence[Sighting]:
        """Sightings of this feed that are ``queued``, or ``failed`` with a next try not after now;
        the ``most`` that were seen first, or all."""

    def feeds_with_pending(self, now: datetime) -> frozenset[tuple[str, str]]:
        """The (source, feed url) that have any such sightings, in one read."""

    def save_page(self, sighting: Sighting, snapshot: Snapshot) -> None:
        """Store a page that was fetched but not read (a stop came first); its fate stays ``queued``."""

    def unread_page(self, sighting: Sighting) -> Page | None:
        """The page kept for a sighting that still waits to be read; None where there is none, or where
        it is damaged and has to be fetched again."""

    def save_articles(self, keepings: Sequence[ArticleToKeep]) -> Sequence[int]:
        """Keep each of these, all or none: far less work than one after the other. The article ids, in
        that order; some dozens at a time, for all their rows are in memory at once."""

    def set_outcome(
        self,
        sighting: Sighting,
        fate: str,
        reason: str,
        now: datetime,
        *,
        next_try_at: datetime | None = None,
        snapshot: Snapshot | None = None,
    ) -> None:
        """Give a sighting another fate than kept; a page, where there is one, is kept with it."""

    def reject(self, rejected: Sequence[tuple[Sighting, str]], now: datetime) -> None:
        """Reject many sightings at once, each with its reason."""

    # articles
    def article(self, article_id: int) -> ArchivedArticle:
        """NotFound if there is none."""

    def flagged(
        self, topics: Collection[str], since: datetime, until: datetime
    ) -> Sequence[ArchivedArticle]:
        """Articles kept in [since, until) with a label of one of these topics, oldest first."""

    def counts(self) -> dict[str, int]:
        """articles, flagged, sightings, queued, polls, messages_waiting …, for status."""

    # digests and outbox
    def subscribe(self, recipe: str, channel: str, address: str, now: datetime) -> Subscription:
        """The subscription; the same one if it already stands."""

    def unsubscribe(self, recipe: str, address: str) -> bool: ...

    def subscriptions(self, recipe: str | None = None) -> Sequence[Subscription]: ...

    def last_issue_until(self, recipe: str, address: str) -> datetime | None:
        """Up to when (exclusive) this recipient's issues have covered the archive."""

    def issue_exists(self, recipe: str, address: str, slot: str) -> bool: ...

    def queue_issue(
        self,
        recipe: str,
        address: str,
        slot: str,
        until: datetime,
        article_ids: Sequence[int],
        message: Message | None,
    ) -> bool:
        """Write the issue, what it held and its message in one transaction.

        False, and nothing written, if that (recipe, address, slot) was issued before. ``message``
        None: the issue had nothing to say and the recipe prefers silence.
        """

    def claim_message(self, now: datetime) -> QueuedMessage | None:
        """The oldest message due, moved to ``sending``, or None."""

    def close_message(self, queued: QueuedMessage, delivery: Delivery, now: datetime) -> None:
        """Write what became of an attempt; deferred and unknown get a next try by age."""

    def recover_messages(self, now: datetime) -> int:
        """At start: messages a killed process left in ``sending`` become ``unknown``; how many."""


class Coverage(Protocol):
    """What the watch could not see, in rows. Every method is one transaction."""

    def gaps(self, *, everything: bool = False) -> Sequence[Gap]:
        """The open gaps, the oldest first; ``everything``: the closed ones, too."""

    def short_gaps(self, source: str) -> Sequence[Gap]:
        """The source's closed gaps of which something is proven to be missing still."""

    def write_gap(self, gap: Gap) -> None:
        """Write what has become of a gap: closed, found, missing, estimate."""

    def make_due(self, source: str, feed: str, now: datetime) -> None:
        """Make the other feeds of the source due: they may know what this one let slip."""

    def reaches_back(self, source: str, keys: Collection[str], at: datetime) -> bool:
        """Whether one of these url keys was sighted for this source at or before this moment."""

    def sighted(
        self, source: str, since: datetime, until: datetime, feed: str | None = None
    ) -> Sequence[tuple[datetime, str | None]]:
        """(first seen, date as printed) of what was sighted in [since, until], oldest first."""

    def newest(
        self, source: str, feed: str, until: datetime, most: int
    ) -> Sequence[tuple[str, str | None]]:
        """(address, id) of the last so many entries that a feed had shown until then, newest first."""

    def found_since(self, source: str, since: datetime, most: int) -> Sequence[Seen]:
        """What of a source was first seen after this moment, oldest first."""

    def count_since(self, source: str, since: datetime) -> int:
        """How many addresses of a source were first seen at or after this moment."""

    def unseen(self, keys: Collection[str]) -> int:
        """How many of these url keys were never sighted, for any source."""

    def findings(self, *, everything: bool = False) -> Sequence[Finding]:
        """The open findings, in the order they were opened; ``everything``: the closed, too."""

    def update_findings(
        self, looked_at: Collection[str], found: Iterable[Finding], now: datetime
    ) -> None:
        """Open what is found and not open yet; close what is open of the sources looked at ("" is
        ourselves) and was not found again."""


class SourceHistoryReader(Protocol):
    """The rows that ``health`` judges."""

    def feeds(self) -> Sequence[Mapping[str, Any]]:
        """Every feed: source, feed, last_outcome, detail, failures, last_success_at, first_success_at, lied_at."""

    def seen(self, since: datetime) -> Mapping[str, Sequence[datetime]]:
        """When each source's addresses were first seen, oldest first."""

    def texts(self, source: str, most: int) -> Sequence[Mapping[str, Any]]:
        """The newest articles: characters, language, dated, extraction, id, oddities."""

    def walls(self, source: str, newest: int) -> int:
        """How many of the newest settled sightings a wall answered."""


class Canaries(Protocol):
    """When the canary was last heard."""

    def heard(self) -> Mapping[str, datetime | None]:
        """By language, when the last came through; None: never."""

    def write(self, language: str, sent_at: datetime, heard: bool, detail: str) -> None:
        """What became of one."""

    def forget(self, source: str, recipe: str, channel: str) -> None:
        """Take out everything this source, recipe and channel left in the archive."""


class ArticleScan(Protocol):
    """The archive read from end to end; nothing can be written through it."""

    def ranges(self, size: int, since: datetime | None) -> list[tuple[int, int]]:
        """Ranges of ids, both inclusive, of at most ``size`` articles dated ``since`` or later each."""

    def articles(self, first: int, last: int, since: datetime | None) -> Iterator[ArchivedArticle]:
        """The articles of a range with their matches, by id; only what judging needs is filled in."""

    def close(self) -> None: ...


class Matches(Protocol):
    """The stored verdicts, written anew."""

    def replace(self, verdicts: Iterable[tuple[int, str, Match | None]]) -> None:
        """Put each (article id, topic, match) in the place of what stood there, in one transaction."""


class Verdicts(Protocol):
    """What analysts said, append-only."""

    def add(self, verdict: Verdict) -> None:
        """Write it down; NotFound if there is no such article."""

    def standing(self, topic: str) -> Sequence[Verdict]:
        """The newest verdict on each (article, label) of a topic, by article."""

    def of(self, article_id: int) -> Sequence[Verdict]:
        """All that was said of an article, oldest first."""


class WatchList(Protocol):
    """What was nearly flagged."""

    def doubtful(
        self, topics: Collection[str], since: datetime, until: datetime
    ) -> Sequence[ArchivedArticle]:
        """Articles kept in [since, until) with a doubtful label and no other of these topics, oldest first."""


class Reprocessing(Protocol):
    """The archive's pages, read again: what is kept of each article is what today's code finds."""

    def pages(
        self, *, sources: Collection[str] = (), since: datetime | None = None, broken: bool = False
    ) -> Iterator[tuple[ArchivedArticle, Page]]:
        """Every article whose page is kept, by id, with that page; ``since`` asks when it was kept,
        ``broken`` for those alone whose page broke its reader.

        Damaged, at the end, names the pages whose bytes are not what was written; all others came.
        """

    def quarantined(self) -> Sequence[Quarantined]:
        """The pages that broke their readers and were not read since, in the order they came."""

    def replace(self, kept: ArchivedArticle, prepared: PreparedArticle) -> Sequence[str]:
        """Write a new reading over an article's; the names of what changed, empty where nothing did.

        Its id, its address key, when it was first seen and when it was kept stay as they are. A
        page that was quarantined and can be read now is ``kept``.
        """


class Hosts(Protocol):
    """What hosts asked of us; kept over restarts."""

    def held_until(self, host: str) -> datetime | None:
        """Until when this host asked not to be contacted; None where it never did."""

    def holds(self) -> Mapping[str, datetime]:
        """Until when each host that asked is to be left alone."""

    def hold(self, host: str, until: datetime, reason: str) -> None:
        """Not before ``until``: the later of two wishes stands."""

    def robots(self, origin: str) -> RobotsCopy | None:
        """The last good robots.txt of ``scheme://host[:port]``."""

    def save_robots(self, copy: RobotsCopy) -> None:
        """Keep a good copy in place of the last."""


class Search(Protocol):
    """The archive, asked a Query."""

    def find(
        self,
        query: Query | None,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        sources: Collection[str] = (),
        languages: Collection[str] = (),
        topic: str | None = None,
        label: str | None = None,
        limit: int = 20,
    ) -> Sequence[tuple[ArchivedArticle, Match | None]]:
        """Newest first; the Match holds the mentions that satisfied the query (None without one)."""


class Probes(Protocol):
    """What became of trying feeds."""

    def save(self, probe: Probe) -> None:
        """Write one try; earlier ones stay."""

    def latest(self, source: str) -> Sequence[Probe]:
        """The last try of each feed of a source, in the order they were made."""


class Templates(Protocol):
    """The learned templates, version by version."""

    def in_use(self) -> Sequence[Template]:
        """The newest template of each source that has one which is not retired."""

    def versions(self) -> dict[str, int]:
        """The newest version of each source, retired or not: the next one counts from there."""

    def save(self, template: Template, now: datetime) -> None:
        """Keep a template; one that is kept already stays as it is."""

    def retire(self, source: str, version: int, reason: str, now: datetime) -> None:
        """Say that a template and those before it are no longer used, and why."""

    def drifts(self, since: datetime) -> Sequence[TemplateDrift]:
        """The templates retired since then, by source and version."""


class Reader(Protocol):
    """Killable readers: no page can hold or crash the process that asks."""

    async def window(
        self, body: bytes, url: str, content_type: str, kind: str = "feed", *options: object
    ) -> FeedWindow | Extraction:
        """What a feed of this kind shows in these bytes; ``options`` are what its reader asks for.

        ``timeout`` or ``crashed`` where the bytes broke the worker.
        """

    async def read(self, page: Page, source: Source) -> PreparedArticle | Rejection | None:
        """The page read; an empty Reading where it broke the worker; None when stopped."""


class BatchTransaction(Protocol):
    """Opens the transaction that works join. ``apart``: each can fail by itself."""

    def __call__(self, *, apart: bool) -> AbstractContextManager[None]: ...


class Writer(Protocol):
    """Writes beside the loop; works that come together are committed together."""

    def soon(self, work: Callable[[], _T]) -> Future[_T]:
        """Have this written; the future is done when it is committed."""

    def gathered(self, many: Callable[[Sequence[_W]], Sequence[_T]], one: _W) -> Future[_T]:
        """As ``soon``, for work of which ``many`` can do several at once: those that come together
        are given to it together. It answers each, in the order given."""


class Channel(Protocol):
    """A way out. Never raises for what the other side does: that is a Delivery."""

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
        """True once a stop was asked for: what fails from now on failed because of it."""

    def polled(self, poll: Poll, state: FeedState) -> None:
        """Close a poll: its row, the feed's new state, and one line for people."""
