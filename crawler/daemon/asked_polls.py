"""Polls that ``rasd poll`` asks the running daemon for, through rows in the archive."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import structlog

from crawler.app import App
from crawler.daemon.rounds import log_unreachable, poll_round
from crawler.engine.embedded import GRACE_SECONDS, Engine
from crawler.model import Feed, Poll, PollRequest, Source
from crawler.monitoring.network import Network
from crawler.monitoring.poll_log import facts_of
from crawler.polling import schedule
from crawler.polling.closing import FeedKey

log = structlog.get_logger("rasd")
IN_HAND_SECONDS = 0.2  # between two looks whether a poll that is under way is over
Feeds = Sequence[tuple[Source, Feed]]


class AskedPolls:
    """Takes requests and answers them, each beside the rounds of what is due."""

    def __init__(self, app: App, engine: Engine, network: Network) -> None:
        self._app, self._engine, self._network = app, engine, network
        self._tasks: set[asyncio.Task[None]] = set()

    async def take(self) -> None:
        """Begin to answer what was asked since the last call."""
        taken = await self._app.writer.soon(
            partial(self._app.poll_requests.take, self._app.clock())
        )
        for request in taken:
            log.info("a poll was asked for", sources=" ".join(request.sources) or "all")
            task = asyncio.create_task(self._answer(request))
            self._tasks.add(task)
            task.add_done_callback(self._done)

    async def idle(self) -> None:
        """Return when every request that was taken is answered."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    async def stop(self) -> None:
        """Answer with what there is: the polls under way end with the engine."""
        if self._tasks:
            await asyncio.wait(set(self._tasks), timeout=GRACE_SECONDS)
        for task in self._tasks:
            task.cancel()

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("a poll that was asked for broke", exc_info=error)

    async def _answer(self, request: PollRequest) -> None:
        watched = self._app.seeds.sources
        unknown = [slug for slug in request.sources if slug not in watched]
        chosen = request.sources or tuple(watched)
        feeds = [(watched[slug], feed) for slug in chosen if slug in watched
                 for feed in watched[slug].feeds]  # fmt: skip
        polls: list[Poll] = []
        refusal = f"no source {unknown[0]!r} in the seeds in use" if unknown else ""
        try:
            if not unknown:
                polls = await self._polls(feeds)
        except Exception as error:
            refusal = f"the poll broke: {type(error).__name__}: {error}"[:300]
            raise
        finally:
            answer = {"polls": [facts_of(poll) for poll in polls], "refusal": refusal}
            await self._write(request, answer)

    async def _write(self, request: PollRequest, answer: dict[str, Any]) -> None:
        write = self._app.poll_requests.answer
        await self._app.writer.soon(partial(write, request.id, answer, self._app.clock()))

    async def _polls(self, feeds: Feeds) -> list[Poll]:
        """The polls of these feeds, one per host at a time; of a feed that is in hand already, the
        poll that is under way counts."""
        heard: dict[FeedKey, Poll] = {}
        left = {(source.slug, feed.url): (source, feed) for source, feed in feeds}
        with self._engine.listening(lambda poll: heard.update({(poll.source, poll.feed): poll})):
            while left and not self._app.stopping:
                wave = self._free(left)
                if wave:
                    log_unreachable(
                        await poll_round(self._engine, list(wave.values())), self._network
                    )
                else:
                    await asyncio.sleep(IN_HAND_SECONDS)
                left = {k: f for k, f in left.items() if k not in heard and k not in wave}
        return [poll for key, poll in heard.items() if key in {(s.slug, f.url) for s, f in feeds}]

    def _free(
        self, left: Mapping[FeedKey, tuple[Source, Feed]]
    ) -> dict[FeedKey, tuple[Source, Feed]]:
        """The first feed of each host of which no poll is in hand."""
        busy = {schedule.host_of(url) for _, url in self._engine.in_hand}
        wave: dict[FeedKey, tuple[Source, Feed]] = {}
        for key, feed in left.items():
            if (host := schedule.host_of(key[1])) not in busy:
                busy.add(host)
                wave[key] = feed
        return wave
