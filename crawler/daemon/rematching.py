"""New and changed topics matched against what is stored, beside the polls; then stories made of
what an earlier version stored.

A batch at a time goes to one of the processes that read pages, which judges it by the topics it
has; what differs is written with how far the rematch is, in one transaction. A daemon that was
killed goes on from there. Topics that are equally far share their batches.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from datetime import datetime
from functools import partial

import structlog

from crawler.app import App
from crawler.daemon.rounds import Round
from crawler.model import ArchivedArticle, Rejudgement, Rematch

log = structlog.get_logger("rasd")
ARTICLES = 50  # of a batch: some 50 ms of one worker, so that no page waits long for it
PLACED = 25  # articles given a place among the stories at a time: some 50 ms of the writer


class Rematcher:
    """Carries out the rematches that the archive's rows say are not over."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._task: asyncio.Task[None] | None = None
        self._before: set[asyncio.Task[Round]] = set()

    async def plan(self, rounds: Collection[asyncio.Task[Round]]) -> None:
        """Begin what the topics in use ask for, and go on with what was begun.

        ``rounds`` are the rounds of polls under way: until they are over, pages that were judged by
        the topics of before may still be written.
        """
        app = self._app
        versions = {slug: topic.version for slug, topic in app.seeds.topics.items()}
        self._before.update(rounds)
        plan = partial(app.rematches.plan, versions, app.clock())
        for one in await app.writer.soon(plan):
            if one.of:
                log.info(
                    "rematching", topic=one.topic, version=one.version, done=one.done, of=one.of
                )
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())
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

    async def _run(self) -> None:
        while not self._app.stopping:
            rows = await asyncio.to_thread(self._app.rematches.unfinished)
            if not rows:
                return await self._place()
            if not await self._step(rows):
                return None
        return None

    async def _place(self) -> None:
        """Give articles that an earlier version stored their place among the stories."""
        app = self._app
        while not app.stopping:
            if not await app.writer.soon(partial(app.story_filling.step, PLACED, app.clock())):
                break

    async def _step(self, rows: Sequence[Rematch]) -> bool:
        """Judge the next articles for the topics that are least far; False if it has to end."""
        app = self._app
        after = min(row.after_id for row in rows)
        group = [row for row in rows if row.after_id == after]
        ahead = [row.after_id for row in rows if row.after_id > after]
        read = partial(app.rematches.articles, after, min(ahead, default=None), ARTICLES)
        batch = await asyncio.to_thread(read)
        if batch:
            verdicts = await self._judge(batch, group)
            if verdicts is None:
                return False
            last = batch[-1].id
            await app.writer.soon(partial(app.rematches.advance, group, last, verdicts))
        elif ahead:  # nothing between the two: the group is as far as the next
            await app.writer.soon(partial(app.rematches.advance, group, min(ahead), ()))
        elif under_way := {task for task in self._before if not task.done()}:
            await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
        elif self._before:
            self._before = set()  # one more look: what they wrote last comes after the cursor
        else:
            await self._finish(group)
        return True

    async def _judge(
        self, batch: Sequence[ArchivedArticle], group: Sequence[Rematch]
    ) -> list[Rejudgement] | None:
        """What differs from what is stored; None if the workers were stopped. An article that a
        worker can't judge within its limits keeps what it has."""
        slugs = {row.topic for row in group}
        countries = {slug: source.country for slug, source in self._app.sources.items()}
        found = await self._app.reader.rejudge(batch, slugs, countries)
        if found == "stopped":
            return None
        if isinstance(found, str) and len(batch) > 1:
            parts = [await self._judge([one], group) for one in batch]
            return None if None in parts else [v for part in parts for v in part or ()]
        if isinstance(found, str):
            log.warning("an article was not judged again", article=batch[0].id, reason=found)
            return []
        return found

    async def _finish(self, group: Sequence[Rematch]) -> None:
        app, now = self._app, self._app.clock()
        for one in group:
            await app.writer.soon(partial(app.rematches.finish, one, now))
            if one.of:
                log.info(
                    "rematched",
                    topic=one.topic,
                    version=one.version,
                    articles=one.of,
                    changed=one.changed,
                    seconds=_seconds(one.began_at, now),
                )


def _seconds(began_at: datetime, now: datetime) -> float:
    return round((now - began_at).total_seconds(), 1)


def _log_failure(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("a rematch broke; it goes on at the next start or change", exc_info=error)
