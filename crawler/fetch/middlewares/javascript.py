"""Pages that exist only by script: fetched like any other, then shown to a browser without a network.

A downloader middleware over ``meta["render"]``. What the server answers is asked for first, past
every gate there is; only a page of HTML is worth a browser. The browser stands in ``browser``.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Self, cast

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.http import Request, Response
from scrapy.http.request import NO_CALLBACK

from crawler.fetch.errors import NotRenderedError

if TYPE_CHECKING:
    from crawler.fetch.browser import Browser

_OF_PARTS = (
    "allowed_hosts",
    "https_only",
    "source",
    "ports",
    "budget",
)  # what holds for each part of a page


class Javascript:
    """One browser a crawl, opened when a page first asks for it."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._browser: Browser | None = None
        self._alone = asyncio.Lock()  # a browser is heavy: one page after the other
        crawler.signals.connect(self.spider_closed, signal=signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request) -> Response | None:
        """The page as its scripts make it; None for what needs no browser."""
        if not request.meta.get("render"):
            return None
        meta = {name: request.meta[name] for name in _OF_PARTS if name in request.meta}
        plain = Request(
            request.url,
            callback=NO_CALLBACK,
            meta=meta,
            dont_filter=True,
            priority=request.priority,
        )
        first: Response = await cast("Any", self._crawler.engine).download_async(plain)
        kind = (first.headers.get("content-type") or b"").decode("latin-1")
        shown = first
        if first.status == 200 and "html" in kind:
            async with self._alone:
                shown = await self._opened().show(first, meta)
        shown.request = request  # whose answer it is, to whoever asked
        return shown

    def _opened(self) -> Browser:
        if self._browser is None:
            try:
                from crawler.fetch import browser
            except ModuleNotFoundError as error:
                raise NotRenderedError(
                    "render: needs a browser's driver; pip install 'rasd[js]'"
                ) from error
            self._browser = browser.Browser(self._crawler)
        return self._browser

    async def spider_closed(self) -> None:
        """No browser outlives its crawl."""
        if self._browser is not None:
            await self._browser.end()
