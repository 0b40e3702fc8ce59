"""RSS, Atom and JSON feeds, search feeds among them: one place, read in a killable worker."""

from __future__ import annotations

from typing import ClassVar

from crawler.spiders.base import PollingSpider


class FeedSpider(PollingSpider):
    """``scrapy crawl feed -a source=SLUG``"""

    name = "feed"
    kind: ClassVar[str] = "feed"
