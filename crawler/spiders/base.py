"""What every spider does alike: ask feeds, fetch the pages they name, give each URL its fate.

::

    start ─► ask(place) ─► window ─► sight ─► fetch(page) ─► Fetched ─► pipelines
              ▲ │ fails     │ │ blocked …        │ fails
              │ ▼           │ ▼                  ▼
              │ poll failed │ poll blocked   failed · gone · rejected
              └── further ──┘ places: the files of a sitemap, the pages of a listing

A spider says which places are asked and within which limits; how their bytes are read stands in the
module of that kind (``feeds``, ``sitemaps``, ``sections``, ``posts``). It decides nothing about texts
and writes only through ``services.archive``.
"""

from __future__ import annotations

import asyncio
import hashlib
import random
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from typing import Any, ClassVar, cast

import scrapy
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response
from twisted.python.failure import Failure

from crawler import filetypes, urls
from crawler.errors import NotFoundError
from crawler.feeds import overflow, syndication
from crawler.fetch import block_pages
from crawler.fetch.errors import HostOnHoldError
from crawler.fetch.failures import cause_of
from crawler.fetch.middlewares.budget import Budget, BudgetExhaustedError
from crawler.fetch.response import freshness, moved_to
from crawler.fetch.services import services_of
from crawler.model import (
    Cause,
    Fate,
    Feed,
    FeedEntry,
    FeedState,
    FeedWindow,
    Gap,
    Page,
    Sighting,
    Source,
    status_cause,
)
from crawler.polling import gap_tracking, gaps, schedule
from crawler.polling.poll import Fetched, PollInProgress
from crawler.polling.window import entry_dates, incomplete, inline_articles, reading_failed
from crawler.ports import CrawlServices

BLOCKED = frozenset({401, 402, 403, 407, 429, 451})
GONE = frozenset({404, 410})
RETRY_AFTER = timedelta(minutes=15)  # a page that failed is tried again after, at the next poll
ATTEMPTS = 5  # then it stays failed: visible in the ledger, no longer asked for
MOST_WAITING = 2_000  # of what earlier polls left, that one poll takes up again (R17)
AT_ONCE = 1_000  # entries looked at before others have their turn
_NOT_UNDERSTOOD = Cause(
    reason="not_understood", detail="no answer was understood; the log says more"
)


class PollingSpider(scrapy.Spider):
    """Base of all spiders. ``-a source=SLUG`` polls one source's feeds of this kind by hand; the
    engine gives ``feeds`` as (source slug, feed url) pairs."""

    kind: ClassVar[str]
    maxsize: ClassVar[int | None] = None  # bytes of one answer; None: as for any page
    depth: ClassVar[int] = 1  # how deep places may name further places
    until_known: ClassVar[bool] = False  # go on only as long as a place shows something new

    def __init__(
        self,
        source: str | None = None,
        feeds: Sequence[tuple[str, str]] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self._source, self._feeds = source, feeds
        self.tallies: list[PollInProgress] = []
        self._waiting: frozenset[tuple[str, str]] = frozenset()
        self._budgets: dict[tuple[str, str], Budget] = {}
        self._chance = random.Random()

    @property
    def services(self) -> CrawlServices:
        """The app, set by an extension before ``start``."""
        return services_of(self.crawler)

    # ── what kinds of feed do otherwise ───────────────────────────────────────────────────────

    def place(self, tally: PollInProgress) -> str:
        """The address asked first."""
        return tally.feed.url

    def since(self, state: FeedState, now: datetime) -> datetime | None:
        """From when on this kind of feed is looked through; None: whatever it shows."""
        return None

    def options(self, tally: PollInProgress) -> tuple[object, ...]:
        """What this kind's reader is told beside the bytes."""
        return ()

    def most(self, feed: Feed) -> int:
        """How many places one poll may ask."""
        return 1

    def counts(self, tally: PollInProgress) -> Iterator[tuple[Gap, str]]:
        """The open gaps whose articles the site counts for us, each with the place that does."""
        yield from ()

    def count(self, response: Response) -> int | None:
        """What such a place counted."""
        return None

    # ── asking ────────────────────────────────────────────────────────────────────────────────

    async def start(self) -> AsyncIterator[Any]:
        """One request per feed asked for, conditional where its validators are known."""
        wanted = list(self._wanted())
        archive, now = self.services.archive, self.services.clock()
        states = archive.states_of([(source.slug, feed.url) for source, feed in wanted])
        self._waiting = archive.feeds_with_pending(now)
        open_gaps = self.services.coverage.gaps()
        for source, feed in wanted:
            state = states[source.slug, feed.url]
            missing = gaps.to_fill(gaps.pending(open_gaps, source.slug), state)
            tally = PollInProgress(
                source=source,
                feed=feed,
                state=state,
                started_at=self.services.clock(),
                since=gaps.since(self.since(state, now), missing),
                missing=missing,
                full=bool(missing)
                or feed.render
                or state.failures > 0
                or schedule.is_full_due(state, now),
                jitter=self._chance.random(),
                on_done=self._close,
            )
            self.tallies.append(tally)
            headers = {}
            if state.etag and not tally.full:
                headers["If-None-Match"] = state.etag
            if state.last_modified and not tally.full:
                headers["If-Modified-Since"] = state.last_modified
            tally.full = not headers
            yield self._ask(tally, self.place(tally), headers=headers)

    def _ask(
        self,
        tally: PollInProgress,
        url: str,
        *,
        depth: int = 1,
        headers: dict[str, str] | None = None,
    ) -> Request:
        tally.ask(url)
        meta = _meta(tally.source) | _shown(tally.feed)
        if self.maxsize is not None:
            meta["download_maxsize"] = self.maxsize
        if depth > 1:  # further places cost as much as pages do, and end as they do
            meta["budget"] = self._budget(tally.source, "places")
        return Request(
            url,
            headers=headers,
            callback=self.parse_feed,
            errback=self.feed_failed,
            cb_kwargs={"tally": tally, "depth": depth},
            meta=meta,
            dont_filter=True,
            priority=10,
        )

    async def parse_feed(
        self, response: Response, tally: PollInProgress, depth: int
    ) -> AsyncIterator[Any]:
        """A place of the feed was answered: what is new becomes sightings, then pages."""
        self.services.reached("poll.feed_received")
        first = tally.outcome is None
        if response.status == 304:
            tally.answered("not_modified")
        elif response.status in BLOCKED:
            tally.answered("blocked", status_cause(response.status))
        elif response.status != 200:
            tally.answered("failed", status_cause(response.status))
        else:
            tally.floor = max(tally.floor, freshness(response, self.services.clock()))
            if first and (moved := moved_to(response)):
                tally.note(Cause(reason="moved", detail=f"moved to {moved}"))
            async for step in self._look(response, tally, depth):
                yield step
            for step in (
                self._counting(tally) if first and tally.outcome in ("new", "nothing_new") else ()
            ):
                yield step
        if first and tally.outcome in ("new", "nothing_new", "not_modified"):
            for step in self._steps(tally, await self._own(tally, self._older(tally))):
                yield step
        tally.close_if_done()

    def _counting(self, tally: PollInProgress) -> Iterator[Request]:
        for gap, place in self.counts(tally):
            tally.asking += 1
            yield Request(
                place,
                callback=self.parse_count,
                errback=self.count_failed,
                cb_kwargs={"tally": tally, "gap": gap},
                meta=_meta(tally.source),
                dont_filter=True,
                priority=10,
            )

    def parse_count(self, response: Response, tally: PollInProgress, gap: Gap) -> None:
        """A place that counts was answered: proof for its gap, and nothing else."""
        counted = self.count(response) if response.status == 200 else None
        if counted is not None:
            tally.counted[gap.id] = counted
        tally.heard_aside()

    def count_failed(self, failure: Failure) -> None:
        """Nothing was counted, and nothing is proven."""
        _kwargs(failure)["tally"].heard_aside()

    def _older(self, tally: PollInProgress) -> list[Sighting]:
        """What waits from earlier polls of this feed, expected now."""
        slug, url = tally.source.slug, tally.feed.url
        if (slug, url) not in self._waiting:
            return []
        waiting = self.services.archive.pending_sightings(
            slug, url, self.services.clock(), MOST_WAITING
        )
        older = [s for s in waiting if s.id not in tally.new]
        tally.expect(older, new=False)
        return older

    async def parse_page(
        self, response: Response, tally: PollInProgress, sighting: Sighting
    ) -> AsyncIterator[Fetched]:
        """An article's page was answered."""
        self.services.reached("page.received")
        if response.status in GONE:
            await self._settle(tally, sighting, "gone", status_cause(response.status))
        elif response.status != 200:
            await self._fail(tally, sighting, status_cause(response.status))
        elif refusal := filetypes.refusal(response.body):
            await self._settle(tally, sighting, "rejected", refusal)
        elif kind := block_pages.identify(
            response.body, response.url, sighting.url, tally.source.home
        ):
            await self._fail(tally, sighting, Cause(reason=kind))
        else:
            yield Fetched(tally=tally, sighting=sighting, page=self._page(response, sighting))

    def feed_failed(self, failure: Failure) -> None:
        """A place of the feed could not be asked."""
        tally = _kwargs(failure)["tally"]
        if not self.services.stopping:
            if isinstance(failure.value, HostOnHoldError):
                host = schedule.host_of(_request(failure).url)
                tally.not_before = self.services.hosts.held_until(host)
            tally.answered("failed", cause_of(failure))
            tally.close_if_done()

    async def page_failed(self, failure: Failure) -> None:
        """A page could not be fetched: refused and forbidden pages are rejected, others wait."""
        kwargs = _kwargs(failure)
        tally, sighting = kwargs["tally"], kwargs["sighting"]
        if self.services.stopping or isinstance(
            failure.value, (HostOnHoldError, BudgetExhaustedError)
        ):
            if isinstance(failure.value, BudgetExhaustedError):
                tally.note(cause_of(failure))
            tally.settled(sighting, "queued")
        elif isinstance(failure.value, IgnoreRequest):
            await self._settle(tally, sighting, "rejected", cause_of(failure))
        else:
            await self._fail(tally, sighting, cause_of(failure))

    def closed(self, reason: str) -> None:
        """The crawl is over: what is still out stays queued, and every poll is closed. A feed that
        a stop cut off leaves no poll and stays due."""
        for tally in self.tallies:
            if tally.outcome is not None or not self.services.stopping:
                tally.abandon("failed", _NOT_UNDERSTOOD)

    # ── steps ─────────────────────────────────────────────────────────────────────────────────

    def _wanted(self) -> Iterator[tuple[Source, Feed]]:
        sources = self.services.sources
        if self._source is not None:
            if self._source not in sources:
                raise NotFoundError(f"no source {self._source!r} in the seeds")
            source = sources[self._source]
            yield from ((source, feed) for feed in source.feeds if feed.kind == self.kind)
        for slug, url in self._feeds or ():
            source = sources[slug]
            yield from ((source, feed) for feed in source.feeds if feed.url == url)

    async def _look(
        self, response: Response, tally: PollInProgress, depth: int
    ) -> AsyncIterator[Any]:
        """Read one place: its unseen entries, then the further places it names."""
        if self._is_the_same(response, tally):
            return
        content_type = _header(response, "content-type") or ""
        window = await self.services.reader.window(
            response.body, response.url, content_type, self.kind, *self.options(tally)
        )
        if isinstance(window, str):
            tally.answered("failed", reading_failed(window))
        elif not window.kind:
            kind = block_pages.identify(
                response.body, response.url, tally.feed.url, tally.source.home
            )
            if kind in ("challenge", "consent"):
                tally.answered("blocked", Cause(reason=kind, detail="a page instead of the feed"))
            elif window.refused and window.refused.reason == "too_big":
                tally.answered("failed", window.refused)
            else:
                refusal = window.refused or filetypes.refusal(response.body)
                told = _media_type(response) or "no content type"
                tally.answered("not_a_feed", refusal or Cause(reason="not_a_feed", detail=told))
        else:
            known = len(tally.new)
            new = await self._sight(window, tally)
            if window.tail:
                await self._carry_over(window, tally)
            if len(tally.new) > MOST_WAITING:
                detail = f"{len(tally.new)} new at once; what is not asked for now is queued"
                tally.note(Cause(reason="burst", detail=detail))
            if missing := incomplete(window):
                tally.partial = True
                tally.note(missing)
            tally.beyond.update(window.beyond)
            tally.older |= bool(window.older)
            any_new = tally.last_place_new = len(tally.new) > known
            for place in self._further(window, tally, depth, any_new):
                yield self._ask(tally, place, depth=depth + 1)
            if len(tally.places) == 1:
                tally.etag = _header(response, "etag")
                tally.last_modified = _header(response, "last-modified")
            else:  # what one place says of itself says nothing of the others
                tally.etag = tally.last_modified = None
            self._heard(window, tally, any_new)
            self.services.reached("poll.sighted")
            for step in self._steps(tally, await self._own(tally, new), inline_articles(window)):
                yield step

    def _is_the_same(self, response: Response, tally: PollInProgress) -> bool:
        """Whether this tells what the look before told: then nothing is new, and nothing is read."""
        if tally.outcome is not None or tally.missing or self.depth > 1:
            return False
        how = repr(
            (tally.feed.links, tally.feed.next_page_selector)
        ).encode()  # other selectors, another reading
        tally.body_sha256 = hashlib.sha256(how + syndication.telling(response.body)).hexdigest()
        if tally.body_sha256 != tally.state.body_sha256:
            return False
        tally.same, tally.seen = True, tally.state.entries
        tally.etag = _header(response, "etag")
        tally.last_modified = _header(response, "last-modified")
        tally.answered("nothing_new")
        return True

    async def _sight(self, window: FeedWindow, tally: PollInProgress) -> list[Sighting]:
        """Write what was never seen before; the new sightings. If nothing was known from the first
        place on, the gap there may be is opened with them."""
        unique: dict[str, FeedEntry] = {}
        for number, entry in enumerate(window.entries, 1):
            if number % AT_ONCE == 0:
                await asyncio.sleep(0)
            key = urls.key(entry.url)
            if key not in tally.keys:
                unique.setdefault(key, entry)
        tally.keys.update(unique)
        if not unique:
            return []
        slug, now = tally.source.slug, self.services.clock()
        first = tally.seen == 0
        gap = gaps.suspected(tally.state, slug, tally.feed.url, tally.started_at) if first else None
        entries = list(unique.items())
        new = list(
            await self.services.writer.soon(
                lambda: self.services.archive.record_entries(
                    slug, tally.feed.url, entries, now, gap=gap
                )
            )
        )
        tally.seen += len(unique)
        if first and len(new) == len(unique) and gap is not None:
            tally.overflow = True
        said = entry_dates(islice(unique.values(), AT_ONCE), tally.source.timezone, now)
        dated = dict(zip(unique, said, strict=False))
        tally.dates += [at for at in said if at is not None]
        tally.new_at += [dated.get(s.url_key) for s in new]
        tally.expect(new, new=True)
        return new

    async def _carry_over(self, window: FeedWindow, tally: PollInProgress) -> None:
        """Write what a very long feed's far end has that was never seen before, a slice at a time: the
        next polls take it up (R17)."""
        slug, url = tally.source.slug, tally.feed.url
        for piece in window.tail:
            entries = [
                (k, e) for k, e in dict(overflow.unpack(piece)).items() if k not in tally.keys
            ]
            tally.keys.update(key for key, _ in entries)
            tally.seen += len(entries)
            now = self.services.clock()
            new = await self.services.writer.soon(
                partial(self.services.archive.record_entries, slug, url, entries, now)
            )
            tally.expect(list(new), new=True)
            tally.new_at += [None] * len(new)
            for sighting in await self._own(tally, new):
                tally.settled(sighting, "queued")

    def _heard(self, window: FeedWindow, tally: PollInProgress, any_new: bool) -> None:
        if any_new:
            tally.answered("new")
        elif window.entries or window.more or window.older:
            tally.answered("nothing_new")
        elif window.partial:
            tally.answered("failed", incomplete(window))
        else:
            detail = f"{window.unusable} entries without a link"
            tally.answered("empty", Cause(reason="empty_feed", detail=detail))

    def _further(
        self, window: FeedWindow, tally: PollInProgress, depth: int, any_new: bool
    ) -> Iterator[str]:
        """The places this one names that are worth asking, within the kind's limits."""
        if not window.more:
            return
        if (
            self.until_known
            and not any_new
            and not gap_tracking.goes_on(self.services.coverage, tally, window)
        ):
            return
        allowed = allowed_hosts(tally.source)
        for place in window.more:
            if place in tally.places or urls.registrable(place) not in allowed:
                continue
            if depth >= self.depth or len(tally.places) >= self.most(tally.feed):
                tally.partial = True
                detail = f"{len(tally.places)} asked, and more are named"
                tally.note(Cause(reason="place_limit", detail=detail))
                return
            yield place

    async def _own(self, tally: PollInProgress, sightings: Sequence[Sighting]) -> list[Sighting]:
        """The sightings on the source's own hosts. The others are rejected in one transaction:
        thousands, each in one of its own, held everybody up for half a minute (R25)."""
        allowed, now = allowed_hosts(tally.source), self.services.clock()
        hosts = {s.id: urls.registrable(s.url) for s in sightings if not s.has_page}
        others = [
            (s, Cause(reason="offsite", detail=f"{hosts[s.id]} is no host of the source"))
            for s in sightings
            if s.id in hosts and hosts[s.id] not in allowed
        ]
        if others:
            await self.services.writer.soon(lambda: self.services.archive.reject(others, now))
        for sighting, _ in others:
            tally.settled(sighting, "rejected")
        rejected = {s.id for s, _ in others}
        return [s for s in sightings if s.id not in rejected]

    def _steps(
        self,
        tally: PollInProgress,
        sightings: Iterable[Sighting],
        articles: Mapping[str, bytes] | None = None,
    ) -> Iterable[Request | Fetched]:
        """What each sighting needs: reading, if its page is here already, or else a request."""
        budget = self._budget(tally.source)
        meta = _meta(tally.source) | _shown(tally.feed) | {"budget": budget}
        for sighting in sightings:
            page = self.services.archive.unread_page(sighting) if sighting.has_page else None
            if page is not None:
                yield Fetched(tally=tally, sighting=sighting, page=page, stored=True)
            elif article := (articles or {}).get(sighting.url_key):
                yield Fetched(
                    tally=tally, sighting=sighting, page=self._delivered(sighting, article)
                )
            elif not budget.book():
                tally.note(cause_of(BudgetExhaustedError("requests")))
                tally.settled(sighting, "queued")
            else:
                yield Request(
                    sighting.url,
                    callback=self.parse_page,
                    errback=self.page_failed,
                    cb_kwargs={"tally": tally, "sighting": sighting},
                    meta=meta,  # Scrapy makes a copy of it
                    dont_filter=True,
                )

    def _budget(self, source: Source, of: str = "pages") -> Budget:
        if (source.slug, of) not in self._budgets:
            given = self.settings.getdict("RASD_BUDGET")
            self._budgets[source.slug, of] = Budget(
                requests=int(given["requests"]),
                bytes=int(given["bytes"]),
                seconds=float(given["seconds"]),
            )
        return self._budgets[source.slug, of]

    def _delivered(self, sighting: Sighting, article: bytes) -> Page:
        """The page of an article that came with its feed."""
        return Page(
            url=sighting.url,
            requested_url=sighting.url,
            fetched_at=self.services.clock(),
            status=200,
            headers=(("content-type", "application/json"),),
            body=article,
            entry=sighting.entry,
        )

    def _page(self, response: Response, sighting: Sighting) -> Page:
        return page_of(response, sighting.url, self.services.clock(), sighting.entry)

    async def _settle(
        self,
        tally: PollInProgress,
        sighting: Sighting,
        fate: Fate,
        cause: Cause,
        next_try_at: datetime | None = None,
    ) -> None:
        """Written with whatever else is being written: a site that is down fails by the hundred."""
        now = self.services.clock()
        await self.services.writer.soon(
            lambda: self.services.archive.set_outcome(
                sighting, fate, cause, now, next_try_at=next_try_at
            )
        )
        tally.settled(sighting, fate)

    async def _fail(self, tally: PollInProgress, sighting: Sighting, cause: Cause) -> None:
        again = self.services.clock() + RETRY_AFTER if sighting.attempts + 1 < ATTEMPTS else None
        await self._settle(tally, sighting, "failed", cause, next_try_at=again)

    def _close(self, tally: PollInProgress) -> None:
        self.services.reached("poll.closing")
        if tally.new:
            tally.per_hour = gap_tracking.pace(self.services.coverage, tally, self.services.clock())
            gap_tracking.found_late(self.services.coverage, tally.source.slug)
        if (tally.overflow or tally.missing) and tally.seen:
            gap_tracking.settle(
                self.services.coverage, tally, self.until_known, self.services.clock()
            )
        poll = tally.poll(self.services.clock())
        self.services.polled(poll, tally.next_state(poll))


def page_of(response: Response, asked: str, now: datetime, entry: FeedEntry | None = None) -> Page:
    """What was received, as a record; ``asked`` is the address before any redirect."""
    headers = tuple(
        (name.decode("latin-1").lower(), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
    )
    return Page(
        url=response.url,
        requested_url=asked,
        fetched_at=now,
        status=response.status,
        headers=headers,
        body=response.body,
        entry=entry,
    )


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


def _shown(feed: Feed) -> dict[str, Any]:
    return {"render": True, "dont_retry": True} if feed.render else {}


def _kwargs(failure: Failure) -> dict[str, Any]:
    return _request(failure).cb_kwargs


def _request(failure: Failure) -> Request:
    return cast("Request", cast("Any", failure).request)


def _header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None


def _media_type(response: Response) -> str:
    return (_header(response, "content-type") or "").partition(";")[0].strip().lower()
