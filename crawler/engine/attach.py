"""How a Scrapy crawl gets its services: settings from our configuration, and the extension.

The engine attaches its own app; under ``scrapy crawl`` the extension opens one.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from crawler import __version__
from crawler.app import open_app
from crawler.config import Config, load
from crawler.errors import GuardError
from crawler.model import Source

if TYPE_CHECKING:
    from scrapy import Spider
    from scrapy.crawler import Crawler


def crawl_settings(settings: Config, sources: Mapping[str, Source]) -> dict[str, Any]:
    """Our configuration as Scrapy settings, on top of ``crawler.settings``."""
    from crawler.fetch.middlewares import url_policy

    contact = settings.crawl.contact or "no contact configured"
    slots = {
        host: {"delay": source.delay_seconds}
        for source in sources.values()
        if source.delay_seconds is not None
        for host in _hosts(source)
    }
    return {
        "USER_AGENT": f"rasd/{__version__} (press watch; {contact})",
        "DOWNLOAD_DELAY": settings.crawl.delay_seconds,
        "DOWNLOAD_SLOTS": slots,
        "DOWNLOAD_TIMEOUT": settings.crawl.timeout_seconds,
        "CONCURRENT_REQUESTS": settings.crawl.concurrent_requests,
        "RASD_BUDGET": {
            "requests": settings.crawl.budget_requests,
            "bytes": settings.crawl.budget_bytes,
            "seconds": settings.crawl.budget_seconds,
        },
        "RASD_BROWSER": settings.crawl.browser,
        "RASD_NETWORK_ALLOW": list(settings.network.allow),
        "RASD_NETWORK_HOSTS": dict(settings.network.hosts),
        "RASD_NETWORK_PORTS": sorted(url_policy.allowed_ports(sources.values())),
    }


def _hosts(source: Source) -> Iterator[str]:
    from urllib.parse import urlsplit

    for url in (source.home, *(feed.url for feed in source.feeds)):
        if host := urlsplit(url).hostname:
            yield host


class Attach:
    """The Scrapy extension through which a crawl finds the app.

    The engine attaches its app itself; under ``scrapy crawl`` this opens an app from
    ``RASD_CONFIG`` and the environment, holds the archive's lock, and closes it with the spider.
    It refuses to crawl unguarded: without the resolver guard nothing is fetched.
    """

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        from scrapy import signals
        from twisted.internet import reactor

        from crawler.fetch import ssrf_guard

        attached = cls()
        if not hasattr(crawler, "services"):
            attached._open(crawler)
            crawler.signals.connect(attached.spider_closed, signal=signals.spider_closed)
        ssrf_guard.check_settings(crawler.settings)
        ssrf_guard.install(ssrf_guard.policy_of(crawler.settings), reactor)
        if not ssrf_guard.is_installed(reactor):
            raise GuardError("another resolver is in place")
        return attached

    def _open(self, crawler: Crawler) -> None:
        path = os.environ.get("RASD_CONFIG")
        settings = load(Path(path) if path else None)
        self._context = open_app(settings, locked=True)
        app = self._context.__enter__()
        from crawler.fetch.services import attach_services

        app.reader.start()
        attach_services(crawler, app)
        for name, value in crawl_settings(settings, app.sources).items():
            crawler.settings.set(name, value, priority="cmdline")

    def spider_closed(self, spider: Spider) -> None:
        """Close what ``_open`` opened; what is still to be written is written."""
        self._context.__exit__(None, None, None)
