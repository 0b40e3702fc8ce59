"""RSS, Atom and JSON feeds: the bytes that were fetched, read in a killable worker."""

from __future__ import annotations

from scrapy.http import Response

from crawler.model import Feed, FeedWindow
from crawler.spiders.base import PollingSpider


class FeedSpider(PollingSpider):
    """``scrapy crawl feed -a source=SLUG``"""

    name = "feed"
    kind = "feed"

    async def window(self, response: Response, feed: Feed) -> FeedWindow | str:
        """The entries in these bytes; hostile bytes can cost a worker, never the crawl."""
        content_type = response.headers.get("content-type") or b""
        return await self.rasd.reader.window(
            response.body, response.url, content_type.decode("latin-1")
        )
