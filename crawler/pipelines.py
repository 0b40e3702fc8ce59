"""From a page to rows: Read (in a worker), then Keep (one transaction). Neither decides anything."""

from __future__ import annotations

from typing import Any, Self, cast

from scrapy.crawler import Crawler

from crawler.interfaces import Rasd
from crawler.model import Reading, Rejection
from crawler.polling import Fetched


class _Stage:
    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    @property
    def rasd(self) -> Rasd:
        return cast("Rasd", cast("Any", self._crawler).rasd)


class Read(_Stage):
    """Has the page read; a page that breaks its reader comes back as an empty Reading."""

    async def process_item(self, item: Fetched) -> Fetched:
        item.reading = await self.rasd.reader.read(item.page, item.tally.source)
        self.rasd.reached("page.read")
        return item


class Keep(_Stage):
    """Writes what became of the page, all of it or nothing."""

    def process_item(self, item: Fetched) -> Fetched:
        archive, now = self.rasd.archive, self.rasd.clock()
        match item.reading:
            case Reading() as reading:
                archive.keep(item.sighting, item.page, reading, now)
                item.tally.settled(item.sighting, "kept", flagged=any(m.labels for m in reading.matches))
            case Rejection() as rejection:
                reason = f"{rejection.reason}: {rejection.detail}".removesuffix(": ")
                archive.settle(item.sighting, "rejected", reason, now, page=item.page)
                item.tally.settled(item.sighting, "rejected")
            case None:
                if not item.stored:
                    archive.keep_page(item.sighting, item.page)
                item.tally.settled(item.sighting, "queued")
        self.rasd.reached("page.settled")
        return item
