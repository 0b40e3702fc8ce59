"""From a page to rows: Read (in a worker), then Keep (one transaction). Neither decides anything."""

from __future__ import annotations

from collections.abc import Awaitable

from crawler.fetch.services import WithServices
from crawler.model import Fate, Reading, Rejection
from crawler.model.article import ArticleToKeep
from crawler.polling.poll import Fetched


class Read(WithServices):
    """Has the page read; a page that breaks its reader comes back as an empty Reading."""

    async def process_item(self, item: Fetched) -> Fetched:
        item.reading = await self.services.reader.read(item.page, item.tally.source)
        self.services.reached("page.read")
        return item


class Keep(WithServices):
    """Writes what became of the page, all of it or nothing; told when it is committed."""

    async def process_item(self, item: Fetched) -> Fetched:
        fate, written = self._write(item)
        await written
        matches = item.reading.matches if isinstance(item.reading, Reading) else ()
        flagged = any(match.labels for match in matches)  # a doubtful match is no flag
        item.tally.settled(item.sighting, fate, flagged=flagged)
        self.services.reached("page.settled")
        return item

    def _write(self, item: Fetched) -> tuple[Fate, Awaitable[object]]:
        archive, writer, now = self.services.archive, self.services.writer, self.services.clock()
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
