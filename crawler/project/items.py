"""From a page to the item of ``scrapy crawl``: one ``ArticleRecord`` for each new article.

The pipelines before this one read a page and write it; the spider is given the page's fate here,
for Scrapy's ``item_scraped`` now speaks of the record. Pipelines of your own come after it.
"""

from __future__ import annotations

import asyncio
from typing import Any

from scrapy.exceptions import DropItem

from crawler.exports.record import ArticleRecord, article_record, country_of
from crawler.fetch.services import WithServices
from crawler.polling.fetched_page import FetchedPage
from crawler.spiders.base import PollingSpider


class NoArticle(DropItem):
    """The page is no article, could not be read, or waits for the next poll."""


class KnownArticle(DropItem):
    """The page is an article that the archive has already."""


class Export(WithServices):
    """Settles the page with its poll, then gives its article as the archive has it.

    NoArticle and KnownArticle say that there is none to give; Scrapy counts both in
    ``item_dropped_reasons_count``. Items of other spiders pass as they are.
    """

    async def process_item(self, item: Any) -> Any:
        """The record of a page that is a new article."""
        if not isinstance(item, FetchedPage):
            return item
        spider = self._crawler.spider
        if isinstance(spider, PollingSpider):
            await spider.page_settled(item)
        if item.fate != "kept" or item.article_id is None:
            raise NoArticle(f"{item.sighting.url}: {item.fate}", log_level="DEBUG")
        record = await asyncio.to_thread(self._record, item.article_id)
        if record.kept_at < item.poll.started_at:
            raise KnownArticle(f"{item.sighting.url}: article {record.id}", log_level="DEBUG")
        return record

    def _record(self, article_id: int) -> ArticleRecord:
        (kept,) = self.services.archive.articles([article_id])
        country = country_of(kept.article.source, self.services.sources)
        return article_record(kept, country=country)
