"""One machine, one process: crawls on the asyncio reactor, beside whatever else the loop does.

``run`` owns the reactor for the life of the process; ``Engine.poll`` is one round.
"""

from __future__ import annotations

import asyncio
import gc
import os
import signal
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import groupby
from typing import Any

import structlog
from scrapy.crawler import AsyncCrawlerRunner
from scrapy.settings import Settings
from scrapy.utils.reactor import install_reactor

from crawler import app as apps
from crawler import logs
from crawler.engine import attach, malloc
from crawler.errors import StorageError
from crawler.fetch import hooks, ssrf_guard
from crawler.fetch.services import attach_services
from crawler.model import Feed, Source
from crawler.monitoring.poll_log import OnPoll, log_poll
from crawler.polling import closing
from crawler.polling.closing import ClosedPoll, UnwrittenPoll, UnwrittenPolls

GRACE_SECONDS = 5.0  # for what is in hand at a stop; the promise is 10 s for everything
COLLECT_AFTER = (
    20_000  # new objects; Python's 700 has the reactor stop for nothing several times a page
)
KEEPING_SECONDS = 1.0  # to write those pages down; a download still open is simply let go
log = structlog.get_logger("rasd")
_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"


class Engine:
    """Polls feeds, a crawl a kind, and can be stopped."""

    def __init__(self, app: apps.App) -> None:
        self.app = app
        settings = Settings()
        settings.setmodule("crawler.settings", priority="project")
        settings.update(attach.crawl_settings(app.config, app.sources), priority="cmdline")
        self._runner = AsyncCrawlerRunner(settings)
        self._crawls: set[asyncio.Task[None]] = set()
        self.in_hand: set[tuple[str, str]] = set()
        self.unwritten = UnwrittenPolls()
        self._listeners: list[OnPoll] = []
        self._ending: asyncio.Future[Any] | None = None  # of crawls that were let go

    async def prove_guard(self) -> None:
        """Install the SSRF guard, try it, and prove our hooks into Scrapy and Twisted; GuardError
        if the guard lets anything through or a hook no longer works."""
        from twisted.internet import reactor

        crawler = self._runner.create_crawler("feed")
        ssrf_guard.check_settings(crawler.settings)
        ssrf_guard.install(ssrf_guard.policy_of(crawler.settings), reactor)
        renders = any(feed.render for of in self.app.sources.values() for feed in of.feeds)
        hooks.prove(crawler, renders=renders)
        await ssrf_guard.self_test(crawler)

    def refresh(self) -> None:
        """Crawl with the hosts, ports and delays of the app's sources of now."""
        self._runner.settings.update(
            attach.crawl_settings(self.app.config, self.app.sources), priority="cmdline"
        )

    def prove_browser(self, sources: Iterable[Source]) -> None:
        """Prove the hooks that these sources need beyond those proven; GuardError if one doesn't
        work."""
        if any(feed.render for source in sources for feed in source.feeds):
            hooks.prove(self._runner.create_crawler("feed"), renders=True)

    @contextmanager
    def listening(self, heard: OnPoll) -> Iterator[None]:
        """Have ``heard`` called with each poll that is closed meanwhile, whoever began it."""
        self._listeners.append(heard)
        try:
            yield
        finally:
            self._listeners.remove(heard)

    async def poll(self, feeds: Sequence[tuple[Source, Feed]], on_poll: OnPoll = log_poll) -> None:
        """One round: every feed polled once, every page it named given a fate.

        ``on_poll`` is called with each poll as soon as it is closed; from then on its feed is no
        longer in hand, though slower feeds of the round may be.
        """
        keys = {(source.slug, feed.url) for source, feed in feeds}
        self.in_hand |= keys
        try:
            by_kind = groupby(sorted(feeds, key=lambda f: f[1].kind), key=lambda f: f[1].kind)
            crawls = (self._crawl(kind, list(group), on_poll) for kind, group in by_kind)
            # All are awaited, also if one breaks: the feeds of the others are still in hand.
            ends = await asyncio.gather(*crawls, return_exceptions=True)
            await self.app.writer.drain()
            if broken := [end for end in ends if end is not None]:
                raise broken[0]
        finally:
            self.in_hand -= keys

    async def _crawl(self, kind: str, feeds: list[tuple[Source, Feed]], on_poll: OnPoll) -> None:
        crawler = self._runner.create_crawler(kind)
        attach_services(crawler, self.app)
        pairs = [(source.slug, feed.url) for source, feed in feeds]
        crawl = self._runner.crawl(crawler, feeds=pairs, on_close=partial(self._closed, on_poll))
        self._crawls.add(crawl)
        crawl.add_done_callback(self._crawls.discard)
        await crawl

    def _closed(self, on_poll: OnPoll, closed: ClosedPoll, error: Exception | None) -> None:
        if error is None:
            self.unwritten.written(closed)
        else:
            self._refused(closed, error)
        self.in_hand.discard(closed.key)
        on_poll(closed.poll)
        for heard in self._listeners:
            heard(closed.poll)

    async def write_again(self) -> None:
        """Write the polls that could not be written before and whose back-off is over, together:
        where the database is locked, one after the other would each wait for it."""
        again = self.unwritten.to_write(self.app.clock())
        await asyncio.gather(*(self._write_again(held) for held in again))

    async def _write_again(self, held: UnwrittenPoll) -> None:
        write = partial(closing.write, self.app.archive, self.app.coverage, held.closed)
        try:
            await self.app.writer.soon(write)
        except Exception as error:  # the database's, still
            self._refused(held.closed, error)
        else:
            self.unwritten.written(held.closed)
            if held.by_storage:
                return
            log.warning(
                "a poll was closed late",
                source=held.closed.poll.source,
                feed=held.closed.poll.feed,
                attempts=held.attempts + 1,
            )

    def _refused(self, closed: ClosedPoll, error: Exception) -> None:
        held = self.unwritten.refused(closed, error, self.app.clock())
        if isinstance(error, StorageError) or held.attempts > 1:  # said before; its end is, too
            return
        log.error(
            "a poll could not be closed",
            source=closed.poll.source,
            feed=closed.poll.feed,
            attempt=held.attempts,
            retry_at=held.retry_at.isoformat(timespec="seconds"),
            error=held.error,
        )

    def let_go(self) -> None:
        """Have the crawls in hand end: what they find can't be written. Their feeds stay due."""
        if self._ending is None or self._ending.done():
            self._ending = asyncio.gather(self._runner.stop(), return_exceptions=True)

    async def stop(self) -> None:
        """No new requests; up to GRACE_SECONDS for what is in hand, then it is let go."""
        self.app.stopping = True
        try:
            await asyncio.wait_for(self._runner.stop(), GRACE_SECONDS)
        except TimeoutError:
            self.app.reader.stop()  # the pages in hand come back unread and are kept so
            if self._crawls:
                await asyncio.wait(self._crawls, timeout=KEEPING_SECONDS)


def run(main: Callable[[asyncio.Event], Awaitable[int]]) -> int:
    """Run ``main`` on the reactor and give its exit code.

    SIGTERM and SIGINT set the event that ``main`` is given; a second one ends the process at once.
    """
    malloc.return_large_blocks()
    malloc.share_one_heap()
    install_reactor(_REACTOR)
    logs.adopt_twisted()
    from twisted.internet import reactor

    code: list[int] = []
    failure: list[BaseException] = []

    async def whole() -> None:
        stop = asyncio.Event()
        _on_signals(stop)
        _settle()
        try:
            code.append(await main(stop))
        except BaseException as error:
            failure.append(error)
        finally:
            _reactor(reactor).stop()

    _reactor(reactor).callWhenRunning(lambda: asyncio.ensure_future(whole()))
    _reactor(reactor).run(installSignalHandlers=False)
    if failure:
        raise failure[0]
    return code[0]


def _settle() -> None:
    """Libraries, seeds and topics stay for good: a collection that looks through them takes
    longer than a page does."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER)


def _reactor(reactor: Any) -> Any:
    """The reactor's module-level object, whose methods appear only when it is installed."""
    return reactor


def _on_signals(stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()

    def asked() -> None:
        if stop.is_set():
            os._exit(1)
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, asked)
