"""The log of the ``scrapy`` command: rasd's form for every line, at the level of ``LOG_LEVEL``.

Scrapy's handler would write its lines in another form beside ours. ``LOG_LEVEL``, ``LOG_ENABLED``,
``LOG_FILE`` and what sets them (``-L``, ``--nolog``, ``--logfile``) hold for both.
"""

from __future__ import annotations

import logging
import os
import sys
from contextlib import redirect_stderr
from pathlib import Path
from typing import Any, cast

from scrapy import Spider, logformatter
from scrapy.crawler import Crawler
from scrapy.logformatter import LogFormatterResult
from scrapy.settings import BaseSettings
from scrapy.statscollectors import MemoryStatsCollector

from crawler import logs
from crawler.config import Config
from crawler.engine.setting_rules import CONFIGURED
from crawler.errors import ConfigError
from crawler.exports.record import ArticleRecord
from crawler.polling.fetched_page import FetchedPage

# They list settings and components when a crawl begins: too long for one line of a log.
_LISTING = frozenset({"scrapy.addons", "scrapy.crawler", "scrapy.middleware"})
stats_log = logging.getLogger("scrapy.statscollectors")


def set_up(settings: BaseSettings, config: Config) -> None:
    """Write rasd's and Scrapy's lines as the settings say; ConfigError for an unknown level."""
    if "level" in config.log.model_fields_set:
        settings.set("LOG_LEVEL", config.log.level.upper(), priority=CONFIGURED)
    level = str(settings.get("LOG_LEVEL")).upper()
    number = logging.getLevelNamesMapping().get(level)
    if number is None:
        raise ConfigError(f"LOG_LEVEL: no level {level!r}; known: DEBUG, INFO, WARNING, ERROR")
    with redirect_stderr(_stream(settings)):
        logs.set_up(cast("logs.Level", level.lower()), config.log.format)
    for handler in logging.root.handlers:
        handler.setLevel(number)  # Scrapy has its own loggers speak from debug on
        handler.addFilter(lambda of: of.levelno != logging.INFO or of.name not in _LISTING)


def _stream(settings: BaseSettings) -> Any:
    """Where the log is written; ConfigError if its file can't be."""
    if name := settings.get("LOG_FILE"):
        mode = "a" if settings.getbool("LOG_FILE_APPEND") else "w"
        try:
            return Path(name).open(mode, encoding="utf-8")
        except OSError as error:
            raise ConfigError(f"LOG_FILE: {name}: {error.strerror}") from error
    return sys.stderr if settings.getbool("LOG_ENABLED") else Path(os.devnull).open("w")


class StatsCollector(MemoryStatsCollector):
    """Scrapy's statistics, dumped a line each."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._dumped, self._dump = self._dump, False

    def close_spider(self, spider: Spider | None = None, reason: str | None = None) -> None:
        """Log what was counted, if ``STATS_DUMP`` says so."""
        for name, value in sorted(self._stats.items()) if self._dumped else ():
            stats_log.info("stat %s: %s", name, value)
        super().close_spider(spider, reason)


class LogFormatter(logformatter.LogFormatter):
    """Scrapy's lines about items, which name a page or an article rather than quote all of it."""

    def scraped(self, item: Any, response: Any, spider: Spider) -> LogFormatterResult:
        """An item passed all pipelines."""
        return {"level": logging.DEBUG, "msg": "Scraped %(item)s", "args": {"item": _named(item)}}

    def dropped(
        self, item: Any, exception: BaseException, response: Any, spider: Spider
    ) -> LogFormatterResult:
        """A pipeline dropped an item: a page that is no new article, or what a user's own drops."""
        line = super().dropped(_named(item), exception, response, spider)
        return {**line, "msg": "Dropped %(item)s: %(exception)s"}

    def item_error(
        self, item: Any, exception: BaseException, response: Any, spider: Spider
    ) -> LogFormatterResult:
        """A pipeline broke."""
        return super().item_error(_named(item), exception, response, spider)


def _named(item: Any) -> Any:
    match item:
        case FetchedPage():
            return item.sighting.url
        case ArticleRecord():
            return f"article {item.id} {item.url}"
    return item
