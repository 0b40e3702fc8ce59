"""Scrapy's process with our application around it, and how a command is run in one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from scrapy import Spider
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import BaseSettings
from scrapy.utils.spider import DefaultSpider

from crawler import app as apps
from crawler import urls
from crawler.app import App
from crawler.engine import attach
from crawler.errors import GuardError, LockHeldError, UsageError
from crawler.fetch import hooks, ssrf_guard
from crawler.fetch.services import attach_services
from crawler.project import crawl_log
from crawler.project.middlewares import LOOKING
from crawler.spiders.base import PollingSpider
from storage.hosts import SqlHosts


class AppProcess(AsyncCrawlerProcess):
    """A process whose crawlers have the services of ``app``.

    ``polls``: the app holds the archive's lock. ``urls`` are those that the user typed: their ports
    are open. A crawler with settings that must not stand is not made: ConfigError. The guard is
    proven before the first request; ``failure`` says what it let through.
    """

    def __init__(self, settings: Any, app: App, *, polls: bool, typed: tuple[str, ...]) -> None:
        self.app, self.made = app, list[Crawler]()
        self.failure: GuardError | None = None
        self._polls, self._typed = polls, typed
        super().__init__(settings)

    def _create_crawler(self, spidercls: str | type[Spider]) -> Crawler:
        crawler = super()._create_crawler(spidercls)
        looking = crawler.settings.getbool(LOOKING)
        if issubclass(crawler.spidercls, PollingSpider) and not (self._polls or looking):
            raise UsageError(f"{crawler.spidercls.name!r} polls feeds: use scrapy crawl")
        attach.expect_allowed(crawler.settings, self.app, "crawler.project.settings")
        ports = {*crawler.settings.getlist("RASD_NETWORK_PORTS")}
        ports |= {port for url in self._typed for port in urls.named_ports(url)}
        crawler.settings.set("RASD_NETWORK_PORTS", sorted(ports), priority="cmdline")
        attach_services(crawler, self.app)
        self.made.append(crawler)
        return crawler

    async def _crawl_and_track(self, crawler: Crawler, *args: Any, **kwargs: Any) -> None:
        try:
            await self._prove_guard()
        except GuardError as error:
            self.failure, self.bootstrap_failed = error, True
        else:
            await super()._crawl_and_track(crawler, *args, **kwargs)

    async def _prove_guard(self) -> None:
        unused = super()._create_crawler(DefaultSpider)
        renders = any(feed.render for of in self.app.sources.values() for feed in of.feeds)
        hooks.prove(unused, renders=renders)
        await ssrf_guard.self_test(unused)


@contextmanager
def opened(
    settings: BaseSettings, *, polls: bool, looking: bool, typed: tuple[str, ...] = ()
) -> Iterator[AppProcess]:
    """A process for one command, with the log and the application that it needs.

    ``polls``: as the only one at work on the archive, whose file is made. Else nothing is written,
    and a daemon may be at work. ``looking``: a URL that isn't fetched has its line in the log.
    RasdError if the application cannot be opened.
    """
    config = attach.configuration()
    crawl_log.set_up(settings, config)
    settings.set("LOG_INSTALL_ROOT_HANDLER", False, priority="cmdline")
    settings.set(LOOKING, looking, priority="cmdline")
    try:
        with apps.open_app(
            config, locked=polls, sources=True, archive="made" if polls else "optional"
        ) as app:
            if not polls:
                app.hosts = SqlHosts(app.archive.engine, write=_write_nothing)
            attach.configure(settings, app.config, app.sources)
            yield AppProcess(settings, app, polls=polls, typed=typed)
    except LockHeldError as error:
        raise LockHeldError(f"{error}, or have it poll: rasd poll SOURCE") from error


def _write_nothing(work: object, what: str) -> None:
    """What a host asks for is remembered for this command alone."""
