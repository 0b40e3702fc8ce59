"""New and changed concepts looked for in what is stored, beside the polls.

As ``rematching`` does for topics: a batch at a time goes to one of the processes that read pages,
and what it finds is written with how far the concepts are, in one transaction. An article that is
kept meanwhile comes with its concepts; if these are of other versions, the rows say so, and the
article is looked through once more.
"""

from __future__ import annotations

import asyncio
from collections import ChainMap
from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial

import structlog

from crawler.app import App
from crawler.app.indexing import find_plan, to_look_through
from crawler.errors import StorageError
from crawler.model import ArchivedArticle, ConceptState, FoundConcepts

log = structlog.get_logger("rasd")
ARTICLES = 50  # of a batch: some 80 ms of one worker, so that no page waits long for it


class ConceptIndexer:
    """Brings the index of concepts up to the lexicon in use."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._task: asyncio.Task[None] | None = None
        self._began_at: datetime | None = None

    async def plan(self) -> None:
        """Begin what the concepts and sources in use ask for, and go on with what was begun."""
        plan = await asyncio.to_thread(find_plan, self._app)
        await self._app.writer.soon(plan)
        progress = await asyncio.to_thread(self._app.concept_index.progress)
        if progress is not None and progress.of:
            self._began_at = self._app.clock()
            log.info("indexing", concepts=progress.concepts, done=progress.done, of=progress.of)
        await self.look()

    async def look(self) -> None:
        """Go on with what is to be indexed, if anything is and nothing is under way."""
        if self._task is not None and not self._task.done():
            return
        self._task = asyncio.create_task(self._go_on())
        self._task.add_done_callback(_log_failure)

    async def idle(self) -> None:
        """Return when nothing is under way."""
        if self._task is not None and not self._task.done():
            await asyncio.wait([self._task])

    async def stop(self) -> None:
        """Cut off what is under way; the rows say how far it is."""
        if self._task is not None and not self._task.done():
            self._task.cancel()
            await asyncio.wait([self._task])

    async def _go_on(self) -> None:
        with suppress(StorageError):  # reported; it is tried again with every tick
            await self._run()

    async def _run(self) -> None:
        app, index, concepts = self._app, self._app.concept_index, 0
        while batch := await asyncio.to_thread(index.next_batch, ARTICLES):
            concepts = max(concepts, len(batch.concepts))
            found = await self._find(batch.articles, batch.concepts)
            if app.stopping or found is None:
                return
            if not await app.writer.soon(partial(index.write, batch, found, app.clock())):
                return  # other concepts are in use by now, or another process does the same
        if concepts and self._began_at is not None:
            seconds = round((app.clock() - self._began_at).total_seconds(), 1)
            log.info("indexed", concepts=concepts, seconds=seconds)
        self._began_at = None
        while not app.stopping and await asyncio.to_thread(lambda: index.has_gone):
            await app.writer.soon(index.purge)

    async def _find(
        self, batch: Sequence[ArchivedArticle], group: Collection[ConceptState]
    ) -> dict[int, FoundConcepts] | None:
        """The concepts in these articles by id; None if the workers can't look for them. An article
        that no worker can go through within its limits has none."""
        if not batch:
            return {}
        names = [row.name for row in group]
        found = await self._app.reader.concepts(to_look_through(self._app, batch), names)
        if found == "stopped":
            return None
        if isinstance(found, str) and len(batch) > 1:
            parts = [await self._find([one], group) for one in batch]
            return None if None in parts else dict(ChainMap(*(part or {} for part in parts)))
        if isinstance(found, str):
            log.warning("an article was not indexed", article=batch[0].id, reason=found)
            versions = {row.name: row.version for row in group}
            return {batch[0].id: FoundConcepts(versions=versions, country="", found={})}
        return found


def _log_failure(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("indexing broke; it goes on with the next tick", exc_info=error)
