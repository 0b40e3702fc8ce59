"""What all spiders share: requests and callbacks. They carry out the steps of a poll, and decide
none.

::

    start ─► request ─► parse_feed ─┐
                        feed_failed ├─► poll's plan ─► _carry_out ─► requests, pages for pipelines
                        parse_page ─┤        ▲                │
                        page_failed ┘        └── results ─────┤
                                                              └─► complete? ─► close ─► on_close

Which steps follow from an answer stands in ``polling.poll``, drawn in ``polling.steps``. A kind's
module says which URLs are requested and within which limits; its bytes are read by its module in
``feeds``. Reads of the archive run in threads and writes in the writer: a locked database delays a
poll, and no download.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import datetime
from typing import Any, ClassVar, Self

import scrapy
from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.http import Request, Response
from twisted.python.failure import Failure

from crawler import filetypes
from crawler.exports.record import ArticleRecord
from crawler.fetch.errors import HostOnHoldError
from crawler.fetch.failures import cause_of, failure_action, request_of
from crawler.fetch.middlewares.budget import BudgetExhaustedError
from crawler.fetch.response import is_whole
from crawler.fetch.services import services_of
from crawler.model import Feed, FeedEntry, FeedState, Gap, Sighting
from crawler.monitoring.poll_log import OnClose, log_close
from crawler.polling import schedule, steps
from crawler.polling.fetched_page import FetchedPage
from crawler.polling.ledger import PollRules, published_hosts
from crawler.polling.poll import PollInProgress
from crawler.ports import CrawlServices
from crawler.spiders import execution, looking, requests


class PollingSpider(scrapy.Spider):
    """Base of all spiders. ``-a source=SLUG`` polls one source's feeds of this kind by hand; the
    engine gives ``feeds`` as (source slug, feed url) pairs, and ``on_close``."""

    kind: ClassVar[str]
    max_bytes: ClassVar[int | None] = None  # of one answer; None: as for any page
    max_depth: ClassVar[int] = 1  # how deep URLs of a feed may name further URLs
    _budgets: requests.Budgets  # set when made from a crawler
    stop_at_known: ClassVar[bool] = False  # request a further URL only after one with something new

    def __init__(
        self,
        source: str | None = None,
        feeds: Sequence[tuple[str, str]] | None = None,
        on_close: OnClose = log_close,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self._source, self._feeds, self._on_close = source, feeds, on_close
        self._polls: list[PollInProgress] = []
        self._chance = random.Random()

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Scrapy's constructor; listens to what the pipelines make of pages."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.page_settled, signal=signals.item_scraped)
        crawler.signals.connect(spider.page_lost, signal=signals.item_error)
        spider._budgets = requests.Budgets(crawler.settings)
        return spider

    @property
    def services(self) -> CrawlServices:
        """The application's services, attached before ``start``."""
        return services_of(self.crawler)

    # ── what kinds of feed do otherwise ───────────────────────────────────────────────────────

    @classmethod
    def first_url(cls, feed: Feed, since: datetime | None) -> str:
        """The URL requested first; ``since`` as ``since`` returns it, None for a probe."""
        return feed.url

    def since(self, state: FeedState, now: datetime) -> datetime | None:
        """The moment from which on this kind of feed is looked through; None: all that it shows."""
        return None

    @classmethod
    def reader_options(cls, feed: Feed, since: datetime | None) -> tuple[object, ...]:
        """What this kind's ``parse`` gets beside the bytes, their URL and content type."""
        return ()

    def answer_options(self, poll: PollInProgress, answer: Response) -> tuple[object, ...]:
        """The same for one answer of a poll."""
        return self.reader_options(poll.feed, poll.since)

    def instead_of(self, answer: Response, depth: int) -> str | None:
        """The URL to request in the place of one that was refused in a way which is no failure
        for this kind; "" if the refusal only means that there is no more."""
        return None

    def max_urls(self, feed: Feed) -> int:
        """How many URLs one poll of this feed may request."""
        return 1

    def gap_count_requests(self, poll: PollInProgress) -> Iterator[tuple[Gap, str]]:
        """The open gaps whose articles the site counts for us, each with the URL that counts."""
        yield from ()

    def parse_gap_count(self, response: Response) -> int | None:
        """What such a URL counted, or None."""
        return None

    # ── callbacks ─────────────────────────────────────────────────────────────────────────────

    async def start(self) -> AsyncIterator[Any]:
        """One request per feed, conditional if its validators are known."""
        wanted = list(execution.wanted(self.services, self.kind, self._source, self._feeds))
        keys = [(source.slug, feed.url) for source, feed in wanted]
        now, archive = self.services.clock(), self.services.archive
        states = await asyncio.to_thread(archive.states_of, keys)
        pending = await asyncio.to_thread(archive.feeds_with_pending, now)
        open_gaps = await asyncio.to_thread(self.services.coverage.gaps)
        published = published_hosts(self.services.sources.values())
        meaningless = await asyncio.to_thread(archive.meaningless_parameters)
        for key, (source, feed) in zip(keys, wanted, strict=True):
            poll = PollInProgress.begin(
                source,
                feed,
                states[key],
                now=self.services.clock(),
                since=self.since(states[key], now),
                open_gaps=open_gaps,
                has_pending=key in pending,
                jitter=self._chance.random(),
                others=published,
                meaningless=meaningless.get(source.slug, frozenset()),
                rules=PollRules(
                    max_depth=self.max_depth,
                    max_urls=self.max_urls(feed),
                    stop_at_known=self.stop_at_known,
                ),
            )
            self._polls.append(poll)
            url = self.first_url(feed, poll.since)
            poll.requested(url)
            yield self._feed_request(poll, url, headers=poll.conditions())

    async def parse_feed(
        self, response: Response, poll: PollInProgress, depth: int
    ) -> AsyncIterator[Any]:
        """A URL of the feed was answered."""
        self.services.reached("poll.feed_received")
        instead = self.instead_of(response, depth) if response.status >= 400 else None
        answer = execution.feed_answer(self.services, poll, response, depth, instead)
        plan = poll.received(answer)
        async for item in self._carry_out(poll, plan, response):
            yield item

    async def parse(
        self, response: Response, entry: FeedEntry | None = None
    ) -> AsyncIterator[dict[str, Any] | Request | ArticleRecord]:
        """What ``scrapy parse`` shows of an answer, without a poll: the entries of a feed of the
        spider's source, with the requests for their pages, or the article of a page."""
        source = self.services.sources[self._source or ""]
        if (feed := looking.feed_at(response, source)) is not None:
            options = self.reader_options(feed, None)
            found = looking.entries(self.services, response, feed, options, self.parse)
            async for item in found:
                yield item
            return
        async for record in looking.article(self.services, response, source, entry):
            yield record

    async def feed_failed(self, failure: Failure) -> None:
        """A URL of the feed could not be fetched; after a stop, the feed stays due."""
        if self._is_cut_off():
            return
        request = request_of(failure)
        poll: PollInProgress = request.cb_kwargs["poll"]
        held_until = None
        if isinstance(failure.value, HostOnHoldError):
            host = schedule.host_of(request.url)
            held_until = await asyncio.to_thread(self.services.hosts.held_until, host)
        poll.feed_failed(cause_of(failure), held_until)
        await self._close_if_complete(poll)

    async def parse_gap_counts(self, response: Response, poll: PollInProgress, gap: Gap) -> None:
        """A URL that counts was answered: proof for its gap, and nothing else."""
        count = self.parse_gap_count(response) if response.status == 200 else None
        poll.side_request_done(gap, count)
        await self._close_if_complete(poll)

    async def gap_counts_failed(self, failure: Failure) -> None:
        """Nothing was counted, and nothing is proven."""
        kwargs = request_of(failure).cb_kwargs
        kwargs["poll"].side_request_done(kwargs["gap"], None)
        await self._close_if_complete(kwargs["poll"])

    async def parse_page(
        self, response: Response, poll: PollInProgress, sighting: Sighting
    ) -> AsyncIterator[Any]:
        """An article's page was answered."""
        self.services.reached("page.received")
        answer = steps.PageAnswer(
            received_at=self.services.clock(),
            status=response.status,
            refusal=filetypes.refusal(response.body),
            whole=is_whole(response),
        )
        plan = poll.page_received(sighting, answer)
        try:
            async for item in self._carry_out(poll, plan, response):
                yield item
        except Exception as error:  # a fault of ours; uncounted, each poll would fetch the page
            self.logger.exception("A page was not understood: %s", response.url)
            await self._retry_page(poll, sighting, error)

    async def page_failed(self, failure: Failure) -> AsyncIterator[Any]:
        """A page could not be fetched."""
        kwargs = request_of(failure).cb_kwargs
        poll, sighting = kwargs["poll"], kwargs["sighting"]
        action = "wait" if self._is_cut_off() else failure_action(failure)
        if isinstance(failure.value, BudgetExhaustedError):
            poll.note(cause_of(failure))
        plan = poll.page_failed(sighting, action, cause_of(failure), self.services.clock())
        async for item in self._carry_out(poll, plan):
            yield item

    async def page_settled(self, item: Any) -> None:
        """The pipelines have written what became of a page (Scrapy's ``item_scraped``). Under
        ``scrapy crawl`` the item of that signal is a record, and a pipeline calls this before."""
        if not isinstance(item, FetchedPage):
            return
        if item.problem:
            execution.note_not_written(item.poll, item.sighting.url, item.problem)
        item.poll.settled(item.sighting, item.fate or "queued", flagged=item.flagged)
        await self._close_if_complete(item.poll)
        self.services.reached("page.settled")

    async def page_lost(self, item: Any, failure: Failure) -> None:
        """A pipeline broke (Scrapy's ``item_error``, which logs it): the page is tried again. When
        one of a user's own breaks, the page has its fate already."""
        if not isinstance(item, FetchedPage) or item.sighting.id not in item.poll.out:
            return
        await self._retry_page(item.poll, item.sighting, failure.value)

    async def _retry_page(
        self, poll: PollInProgress, sighting: Sighting, error: BaseException | None
    ) -> None:
        """Count this attempt at a page as failed, which limits how often it is tried again."""
        cause, now = execution.not_understood(error), self.services.clock()
        await self._perform(poll, poll.page_failed(sighting, "retry", cause, now))

    async def closed(self, reason: str) -> None:
        """The crawl is over: what is still open stays queued, and every poll is closed. A feed
        that a stop cut off, or an archive that can't be used, leaves no poll and stays due."""
        for poll in self._polls:
            if poll.outcome is not None or not self._is_cut_off():
                poll.close_early("failed", execution.NOT_UNDERSTOOD)
        await asyncio.gather(*(self._close_if_complete(poll) for poll in self._polls))

    def _is_cut_off(self) -> bool:
        """Whether what fails now says nothing of the site."""
        return self.services.stopping or self.services.archive_is_out

    # ── carrying out ──────────────────────────────────────────────────────────────────────────

    async def _carry_out(
        self, poll: PollInProgress, plan: steps.Plan, answer: Response | None = None
    ) -> AsyncIterator[Request | FetchedPage]:
        """Carry out a plan: yield its requests and pages; then close the poll if that was all."""
        step = steps.advance(plan)
        while step is not None:
            result: object = None
            match step:
                case steps.AskPlace(url=url, depth=depth):
                    yield self._feed_request(poll, url, depth=depth)
                case steps.AskGapCounts():
                    for gap, url in self.gap_count_requests(poll):
                        yield self._gap_count_request(poll, gap, url)
                case steps.FetchPage(sighting=sighting):
                    if (request := self._page_request(poll, sighting)) is not None:
                        yield request
                case (
                    steps.ReadFetched()
                    | steps.ReadEntry()
                    | steps.ReadInline()
                    | steps.ReadStored()
                ):
                    page = await execution.page(self.services, step, answer)
                    result = page is not None
                    if page is not None:
                        stored = isinstance(step, steps.ReadStored)
                        yield FetchedPage(
                            poll=poll, sighting=step.sighting, page=page, stored=stored
                        )
                case steps.ReadWindow() if answer is not None:
                    options = self.answer_options(poll, answer)
                    result = await execution.read_window(self.services, answer, self.kind, options)
                case steps.IdentifyBlockPage() if answer is not None:
                    result = execution.block_page(answer, step, poll.source.home)
                case _:
                    result = await execution.carry_out(self.services, poll, step)
            step = steps.advance(plan, result)
        await self._close_if_complete(poll)

    async def _perform(self, poll: PollInProgress, plan: steps.Plan) -> None:
        """Carry out a plan without requests and pages."""
        async for item in self._carry_out(poll, plan):
            raise TypeError(f"{item!r} after a failure")

    async def _close_if_complete(self, poll: PollInProgress) -> None:
        if poll.claim_close():
            self._on_close(*await execution.close(self.services, poll))

    # ── requests ──────────────────────────────────────────────────────────────────────────────

    def _feed_request(self, poll: PollInProgress, url: str, depth: int = 1, **more: Any) -> Request:
        # Further URLs cost as much as pages do, and end as they do.
        budget = self._budgets.of(poll.source, "places") if depth > 1 else None
        return requests.feed_request(
            poll,
            url,
            callback=self.parse_feed,
            errback=self.feed_failed,
            max_bytes=self.max_bytes,
            budget=budget,
            depth=depth,
            **more,
        )

    def _gap_count_request(self, poll: PollInProgress, gap: Gap, url: str) -> Request:
        poll.side_requested()
        return requests.feed_request(
            poll, url, callback=self.parse_gap_counts, errback=self.gap_counts_failed, gap=gap
        )

    def _page_request(self, poll: PollInProgress, sighting: Sighting) -> Request | None:
        """None, and the page stays queued, if the source's budget is booked out."""
        budget = self._budgets.of(poll.source, "pages")
        if not budget.reserve_page():
            poll.note(cause_of(BudgetExhaustedError("requests")))
            poll.settled(sighting, "queued")
            return None
        return requests.page_request(
            poll,
            sighting,
            callback=self.parse_page,
            errback=self.page_failed,
            meta=requests.page_meta(poll, budget),
        )
