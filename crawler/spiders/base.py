"""What every spider does alike: ask feeds, fetch the pages they name, give each URL its fate.

::

    start ─► ask(feed) ─► window(response) ─► sight ─► fetch(page) ─► Fetched ─► pipelines
                │ fails        │ blocked …                │ fails
                ▼              ▼                          ▼
            poll failed    poll blocked           failed · gone · rejected

A spider says how a feed's window is read (``window``); nothing else. It decides nothing about
texts and writes only through ``rasd.archive``.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Any, ClassVar, cast

import scrapy
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    IgnoreRequest,
)
from scrapy.http import Request, Response
from twisted.internet.error import ConnectError, DNSLookupError
from twisted.python.failure import Failure

from crawler import urls
from crawler.errors import NotFound
from crawler.interfaces import Rasd
from crawler.model import Fate, Feed, FeedEntry, FeedWindow, Page, Sighting, Source
from crawler.polling import Fetched, Tally
from crawler.refusals import Held

_UNREACHABLE = (CannotResolveHostError, DownloadConnectionRefusedError, DNSLookupError, ConnectError)
BLOCKED = frozenset({401, 402, 403, 407, 429, 451})
GONE = frozenset({404, 410})
RETRY_AFTER = timedelta(minutes=15)  # a page that failed is tried again after, at the next poll
ATTEMPTS = 5  # then it stays failed: visible in the ledger, no longer asked for


class PollingSpider(scrapy.Spider):
    """Base of all spiders. ``-a source=SLUG`` polls one source's feeds of this kind by hand; the
    engine gives ``feeds`` as (source slug, feed url) pairs."""

    kind: ClassVar[str]

    def __init__(
        self,
        source: str | None = None,
        feeds: Sequence[tuple[str, str]] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self._source, self._feeds = source, feeds
        self.tallies: list[Tally] = []

    @property
    def rasd(self) -> Rasd:
        """The app, set by an extension before ``start``."""
        return cast("Rasd", self.crawler.rasd)  # type: ignore[attr-defined]

    async def window(self, response: Response, feed: Feed) -> FeedWindow | str:
        """The feed's entries, or why there are none to be had (``timeout``, ``crashed``)."""
        raise NotImplementedError  # each kind of feed reads its own

    async def start(self) -> AsyncIterator[Any]:
        """One request per feed asked for, conditional where its validators are known."""
        for source, feed in self._wanted():
            state = self.rasd.archive.feed_state(source.slug, feed.url)
            tally = Tally(
                source=source,
                feed=feed,
                state=state,
                started_at=self.rasd.clock(),
                on_done=self._close,
            )
            self.tallies.append(tally)
            headers = {}
            if state.etag:
                headers["If-None-Match"] = state.etag
            if state.last_modified:
                headers["If-Modified-Since"] = state.last_modified
            yield Request(
                feed.url,
                headers=headers,
                callback=self.parse_feed,
                errback=self.feed_failed,
                cb_kwargs={"tally": tally},
                meta=_meta(source),
                dont_filter=True,
                priority=10,
            )

    async def parse_feed(self, response: Response, tally: Tally) -> AsyncIterator[Any]:
        """The feed was answered: what is new becomes sightings, then pages."""
        self.rasd.reached("poll.feed_received")
        if response.status == 304:
            tally.answered("not_modified")
        elif response.status in BLOCKED:
            tally.answered("blocked", f"the server said {response.status}")
        elif response.status != 200:
            tally.answered("failed", f"the server said {response.status}")
        else:
            await self._look(response, tally)
        if tally.outcome in ("new", "nothing_new", "not_modified"):
            slug, now = tally.source.slug, self.rasd.clock()
            waiting = self.rasd.archive.waiting(slug, tally.feed.url, now)
            older = [s for s in waiting if s.id not in tally.new]
            tally.expect(older, new=False)
        for step in self._steps(tally):
            yield step
        tally.close_if_done()

    def parse_page(self, response: Response, tally: Tally, sighting: Sighting) -> Iterator[Fetched]:
        """An article's page was answered."""
        self.rasd.reached("page.received")
        if response.status in GONE:
            self._settle(tally, sighting, "gone", f"the server said {response.status}")
        elif response.status != 200:
            self._fail(tally, sighting, f"the server said {response.status}")
        else:
            yield Fetched(tally=tally, sighting=sighting, page=self._page(response, sighting))

    def feed_failed(self, failure: Failure) -> None:
        """The feed could not be asked."""
        tally = _kwargs(failure)["tally"]
        if not self.rasd.stopping:
            tally.abandon("failed", said(failure))

    def page_failed(self, failure: Failure) -> None:
        """A page could not be fetched: refused and forbidden pages are rejected, others wait."""
        kwargs = _kwargs(failure)
        tally, sighting = kwargs["tally"], kwargs["sighting"]
        if self.rasd.stopping or isinstance(failure.value, Held):
            tally.settled(sighting, "queued")
        elif isinstance(failure.value, IgnoreRequest):
            self._settle(tally, sighting, "rejected", said(failure))
        else:
            self._fail(tally, sighting, said(failure))

    def closed(self, reason: str) -> None:
        """The crawl is over: what is still out stays queued, and every poll is closed. A feed that
        a stop cut off leaves no poll and stays due."""
        for tally in self.tallies:
            if tally.outcome is not None or not self.rasd.stopping:
                tally.abandon("failed", "no answer was understood; the log says more")

    # ── steps ─────────────────────────────────────────────────────────────────────────────────

    def _wanted(self) -> Iterator[tuple[Source, Feed]]:
        sources = self.rasd.sources
        if self._source is not None:
            if self._source not in sources:
                raise NotFound(f"no source {self._source!r} in the seeds")
            source = sources[self._source]
            yield from ((source, feed) for feed in source.feeds if feed.kind == self.kind)
        for slug, url in self._feeds or ():
            source = sources[slug]
            yield from ((source, feed) for feed in source.feeds if feed.url == url)

    async def _look(self, response: Response, tally: Tally) -> None:
        window = await self.window(response, tally.feed)
        if isinstance(window, str):
            tally.answered("failed", f"reading the feed: {window}")
        elif not window.kind:
            tally.answered("not_a_feed", _media_type(response) or "no content type")
        elif not window.entries:
            tally.answered("empty", f"{window.unusable} entries without a link")
        else:
            self._sight(window, tally)
            tally.etag = _header(response, "etag")
            tally.last_modified = _header(response, "last-modified")

    def _sight(self, window: FeedWindow, tally: Tally) -> None:
        unique: dict[str, FeedEntry] = {}
        for entry in window.entries:
            unique.setdefault(urls.key(entry.url), entry)
        slug, now = tally.source.slug, self.rasd.clock()
        new = self.rasd.archive.sight(slug, tally.feed.url, list(unique.items()), now)
        tally.seen = len(unique)
        tally.overflow = len(new) == len(unique) and tally.state.last_success_at is not None
        tally.expect(list(new), new=True)
        tally.answered("new" if new else "nothing_new")
        self.rasd.reached("poll.sighted")

    def _steps(self, tally: Tally) -> Iterable[Request | Fetched]:
        allowed = allowed_hosts(tally.source)
        for sighting in list(tally.out.values()):
            page = self.rasd.archive.unread_page(sighting) if sighting.has_page else None
            if page is not None:
                yield Fetched(tally=tally, sighting=sighting, page=page, stored=True)
            elif urls.registrable(sighting.url) not in allowed:
                host = urls.registrable(sighting.url)
                self._settle(tally, sighting, "rejected", f"offsite: {host} is no host of the source")
            else:
                yield Request(
                    sighting.url,
                    callback=self.parse_page,
                    errback=self.page_failed,
                    cb_kwargs={"tally": tally, "sighting": sighting},
                    meta=_meta(tally.source),
                    dont_filter=True,
                )

    def _page(self, response: Response, sighting: Sighting) -> Page:
        headers = tuple(
            (name.decode("latin-1").lower(), value.decode("latin-1"))
            for name, values in response.headers.items()
            for value in values
        )
        return Page(
            url=response.url,
            requested_url=sighting.url,
            fetched_at=self.rasd.clock(),
            status=response.status,
            headers=headers,
            body=response.body,
            entry=sighting.entry,
        )

    def _settle(self, tally: Tally, sighting: Sighting, fate: Fate, reason: str) -> None:
        self.rasd.archive.settle(sighting, fate, reason, self.rasd.clock())
        tally.settled(sighting, fate)

    def _fail(self, tally: Tally, sighting: Sighting, reason: str) -> None:
        now = self.rasd.clock()
        again = now + RETRY_AFTER if sighting.attempts + 1 < ATTEMPTS else None
        self.rasd.archive.settle(sighting, "failed", reason, now, next_try_at=again)
        tally.settled(sighting, "failed")

    def _close(self, tally: Tally) -> None:
        self.rasd.reached("poll.closing")
        poll = tally.poll(self.rasd.clock())
        self.rasd.polled(poll, tally.next_state(poll))


def said(failure: Failure) -> str:
    """What went wrong, in one line; ``unreachable:`` where no connection came about at all."""
    text = " ".join(str(failure.value).split()) or type(failure.value).__name__
    unreachable = isinstance(failure.value, _UNREACHABLE)
    return f"unreachable: {text}"[:300] if unreachable else text[:300]


def allowed_hosts(source: Source) -> frozenset[str]:
    """The registrable domains a source publishes on: its home's, its feeds', those it names."""
    places = (source.home, *(feed.url for feed in source.feeds), *source.hosts)
    return frozenset(urls.registrable(place) for place in places)


def _meta(source: Source) -> dict[str, Any]:
    return {
        "allowed_hosts": tuple(sorted(allowed_hosts(source))),
        "https_only": source.home.startswith("https:"),
        "source": source.slug,
    }


def _kwargs(failure: Failure) -> dict[str, Any]:
    return cast("dict[str, Any]", failure.request.cb_kwargs)  # type: ignore[attr-defined]


def _header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None


def _media_type(response: Response) -> str:
    return (_header(response, "content-type") or "").partition(";")[0].strip().lower()
