"""WordPress's REST interface: posts since the last success, with their bodies; no page needed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import ClassVar

from scrapy.http import Response

from crawler.feeds import wordpress
from crawler.model import Feed, FeedState, Gap
from crawler.polling.poll import PollInProgress
from crawler.spiders.base import PollingSpider

_NEXT_LINK = re.compile(r"""\brel\s*=\s*["']?next\b""", re.IGNORECASE)  # RFC 8288
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

    def answer_options(self, poll: PollInProgress, answer: Response) -> tuple[object, ...]:
        """How many pages and posts the server counts, and whether it names a next page."""
        link = _header(answer, "link")
        return (
            wordpress.parse_total(_header(answer, "x-wp-totalpages")),
            wordpress.parse_total(_header(answer, "x-wp-total")),
            _NEXT_LINK.search(link) is not None,
        )

    def instead_of(self, answer: Response, depth: int) -> str | None:
        """Fewer posts where so many are refused; "" behind the last page."""
        return wordpress.url_instead(answer.url, answer.status, answer.body, is_first=depth == 1)

    def since(self, state: FeedState, now: datetime) -> datetime | None:
        """From a little before the last success; a first poll takes the newest page as it is."""
        return state.last_success_at - LATE_DATE_MARGIN if state.last_success_at else None

    def gap_count_requests(self, poll: PollInProgress) -> Iterator[tuple[Gap, str]]:
        """Each open gap, by a request that brings one id and the count of all."""
        for gap in poll.missing:
            yield gap, wordpress.make_count_url(poll.feed.url, gap.from_at, gap.to_at)

    def parse_gap_count(self, response: Response) -> int | None:
        """``X-WP-Total``."""
        return wordpress.parse_total(_header(response, "x-wp-total"))

    def max_urls(self, feed: Feed) -> int:
        """Pages a poll."""
        return self.max_depth


def _header(answer: Response, name: str) -> str:
    """The header's value, "" without one."""
    return (answer.headers.get(name) or b"").decode("latin-1")
