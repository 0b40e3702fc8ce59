"""From a page to rows: Read (in a worker), then Keep (one transaction). Neither decides anything."""

from __future__ import annotations

from collections.abc import Awaitable

from crawler.fetch.services import WithServices
from crawler.model import ArticleToKeep, Cause, Fate, PreparedArticle, Rejection
from crawler.polling.poll import Fetched
from crawler.snapshots import compress


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
        found = item.reading
        matches = found.reading.matches if isinstance(found, PreparedArticle) else ()
        flagged = any(match.labels for match in matches)  # a doubtful match is no flag
        item.tally.settled(item.sighting, fate, flagged=flagged)
        self.services.reached("page.settled")
        return item

    def _write(self, item: Fetched) -> tuple[Fate, Awaitable[object]]:
        archive, writer, now = self.services.archive, self.services.writer, self.services.clock()
        match item.reading:
            case PreparedArticle() as prepared:
                to_keep = ArticleToKeep(sighting=item.sighting, prepared=prepared, kept_at=now)
                return prepared.reading.fate, writer.gathered(archive.save_articles, to_keep)
            case Rejection() as rejection:
                cause = Cause(reason=rejection.reason, detail=rejection.detail)
                return "rejected", writer.soon(
                    lambda: archive.set_outcome(
                        item.sighting, "rejected", cause, now, snapshot=compress(item.page)
                    )
                )
            case _:
                return "queued", writer.soon(
                    lambda: (
                        None
                        if item.stored
                        else archive.save_page(item.sighting, compress(item.page))
                    )
                )
