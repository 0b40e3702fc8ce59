"""Request single URLs outside of polls, for ``rasd try``, ``probe`` and ``discover``.

The settings and the network guard are those of every crawl; nothing is stored.
"""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import scrapy
from scrapy.crawler import AsyncCrawlerRunner
from scrapy.http import Request, Response
from scrapy.settings import Settings
from twisted.python.failure import Failure

from crawler import app as apps
from crawler import feeds, spiders, urls
from crawler.discovery import homepage
from crawler.discovery.homepage import Homepage
from crawler.engine import attach
from crawler.fetch.failures import cause_of
from crawler.fetch.response import page_of
from crawler.fetch.services import attach_services, services_of
from crawler.model import (
    Cause,
    Extraction,
    Feed,
    FeedWindow,
    Page,
    ProbeResponse,
    Source,
    status_cause,
)
from crawler.workers import pool
from crawler.workers.pool import ReaderPool

_PERMANENT_STATUSES = frozenset({301, 308})


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeRequest:
    """A URL to request. ``sites`` are the registrable domains to which it may be redirected."""

    url: str
    sites: frozenset[str]
    https_only: bool = False
    max_bytes: int | None = None  # of the response; None: as for any page
    render: bool = False
    of: str = field(default="", compare=False)  # a source's slug, for logs


class Requester:
    """Requests lists of URLs, one crawl per list. ``ports`` are those that the user named.

    Call ``close`` to end its reader processes.
    """

    def __init__(self, app: apps.App, *, ports: Sequence[int] = ()) -> None:
        self._app, self._ports = app, tuple(ports)
        settings = Settings()
        settings.setmodule("crawler.settings", priority="project")
        settings.update(attach.crawl_settings(app.config, app.sources), priority="cmdline")
        settings.set("ITEM_PIPELINES", {}, priority="cmdline")  # nothing is kept
        known = {*settings.getlist("RASD_NETWORK_PORTS"), *self._ports}
        settings.set("RASD_NETWORK_PORTS", sorted(known), priority="cmdline")
        self._runner = AsyncCrawlerRunner(settings)
        reading = app.config.reading
        self._pool = ReaderPool(
            (),
            workers=reading.workers,
            timeout_seconds=reading.timeout_seconds,
            memory_mb=reading.memory_mb,
            functions=reading_functions,
        )

    async def fetch(self, requests: Sequence[ProbeRequest]) -> list[ProbeResponse]:
        """Return one response per request, in order; a failed request gives a response with a
        reason.
        """
        responses: dict[int, ProbeResponse] = {}
        crawler = self._runner.create_crawler(RequestSpider)
        attach_services(crawler, self._app)
        await self._runner.crawl(
            crawler, requests=list(requests), responses=responses, ports=self._ports
        )
        return [responses.get(n) or _lost_response(q) for n, q in enumerate(requests)]

    async def stop(self) -> None:
        """End the requests in progress."""
        self._app.stopping = True
        await self._runner.stop()

    def close(self) -> None:
        """End the reader processes."""
        self._pool.stop()

    async def read_feed(self, response: ProbeResponse, feed: Feed) -> FeedWindow | Extraction:
        """The response parsed as a feed of the given kind, or how parsing failed."""
        self._pool.start()
        options = spiders.load_spider(feed.kind).reader_options(feed, None)
        return await self._pool.window(
            response.body, response.url, response.content_type, feed.kind, *options
        )

    async def recognise(self, response: ProbeResponse, feed: Feed) -> list[str]:
        """The other kinds of feed as which the response can be parsed."""
        found = []
        for kind in feeds.RECOGNISED:
            if kind != feed.kind and not (kind == "sitemap" and "feed" in found):
                window = await self.read_feed(response, Feed(url=feed.url, kind=kind))
                if isinstance(window, FeedWindow) and (window.entries or window.more):
                    found.append(kind)
        return found

    async def read_homepage(self, response: ProbeResponse) -> Homepage:
        """The response parsed as a home page; empty if it is none."""
        self._pool.start()
        front = await self._pool.ask("front", response.body, response.url)
        return front if isinstance(front, Homepage) else Homepage()


def _lost_response(request: ProbeRequest) -> ProbeResponse:
    detail = "no answer came; the log says more"
    return ProbeResponse(asked=request.url, url=request.url, reason="not_understood", detail=detail)


def reading_functions() -> dict[str, Callable[..., object]]:
    """The functions of a reader process: those of a poll, and the reading of home pages."""
    return {**pool.reading_functions(), "front": homepage.read_homepage}


def make_probe_request(source: Source, feed: Feed) -> ProbeRequest:
    """The first request that a poll of this feed would make."""
    spider = spiders.load_spider(feed.kind)
    places = (source.home, *(f.url for f in source.feeds), *source.hosts)
    return ProbeRequest(
        url=spider.first_url(feed, None),
        sites=frozenset(urls.registrable(place) for place in places),
        https_only=source.home.startswith("https:"),
        max_bytes=spider.max_bytes,
        render=feed.render,
        of=source.slug,
    )


class RequestSpider(scrapy.Spider):
    """Makes the requests, one at a time for each host."""

    name = "probe"

    def __init__(
        self,
        requests: list[ProbeRequest],
        responses: dict[int, ProbeResponse],
        ports: Sequence[int],
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self._requests, self._responses, self._ports = requests, responses, ports
        self._waiting: dict[str, deque[int]] = {}
        for number, asked in enumerate(requests):
            self._waiting.setdefault(urlsplit(asked.url).netloc, deque()).append(number)

    async def start(self) -> AsyncIterator[Any]:
        """Yield the first request of each host; each response leads to the next.

        If two requests wait for the same robots.txt, Scrapy lets the second one pass unchecked.
        """
        for host in list(self._waiting):
            for request in self._next(host):
                yield request

    def _next(self, host: str) -> Iterator[Request]:
        if not self._waiting[host]:
            return
        number = self._waiting[host].popleft()
        asked = self._requests[number]
        meta: dict[str, Any] = {
            "allowed_hosts": tuple(sorted(asked.sites)),
            "https_only": asked.https_only,
            "source": asked.of,
            "ports": self._ports,
        }
        if asked.max_bytes is not None:
            meta["download_maxsize"] = asked.max_bytes
        if asked.render:
            meta["render"] = True
        yield Request(
            asked.url,
            callback=self.answered,
            errback=self.failed,
            cb_kwargs={"number": number},
            meta=meta,
            dont_filter=True,
        )

    def answered(self, response: Response, number: int) -> Iterator[Request]:
        """Record the response."""
        asked = self._requests[number].url
        self._responses[number] = ProbeResponse(
            asked=asked,
            url=response.url if response.meta.get("redirect_times") else asked,
            status=response.status,
            content_type=_joined_header(response, "content-type"),
            link=_joined_header(response, "link"),
            body=response.body,
            permanent=_is_permanent(response.meta),
        )
        yield from self._next(urlsplit(asked).netloc)

    def failed(self, failure: Failure) -> Iterator[Request]:
        """Record why there is no response; the hop that failed may be on another site."""
        request = failure.request  # type: ignore[attr-defined]
        number = request.cb_kwargs["number"]
        asked = self._requests[number].url
        hop = request.url if request.meta.get("redirect_times") else asked
        cause = cause_of(failure)
        self._responses[number] = ProbeResponse(
            asked=asked,
            url=hop,
            reason=cause.reason,
            detail=cause.detail,
            permanent=_is_permanent(request.meta),
        )
        yield from self._next(urlsplit(asked).netloc)


def _is_permanent(meta: Any) -> bool:
    reasons = meta.get("redirect_reasons") or []
    return bool(reasons) and all(reason in _PERMANENT_STATUSES for reason in reasons)


def _joined_header(response: Response, name: str) -> str:
    return ", ".join(value.decode("latin-1") for value in response.headers.getlist(name))


class PageSpider(scrapy.Spider):
    """Requests one URL and keeps the page, or the reason why there is none."""

    name = "page"

    def __init__(self, url: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.url = url
        self.found: Page | Cause = Cause(reason="not_understood", detail="nothing was answered")

    async def start(self) -> AsyncIterator[Any]:
        """Yield the only request."""
        # A port that the requester typed is one that was asked for.
        meta = {
            "allowed_hosts": (urls.registrable(self.url),),
            "https_only": False,
            "ports": urls.named_ports(self.url),
        }
        yield Request(
            self.url, callback=self.parse, errback=self.failed, meta=meta, dont_filter=True
        )

    def parse(self, response: Response) -> None:
        """Keep the page; any status but 200 is a failure."""
        if response.status != 200:
            self.found = status_cause(response.status)
            return
        self.found = page_of(response, self.url, services_of(self.crawler).clock())

    def failed(self, failure: Failure) -> None:
        """Keep the reason of the failure."""
        self.found = cause_of(failure)


async def fetch_page(app: apps.App, url: str) -> Page | str:
    """Return the page at this URL, or a message why there is none."""
    clean = urls.clean(url)
    if clean is None:
        return "no address that may be asked"
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    settings.update(attach.crawl_settings(app.config, app.sources), priority="cmdline")
    ports = {*settings.getlist("RASD_NETWORK_PORTS"), *urls.named_ports(clean)}
    settings.set("RASD_NETWORK_PORTS", sorted(ports), priority="cmdline")
    runner = AsyncCrawlerRunner(settings)
    crawler = runner.create_crawler(PageSpider)
    attach_services(crawler, app)
    await runner.crawl(crawler, url=clean)
    spider: Any = crawler.spider
    found: Page | Cause = spider.found
    return found if isinstance(found, Page) else str(found)
