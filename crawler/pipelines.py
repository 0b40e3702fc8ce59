"""From a page to rows: Read (in a worker), then Keep (one transaction). Neither decides anything.

Each stage returns the item with what it found. The spider hears of it by Scrapy's ``item_scraped``
signal and counts the page's fate. Items of other spiders, which a user may have, pass as they are.
"""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import replace
from typing import Any

from crawler.errors import StorageError
from crawler.fetch.services import WithServices
from crawler.model import ArticleToKeep, Cause, Fate, PreparedArticle, Rejection
from crawler.polling import outcomes
from crawler.polling.fetched_page import FetchedPage, entry_page
from crawler.snapshots import compress


class Read(WithServices):
    """Reads the page in a worker; a page that breaks its reader gets an empty Reading."""

    async def process_item(self, item: Any) -> Any:
        """The item with its reading; None if a stop came before it was read."""
        if not isinstance(item, FetchedPage):
            return item
        reading = await self._read(item)
        self.services.reached("page.read")
        return replace(item, reading=reading)

    async def _read(self, item: FetchedPage) -> PreparedArticle | Rejection | None:
        """The reading of the page, or of what the feed says if the page is another story's."""
        source, now = item.poll.source, self.services.clock()
        reading = await self.services.reader.read(item.page, source)
        if not isinstance(reading, PreparedArticle):
            return reading
        article = reading.reading.article
        verdict = outcomes.verdict(item.sighting, article, source.languages, now)
        if verdict == "own":
            return reading
        why = outcomes.ANOTHER_STORY
        item.poll.note(why)
        if verdict == "again":
            return Rejection(reason=why.reason, detail=why.detail)
        return await self.services.reader.read(entry_page(item.sighting, now), source)


class Keep(WithServices):
    """Writes what became of the page, all of it or nothing."""

    async def process_item(self, item: Any) -> Any:
        """The item with its fate and its article's id, once that is committed.

        A page that cannot be written has failed and is tried again later; if not even that can be
        written, it stays queued.
        """
        if not isinstance(item, FetchedPage):
            return item
        fate, written = self._write(item)
        try:
            result = await written
        except StorageError:  # its watch has said so
            return replace(item, fate="queued")
        except Exception as error:  # the database's: a lock, a row that it refuses
            problem = f"{type(error).__name__}: {error}"
            fate = await self._not_written(item, problem)
            return replace(item, fate=fate, problem=problem)
        article_id = result if isinstance(item.reading, PreparedArticle) else None
        return replace(item, fate=fate, article_id=article_id)

    def _write(self, item: FetchedPage) -> tuple[Fate, Awaitable[Any]]:
        archive, writer, now = self.services.archive, self.services.writer, self.services.clock()
        match item.reading:
            case PreparedArticle() as prepared:
                to_keep = ArticleToKeep(sighting=item.sighting, prepared=prepared, kept_at=now)
                return prepared.reading.fate, writer.gathered(archive.save_articles, to_keep)
            case Rejection() as rejection:
                cause = Cause(reason=rejection.reason, detail=rejection.detail)
                again = outcomes.next_try_at(item.sighting, now, rejection.reason)
                fate = outcomes.failed_fate(cause, again=again is not None)
                if again is None:
                    item.poll.note_end(cause, "given up")
                page = None if again else compress(item.page)  # a stored page is not asked again
                return fate, writer.soon(
                    lambda: archive.set_outcome(
                        item.sighting, fate, cause, now, next_try_at=again, snapshot=page
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

    async def _not_written(self, item: FetchedPage, problem: str) -> Fate:
        archive, now = self.services.archive, self.services.clock()
        cause = Cause(reason="not_written", detail=" ".join(problem.split())[:300])
        again = outcomes.next_try_at(item.sighting, now)
        try:
            await self.services.writer.soon(
                lambda: archive.set_outcome(item.sighting, "failed", cause, now, next_try_at=again)
            )
        except Exception:  # the problem is reported with the item
            return "queued"
        return "failed"
