"""How a Scrapy crawl gets its services: settings from our configuration, and the extension.

The engine and the ``scrapy`` command attach an app of theirs; a script that runs a crawler has the
extension open one.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import structlog

from crawler import __version__
from crawler import settings as every_crawl
from crawler.app import App, open_app
from crawler.config import Config, load
from crawler.engine import setting_rules
from crawler.errors import ConfigError, GuardError
from crawler.logs import lines
from crawler.model import Source

if TYPE_CHECKING:
    from scrapy import Spider
    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings


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


def configuration() -> Config:
    """The configuration of a crawl that Scrapy starts: the file that ``RASD_CONFIG`` names, or
    ``rasd.toml`` in the current folder."""
    path = os.environ.get("RASD_CONFIG")
    return load(Path(path) if path else None)


def configure(settings: BaseSettings, config: Config, sources: Mapping[str, Source]) -> None:
    """Set what our configuration says beside the defaults, which a settings module of the user's
    may have changed. A spider's own settings and the command line win over it."""
    for name, value in crawl_settings(config, sources).items():
        if value != getattr(every_crawl, name, None):
            settings.set(name, value, priority=setting_rules.CONFIGURED)


def expect_allowed(settings: BaseSettings, app: App, module: str = "crawler.settings") -> None:
    """ConfigError if a user's settings must not stand; else have them hold for every source.

    ``module`` has the settings that are expected without the user's.
    """
    from scrapy.settings import Settings

    ours = Settings()
    ours.setmodule(module, priority="project")
    configure(ours, app.config, app.sources)
    if refused := setting_rules.refusals(settings, ours):
        raise ConfigError("\n".join(refused))
    setting_rules.keep_delays(settings)


def _join_the_scripts_log() -> None:
    """Have our lines go where a script has Scrapy's go: they would stand on stdout."""
    structlog.configure(
        processors=[
            structlog.processors.format_exc_info,
            lambda logger, method, line: lines.safe(line),
            structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0, sort_keys=False),
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )


class Attach:
    """The Scrapy extension through which a crawl finds the app.

    The engine and the ``scrapy`` command attach an app themselves; for a script this opens one from
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
        from crawler.fetch.services import attach_services

        if not structlog.is_configured():
            _join_the_scripts_log()
        self._context = open_app(configuration(), locked=True)
        app = self._context.__enter__()
        try:
            configure(crawler.settings, app.config, app.sources)
            expect_allowed(crawler.settings, app)
        except BaseException:
            self._context.__exit__(None, None, None)
            raise
        app.reader.start()
        attach_services(crawler, app)

    def spider_closed(self, spider: Spider) -> None:
        """Close what ``_open`` opened; what is still to be written is written."""
        self._context.__exit__(None, None, None)
