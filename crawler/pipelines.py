"""From a page to rows: Read (in a worker), then Keep (one transaction). Neither decides anything."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any, Self, cast

from scrapy.crawler import Crawler

from crawler.model import Fate, Reading, Rejection
from crawler.model.article import ArticleToKeep
from crawler.polling.poll import Fetched
from crawler.ports import CrawlServices


class _Stage:
    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    @property
    def rasd(self) -> CrawlServices:
        return cast("CrawlServices", cast("Any", self._crawler).rasd)


class Read(_Stage):
    """Has the page read; a page that breaks its reader comes back as an empty Reading."""

    async def process_item(self, item: Fetched) -> Fetched:
        item.reading = await self.rasd.reader.read(item.page, item.tally.source)
        self.rasd.reached("page.read")
        return item


class Keep(_Stage):
    """Writes what became of the page, all of it or nothing; told when it is committed."""

    async def process_item(self, item: Fetched) -> Fetched:
        fate, written = self._write(item)
        await written
        matches = item.reading.matches if isinstance(item.reading, Reading) else ()
        flagged = any(match.labels for match in matches)  # a doubtful match is no flag
        item.tally.settled(item.sighting, fate, flagged=flagged)
        self.rasd.reached("page.settled")
        return item

    def _write(self, item: Fetched) -> tuple[Fate, Awaitable[object]]:
        archive, writer, now = self.rasd.archive, self.rasd.writer, self.rasd.clock()
        match item.reading:
            case Reading() as reading:
                keeping = ArticleToKeep(
                    sighting=item.sighting, page=item.page, reading=reading, kept_at=now
                )
                return reading.fate, writer.gathered(archive.save_articles, keeping)
            case Rejection() as rejection:
                reason = f"{rejection.reason}: {rejection.detail}".removesuffix(": ")
                return "rejected", writer.soon(
                    lambda: archive.set_outcome(
                        item.sighting, "rejected", reason, now, page=item.page
                    )
                )
            case _:
                return "queued", writer.soon(
                    lambda: None if item.stored else archive.save_page(item.sighting, item.page)
                )
