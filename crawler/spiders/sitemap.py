"""Sitemaps and their indexes: file after file, what is dated since the last success."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar

from scrapy.http import Response

from crawler.feeds import sitemap
from crawler.model import Feed, FeedState
from crawler.polling.poll import PollInProgress
from crawler.spiders.base import PollingSpider

FIRST_POLL_PERIOD = timedelta(days=3)  # a first poll does not read an outlet's whole past
# Entries dated late, or by another clock, are looked for again.
LATE_DATE_MARGIN = timedelta(days=2)
MAX_FILES = 200  # of one poll, for the same reason as their depth


class SitemapSpider(PollingSpider):
    """``scrapy crawl sitemap -a source=SLUG``"""

    name = "sitemap"
    kind: ClassVar[str] = "sitemap"
    max_bytes: ClassVar[int | None] = sitemap.MAX_SITEMAP_BYTES
    max_depth: ClassVar[int] = 3  # an index of indexes; deeper is a loop or an attack (R15)

    def since(self, state: FeedState, now: datetime) -> datetime | None:
        """From a little before the last success."""
        return (
            state.last_success_at - LATE_DATE_MARGIN
            if state.last_success_at
            else now - FIRST_POLL_PERIOD
        )

    @classmethod
    def reader_options(cls, feed: Feed, since: datetime | None) -> tuple[object, ...]:
        """The moment before which entries are left out."""
        return (since,)

    def answer_options(self, poll: PollInProgress, answer: Response) -> tuple[object, ...]:
        """Besides, which stale files of an index have their turn, and whether this is one."""
        turn = self._chance.getrandbits(32)
        request = answer.request
        asked = {request.url, *request.meta.get("redirect_urls", ())} if request else set()
        return poll.since, turn, not asked.isdisjoint(poll.doubted_urls)

    def max_urls(self, feed: Feed) -> int:
        """How many files."""
        return MAX_FILES
