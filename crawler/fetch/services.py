"""How components of a Scrapy crawl reach the application's services: one typed attribute.

The engine (or, under ``scrapy crawl``, the extension ``Attach``) sets ``crawler.services`` before
anything is requested; spiders, pipelines and middlewares read it.
"""

from __future__ import annotations

from typing import Self, cast

from scrapy.crawler import Crawler

from crawler.ports import CrawlServices


class _ServedCrawler(Crawler):
    """The type of a crawler with services attached. No object of this class is ever made."""

    services: CrawlServices


def attach_services(crawler: Crawler, services: CrawlServices) -> None:
    """Give a crawl its services."""
    cast("_ServedCrawler", crawler).services = services


def services_of(crawler: Crawler) -> CrawlServices:
    """The services attached to a crawl; AttributeError if there are none."""
    return cast("_ServedCrawler", crawler).services


class WithServices:
    """Base of pipelines and middlewares: made from a crawler, and uses its services."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's constructor."""
        return cls(crawler)

    @property
    def services(self) -> CrawlServices:
        """The services attached to this component's crawl."""
        return services_of(self._crawler)
