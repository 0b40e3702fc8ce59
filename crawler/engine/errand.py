"""One page fetched for somebody who asks for it by hand, under the same guard as every crawl."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import scrapy
from scrapy.crawler import AsyncCrawlerRunner
from scrapy.http import Request, Response
from scrapy.settings import Settings
from twisted.python.failure import Failure

from crawler import app as apps
from crawler import urls
from crawler.model import Page
from crawler.spiders.base import page_of, said


class Errand(scrapy.Spider):
    """Asks one address and holds what came back."""

    name = "errand"

    def __init__(self, url: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.url = url
        self.found: Page | str = "nothing was answered"

    async def start(self) -> AsyncIterator[Any]:
        """The one request."""
        # A port that the asker typed is one that was asked for.
        meta = {
            "allowed_hosts": (urls.registrable(self.url),),
            "https_only": False,
            "ports": urls.named_ports(self.url),
        }
        yield Request(self.url, callback=self.parse, errback=self.failed, meta=meta, dont_filter=True)

    def parse(self, response: Response) -> None:
        """Hold the page; what is no 200 is said instead."""
        if response.status != 200:
            self.found = f"the server said {response.status}"
            return
        app = self.crawler.rasd  # type: ignore[attr-defined]
        self.found = page_of(response, self.url, app.clock())

    def failed(self, failure: Failure) -> None:
        """Hold what went wrong."""
        self.found = said(failure)


async def fetch(app: apps.App, url: str) -> Page | str:
    """The page at this address, or why there is none."""
    clean = urls.clean(url)
    if clean is None:
        return "no address that may be asked"
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    settings.update(apps.crawl_settings(app.config, app.sources), priority="cmdline")
    ports = {*settings.getlist("RASD_NETWORK_PORTS"), *urls.named_ports(clean)}
    settings.set("RASD_NETWORK_PORTS", sorted(ports), priority="cmdline")
    runner = AsyncCrawlerRunner(settings)
    crawler = runner.create_crawler(Errand)
    crawler.rasd = app  # type: ignore[attr-defined]
    await runner.crawl(crawler, url=clean)
    spider: Any = crawler.spider
    found: Page | str = spider.found
    return found
