"""WordPress's REST interface: posts since the last success, with their bodies; no page needed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import ClassVar

from scrapy.http import Response

from crawler.feeds import wordpress
from crawler.model import Feed, FeedState, Gap
from crawler.polling.poll import PollInProgress
from crawler.spiders.base import PollingSpider

LATE_DATE_MARGIN = timedelta(days=1)  # posts dated late are looked for again


class WordpressSpider(PollingSpider):
    """``scrapy crawl wordpress -a source=SLUG``"""

    name = "wordpress"
    kind: ClassVar[str] = "wordpress"
    max_depth: ClassVar[int] = 20  # pages of 50: a thousand posts a poll
    stop_at_known: ClassVar[bool] = True

    @classmethod
    def first_url(cls, feed: Feed, since: datetime | None) -> str:
        """The newest posts, only those after ``since`` if it is given."""
        return wordpress.make_page_url(feed.url, after=since)

    def since(self, state: FeedState, now: datetime) -> datetime | None:
        """From a little before the last success; a first poll takes the newest page as it is."""
        return state.last_success_at - LATE_DATE_MARGIN if state.last_success_at else None

    def gap_count_requests(self, poll: PollInProgress) -> Iterator[tuple[Gap, str]]:
        """Each open gap, by a request that brings one id and the count of all."""
        for gap in poll.missing:
            yield gap, wordpress.make_count_url(poll.feed.url, gap.from_at, gap.to_at)

    def parse_gap_count(self, response: Response) -> int | None:
        """``X-WP-Total``."""
        said = response.headers.get("x-wp-total")
        return wordpress.parse_total(said.decode("latin-1") if said is not None else None)

    def max_urls(self, feed: Feed) -> int:
        """Pages a poll."""
        return self.max_depth
