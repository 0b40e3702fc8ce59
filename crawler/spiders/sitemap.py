"""Sitemaps and their indexes: file after file, what is dated since the last success."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar

from crawler.model import Feed, FeedState
from crawler.polling.poll import PollInProgress
from crawler.spiders.base import PollingSpider

FIRST_LOOK = timedelta(days=3)  # a first poll does not read an outlet's whole past
MARGIN = timedelta(days=2)  # what was dated late, or by another clock, is looked for once more


class SitemapSpider(PollingSpider):
    """``scrapy crawl sitemap -a source=SLUG``"""

    name = "sitemap"
    kind: ClassVar[str] = "sitemap"
    maxsize: ClassVar[int | None] = 50 * 1024 * 1024  # bytes: what sitemaps.org allows one file
    depth: ClassVar[int] = 3  # an index of indexes; deeper is a loop or an attack (R15)

    def since(self, state: FeedState, now: datetime) -> datetime | None:
        """From a little before the last success."""
        return state.last_success_at - MARGIN if state.last_success_at else now - FIRST_LOOK

    def options(self, tally: PollInProgress) -> tuple[object, ...]:
        """The lastmod window."""
        return (tally.since,)

    def most(self, feed: Feed) -> int:
        """Files a poll, for the same reason as their depth."""
        return 200
