"""One page fetched for somebody who asks for it by hand, under the same guard as every crawl."""

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
from crawler import urls
from crawler.discovery import homepage
from crawler.discovery.homepage import Homepage
from crawler.engine import attach
from crawler.feeds import wordpress
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

LARGEST = 50 * 1024 * 1024  # bytes: a sitemap's limit; other answers end at the settings' own
_FOR_EVER = frozenset({301, 308})
_KINDS = ("feed", "sitemap", "wordpress")  # what bytes can be read as without a selector


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeRequest:
    """An address to ask. ``sites``: the registrable domains it may lead to."""

    url: str
    sites: frozenset[str]
    https_only: bool = False
    large: bool = False
    render: bool = False
    of: str = field(default="", compare=False)  # a source's slug, for logs


class Requester:
    """Asks, a crawl a round; ``close`` ends its readers. ``ports``: those that the asker named."""

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

    async def ask(self, questions: Sequence[ProbeRequest]) -> list[ProbeResponse]:
        """One answer a question, in their order; what went wrong is an answer too."""
        answers: dict[int, ProbeResponse] = {}
        crawler = self._runner.create_crawler(RequestSpider)
        attach_services(crawler, self._app)
        await self._runner.crawl(
            crawler, questions=list(questions), answers=answers, ports=self._ports
        )
        return [answers.get(n) or _lost(q) for n, q in enumerate(questions)]

    async def stop(self) -> None:
        """End what is being asked."""
        self._app.stopping = True
        await self._runner.stop()

    def close(self) -> None:
        """End the readers."""
        self._pool.stop()

    async def read(self, answer: ProbeResponse, feed: Feed) -> FeedWindow | Extraction:
        """The answer read as a feed of its kind."""
        self._pool.start()
        options: tuple[object, ...] = ()
        if feed.kind == "sitemap":
            options = (None,)
        elif feed.kind == "section":
            options = (feed.links, feed.next_page_selector)
        return await self._pool.window(
            answer.body, answer.url, answer.content_type, feed.kind, *options
        )

    async def kinds(self, answer: ProbeResponse, feed: Feed) -> list[str]:
        """As which other kinds of feed the answer could be read."""
        found = []
        for kind in _KINDS:
            if kind != feed.kind:
                window = await self.read(answer, Feed(url=feed.url, kind=kind))
                if isinstance(window, FeedWindow) and (window.entries or window.more):
                    found.append(kind)
        return found

    async def front(self, answer: ProbeResponse) -> Homepage:
        """What the answer says as a web page."""
        self._pool.start()
        front = await self._pool.ask("front", answer.body, answer.url)
        return front if isinstance(front, Homepage) else Homepage()


def _lost(question: ProbeRequest) -> ProbeResponse:
    detail = "no answer came; the log says more"
    return ProbeResponse(
        asked=question.url, url=question.url, reason="not_understood", detail=detail
    )


def reading_functions() -> dict[str, Callable[..., object]]:
    """What a reader can do here: feeds of every kind, and front pages."""
    return {**pool.reading_functions(), "front": homepage.read_homepage}


def probe_request(source: Source, feed: Feed) -> ProbeRequest:
    """What a poll would ask first of this feed."""
    places = (source.home, *(f.url for f in source.feeds), *source.hosts)
    return ProbeRequest(
        url=wordpress.place(feed.url, after=None) if feed.kind == "wordpress" else feed.url,
        sites=frozenset(urls.registrable(place) for place in places),
        https_only=source.home.startswith("https:"),
        large=feed.kind == "sitemap",
        render=feed.render,
        of=source.slug,
    )


class RequestSpider(scrapy.Spider):
    """One request a question, one host's after another; every answer is judged elsewhere."""

    name = "asking"

    def __init__(
        self,
        questions: list[ProbeRequest],
        answers: dict[int, ProbeResponse],
        ports: Sequence[int],
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self._questions, self._answers, self._ports = questions, answers, ports
        self._waiting: dict[str, deque[int]] = {}
        for number, asked in enumerate(questions):
            self._waiting.setdefault(urlsplit(asked.url).netloc, deque()).append(number)

    async def start(self) -> AsyncIterator[Any]:
        """The first question of each host. The next follows an answer: Scrapy lets what waits for a
        robots.txt through without a look when a second request waits for the same one."""
        for host in list(self._waiting):
            for request in self._next(host):
                yield request

    def _next(self, host: str) -> Iterator[Request]:
        if not self._waiting[host]:
            return
        number = self._waiting[host].popleft()
        asked = self._questions[number]
        meta: dict[str, Any] = {
            "allowed_hosts": tuple(sorted(asked.sites)),
            "https_only": asked.https_only,
            "source": asked.of,
            "ports": self._ports,
        }
        if asked.large:
            meta["download_maxsize"] = LARGEST
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
        """Something came."""
        asked = self._questions[number].url
        self._answers[number] = ProbeResponse(
            asked=asked,
            url=response.url if response.meta.get("redirect_times") else asked,
            status=response.status,
            content_type=_header(response, "content-type"),
            link=_header(response, "link"),
            body=response.body,
            permanent=_permanent(response.meta),
        )
        yield from self._next(urlsplit(asked).netloc)

    def failed(self, failure: Failure) -> Iterator[Request]:
        """Nothing came; the hop that failed may be on another site."""
        request = failure.request  # type: ignore[attr-defined]
        number = request.cb_kwargs["number"]
        asked = self._questions[number].url
        hop = request.url if request.meta.get("redirect_times") else asked
        cause = cause_of(failure)
        self._answers[number] = ProbeResponse(
            asked=asked,
            url=hop,
            reason=cause.reason,
            detail=cause.detail,
            permanent=_permanent(request.meta),
        )
        yield from self._next(urlsplit(asked).netloc)


def _permanent(meta: Any) -> bool:
    reasons = meta.get("redirect_reasons") or []
    return bool(reasons) and all(reason in _FOR_EVER for reason in reasons)


def _header(response: Response, name: str) -> str:
    return ", ".join(value.decode("latin-1") for value in response.headers.getlist(name))


class PageSpider(scrapy.Spider):
    """Asks one address and holds what came back."""

    name = "errand"

    def __init__(self, url: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.url = url
        self.found: Page | Cause = Cause(reason="not_understood", detail="nothing was answered")

    async def start(self) -> AsyncIterator[Any]:
        """The one request."""
        # A port that the asker typed is one that was asked for.
        meta = {
            "allowed_hosts": (urls.registrable(self.url),),
            "https_only": False,
            "ports": urls.named_ports(self.url),
        }
        yield Request(
            self.url, callback=self.parse, errback=self.failed, meta=meta, dont_filter=True
        )

    def parse(self, response: Response) -> None:
        """Hold the page; what is no 200 is said instead."""
        if response.status != 200:
            self.found = status_cause(response.status)
            return
        self.found = page_of(response, self.url, services_of(self.crawler).clock())

    def failed(self, failure: Failure) -> None:
        """Hold what went wrong."""
        self.found = cause_of(failure)


async def fetch_page(app: apps.App, url: str) -> Page | str:
    """The page at this address, or why there is none."""
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
