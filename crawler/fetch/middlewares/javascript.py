"""Renders pages that exist only by script, in a browser without a network; see ``fetch.browser``.

Order 700, after every other check. For requests with ``meta["render"]``: the server's response is
fetched first, through all middlewares; only an HTML page is worth a browser.
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

# Request metadata that holds for each part of a page as well.
PART_META_KEYS = ("allowed_hosts", "https_only", "source", "ports", "budget")


class Javascript:
    """One browser per crawl, started with the first page that needs it."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._browser: Browser | None = None
        self._one_page_at_a_time = asyncio.Lock()  # a browser is heavy
        crawler.signals.connect(self.spider_closed, signal=signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request) -> Response | None:
        """The page as its scripts make it; None if the request needs no browser."""
        if not request.meta.get("render"):
            return None
        meta = {name: request.meta[name] for name in PART_META_KEYS if name in request.meta}
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
            async with self._one_page_at_a_time:
                shown = await self._opened().show(first, meta)
        shown.request = request  # the one that the caller made, not ``plain``
        return shown

    def _opened(self) -> Browser:
        if self._browser is None:
            try:
                from crawler.fetch import browser
            except ModuleNotFoundError as error:
                raise NotRenderedError(
                    "needs a browser's driver: install the extra 'js'"
                ) from error
            self._browser = browser.Browser(self._crawler)
        return self._browser

    async def spider_closed(self) -> None:
        """End the browser with its crawl."""
        if self._browser is not None:
            await self._browser.end()
