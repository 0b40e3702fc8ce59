"""Listing pages: links by CSS from the seed file, page after page until one shows nothing new."""

from __future__ import annotations

from typing import ClassVar

from crawler.model import Feed
from crawler.polling.poll import PollInProgress
from crawler.spiders.base import PollingSpider


class SectionSpider(PollingSpider):
    """``scrapy crawl section -a source=SLUG``"""

    name = "section"
    kind: ClassVar[str] = "section"
    depth: ClassVar[int] = 20  # the most a seed file may ask for
    until_known: ClassVar[bool] = True

    def options(self, tally: PollInProgress) -> tuple[object, ...]:
        """The selectors of the seed file."""
        return tally.feed.links, tally.feed.next_page_selector

    def most(self, feed: Feed) -> int:
        """The seed file's ``pages``: a calendar has a next page for ever (R16)."""
        return feed.pages
