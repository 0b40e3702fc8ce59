"""Listing pages: links by CSS from the seed file, page after page until one shows nothing new."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from crawler.model import Feed
from crawler.spiders.base import PollingSpider


class SectionSpider(PollingSpider):
    """``scrapy crawl section -a source=SLUG``"""

    name = "section"
    kind: ClassVar[str] = "section"
    max_depth: ClassVar[int] = 20  # the most a seed file may ask for
    stop_at_known: ClassVar[bool] = True

    @classmethod
    def reader_options(cls, feed: Feed, since: datetime | None) -> tuple[object, ...]:
        """The selectors of the seed file."""
        return feed.links, feed.next_page_selector

    def max_urls(self, feed: Feed) -> int:
        """The seed file's ``pages``: a calendar never runs out of next pages (R16)."""
        return feed.pages
