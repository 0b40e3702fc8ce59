"""What one shore may ask of another, as Protocols: spiders know these, never the concrete things."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from typing import Protocol

from crawler.model import (
    ArchivedArticle,
    Delivery,
    Extraction,
    FeedEntry,
    FeedState,
    FeedWindow,
    Match,
    Message,
    Page,
    Poll,
    QueuedMessage,
    Reading,
    Rejection,
    Sighting,
    Source,
    SourceHealth,
    Subscription,
    Template,
    TemplateDrift,
)
from crawler.query import Query

Clock = Callable[[], datetime]  # now, aware UTC
Reached = Callable[[str], None]  # called at each named failpoint; does nothing in real life


class Archive(Protocol):
    """The truth, in rows. Every method is one transaction; doing one twice changes nothing more."""

    # feeds and polls
    def feed_state(self, source: str, feed: str) -> FeedState:
        """The feed's state; a fresh FeedState where it was never polled."""

    def feed_states(self) -> Sequence[FeedState]:
        """Every feed ever polled."""

    def close_poll(self, poll: Poll, state: FeedState) -> None:
        """Write the poll's row and the feed's new state. ValueError if the poll doesn't balance."""

    def health(self, sources: Iterable[str]) -> Sequence[SourceHealth]:
        """One row per source asked for, in that order, polled or not."""

    # sightings
    def sight(
        self, source: str, feed: str, entries: Sequence[tuple[str, FeedEntry]], now: datetime
    ) -> Sequence[Sighting]:
        """Write unseen entries, given as (url key, entry), as ``queued``; return only the new ones.

        A url key is known for ever and across sources: an entry whose key was ever sighted, or
        whose key belongs to a kept article, is not new. Order of the result = order given.
        """

    def waiting(self, source: str, feed: str, now: datetime) -> Sequence[Sighting]:
        """Sightings of this feed that are ``queued``, or ``failed`` with a next try not after now."""

    def keep_page(self, sighting: Sighting, page: Page) -> None:
        """Store a page fetched but not read (stop came first); the fate stays ``queued``."""

    def unread_page(self, sighting: Sighting) -> Page | None:
        """The page kept for a sighting that still waits to be read."""

    def keep(self, sighting: Sighting, page: Page, reading: Reading, now: datetime) -> int:
        """Snapshot, article, matches, search row and fate ``kept`` in one transaction; article id.

        An article with the same url key is not kept twice: the sighting then points to it.
        """

    def settle(
        self,
        sighting: Sighting,
        fate: str,
        reason: str,
        now: datetime,
        *,
        next_try_at: datetime | None = None,
        page: Page | None = None,
    ) -> None:
        """Give a sighting another fate than kept; a page, where there is one, is kept with it."""

    # articles
    def article(self, article_id: int) -> ArchivedArticle:
        """NotFound if there is none."""

    def flagged(self, topics: Collection[str], since: datetime, until: datetime) -> Sequence[ArchivedArticle]:
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


class Templates(Protocol):
    """The learned templates, version by version."""

    def in_use(self) -> Sequence[Template]:
        """The newest template of each source that has one which is not retired."""

    def versions(self) -> dict[str, int]:
        """The newest version of each source, retired or not: the next one counts from there."""

    def keep(self, template: Template, now: datetime) -> None:
        """Keep a template; one that is kept already stays as it is."""

    def retire(self, source: str, version: int, reason: str, now: datetime) -> None:
        """Say that a template and those before it are no longer used, and why."""

    def drifts(self, since: datetime) -> Sequence[TemplateDrift]:
        """The templates retired since then, by source and version."""


class Reader(Protocol):
    """Killable readers: no page can hold or crash the process that asks."""

    async def window(self, body: bytes, url: str, content_type: str) -> FeedWindow | Extraction:
        """The feed in these bytes; ``timeout`` or ``crashed`` where the bytes broke the worker."""

    async def read(self, page: Page, source: Source) -> Reading | Rejection | None:
        """The page read; an empty Reading where it broke the worker; None when stopped."""


class Channel(Protocol):
    """A way out. Never raises for what the other side does: that is a Delivery."""

    async def deliver(self, message: Message) -> Delivery: ...


class Rasd(Protocol):
    """What spiders and pipelines may use of the app; an extension sets it as ``crawler.rasd``."""

    archive: Archive
    reader: Reader
    clock: Clock
    reached: Reached

    @property
    def sources(self) -> dict[str, Source]: ...

    @property
    def stopping(self) -> bool:
        """True once a stop was asked for: what fails from now on failed because of it."""

    def polled(self, poll: Poll, state: FeedState) -> None:
        """Close a poll: its row, the feed's new state, and one line for people."""
