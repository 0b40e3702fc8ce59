"""The loop: what is due is polled, digests go out at their hour, a stop loses nothing.

APScheduler only ticks; *what* is due is always computed from rows, so a process that was killed,
suspended or upgraded goes on where the archive says, and whatever is overdue runs once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from crawler import outbox
from crawler.app import App
from crawler.daemon import canary
from crawler.daemon.rounds import Round, poll_round, say_unreachable
from crawler.digest import schedule as digest_schedule
from crawler.engine.embedded import GRACE_SECONDS, Engine
from crawler.model import Feed, FeedState, Finding, Poll, Source
from crawler.polling import schedule

log = structlog.get_logger("rasd")
OUTBOX_SECONDS = 30  # how often deferred mail is looked at; its own back-off decides
CANARY_SECONDS = 3600
FIRST_CANARY_SECONDS = 5  # after the first polls were given out
CHECK_SECONDS = 300  # how often the sources' health is judged
LATE_SECONDS = 86_400  # a digest missed by less than a day is still sent (the default is 1 s)


class Daemon:
    """``rasd run`` and, for one round, ``rasd poll``."""

    def __init__(self, app: App, engine: Engine) -> None:
        self.app, self.engine = app, engine
        self._rounds: set[asyncio.Task[Round]] = set()
        self._online = True
        self._watched: dict[tuple[str, str], tuple[Source, Feed]] | None = None
        self._watching = False
        self._ours: list[Finding] = []  # what the last canary found
        self._mailing = asyncio.Lock()

    async def run(self, stop: asyncio.Event) -> int:
        """Until ``stop``; then up to 10 s to end cleanly. 0."""
        await self.engine.prove_guard()
        self.app.reader.start()
        recovered = self.app.archive.recover_messages(self.app.clock())
        log.info("started", sources=len(self.app.sources), archive=self.app.config.archive)
        if recovered:
            log.warning("mails whose delivery is unknown after a crash", count=recovered)
        scheduler = self._schedule()
        scheduler.start()
        self._watching = True
        await stop.wait()
        log.info("stopping", polls_in_hand=len(self.engine.in_hand))
        scheduler.shutdown(wait=False)
        await asyncio.gather(self.engine.stop(), self._mail_in_hand())
        log.info("stopped")
        return 0

    async def _mail_in_hand(self) -> None:
        """Let a delivery end: cut off, nobody could say whether the server has it."""
        with suppress(TimeoutError):
            async with asyncio.timeout(GRACE_SECONDS):
                await self._mailing.acquire()

    async def once(self, stop: asyncio.Event, chosen: set[str], everything: bool) -> int:
        """One round over these sources (none named: all): 1 if nothing could be polled."""
        sources = [s for s in self.app.seeds.sources.values() if not chosen or s.slug in chosen]
        states = {(s.source, s.feed): s for s in self.app.archive.feed_states()}
        now = self.app.clock()
        feeds = [
            (source, feed)
            for source in sources
            for feed in source.feeds
            if everything or chosen or schedule.is_due(_state(states, source, feed), now)
        ]
        if not feeds:
            log.info("nothing is due", sources=len(sources))
            return 0
        await self.engine.prove_guard()
        self.app.reader.start()
        round_ = asyncio.create_task(self._waves(sources, feeds))
        stopped = asyncio.create_task(stop.wait())
        await asyncio.wait({round_, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if not round_.done():
            await self.engine.stop()
            return 0
        stopped.cancel()
        result = round_.result()
        self._look_after()
        log.info("round", feeds=len(feeds), answered=len(result.answered), new=result.new)
        return 0 if result.answered else 1

    async def _waves(
        self, sources: Sequence[Source], feeds: Sequence[tuple[Source, Feed]]
    ) -> Round:
        """These feeds, one of a host at a time; then, once, the other feeds of a source with a gap
        that opened meanwhile."""
        whole = Round(len(feeds))
        for wave in (*schedule.waves(feeds), None):
            if wave is None:
                wave = self._backfill(sources, whole.polls)
            if wave and not self.app.stopping:
                whole.polls += (await poll_round(self.app, self.engine, wave)).polls
        say_unreachable(whole)
        return whole

    def _backfill(
        self, sources: Sequence[Source], polls: Sequence[Poll]
    ) -> list[tuple[Source, Feed]]:
        """Feeds that may cover a gap that was opened after they were asked."""
        asked_at = {(p.source, p.feed): p.started_at for p in polls}
        missing = {gap.source: gap for gap in self.app.coverage.gaps()}
        feeds = [
            (source, feed)
            for source in sources
            if (gap := missing.get(source.slug)) is not None
            for feed in source.feeds
            if feed.url != gap.feed
            and (at := asked_at.get((source.slug, feed.url))) is not None
            and at < gap.opened_at
        ]
        waves = schedule.waves(feeds)
        return waves[0] if waves else []

    def _schedule(self) -> AsyncIOScheduler:
        scheduler = AsyncIOScheduler(
            timezone="UTC",
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": LATE_SECONDS},
        )
        now = self.app.clock()
        tick = IntervalTrigger(seconds=self.app.config.tick_seconds)
        scheduler.add_job(self._tick, tick, id="tick", next_run_time=now)
        scheduler.add_job(
            self._mail, IntervalTrigger(seconds=OUTBOX_SECONDS), id="outbox", next_run_time=now
        )
        hourly = IntervalTrigger(seconds=CANARY_SECONDS)
        soon = now + timedelta(seconds=FIRST_CANARY_SECONDS)
        scheduler.add_job(self._canary, hourly, id="canary", next_run_time=soon)
        scheduler.add_job(self._check, IntervalTrigger(seconds=CHECK_SECONDS), id="check")
        for recipe in self.app.seeds.digests.values():
            at = CronTrigger(
                hour=recipe.hour.hour, minute=recipe.hour.minute, timezone=recipe.timezone
            )
            scheduler.add_job(self._mail, at, id=f"digest:{recipe.slug}")
        return scheduler

    async def _tick(self) -> None:
        """Start a round for what is due and not in hand; it goes on beside later ticks."""
        if feeds := self._due():
            task = asyncio.create_task(poll_round(self.app, self.engine, feeds))
            self._rounds.add(task)
            task.add_done_callback(self._round_done)

    def _due(self) -> list[tuple[Source, Feed]]:
        """What is due, by the archive's rows: only those are read that are."""
        now = self.app.clock()
        if self._watched is None:
            self._watched = {
                (source.slug, feed.url): (source, feed)
                for source in self.app.seeds.sources.values()
                for feed in source.feeds
            }
            rows = self.app.archive.feed_states()
            self.engine.polled |= {(s.source, s.feed) for s in rows}
        watched = self._watched
        due_at: dict[tuple[str, str], datetime | None] = dict.fromkeys(
            watched.keys() - self.engine.polled
        )
        for state in self.app.archive.due_states(now):
            due_at[state.source, state.feed] = state.next_poll_at
        waiting = [(at, *watched[key]) for key, at in due_at.items() if key in watched]
        busy = {schedule.host_of(feed) for _, feed in self.engine.in_hand}
        return list(schedule.pick(waiting, now, not_before=self.app.not_before(), busy=busy))

    def _round_done(self, task: asyncio.Task[Round]) -> None:
        self._rounds.discard(task)
        if task.cancelled():
            return
        if error := task.exception():
            log.error("a round of polls broke", exc_info=error)
        elif task.result().polls:
            say_unreachable(task.result(), was_online=self._online)
            self._online = not task.result().offline

    def _look_after(self) -> None:
        """Judge the sources; a line for each finding that is new."""
        before = {(f.source, f.kind) for f in self.app.coverage.findings()}
        now = self.app.clock()
        ours = self._ours
        if self._watching and not ours:  # a single round sends none, and misses none
            ours = canary.stale(self.app.canaries.heard(), now)
        for finding in self.app.health_check.run(self.app.seeds.sources.values(), now, ours):
            if (finding.source, finding.kind) not in before:
                log.warning(
                    "found", source=finding.source or "us", kind=finding.kind, proof=finding.proof
                )

    async def _check(self) -> None:
        """Beside the loop: thousands of sources take seconds to judge, and polls must not wait."""
        await asyncio.get_running_loop().run_in_executor(None, self._look_after)

    async def _canary(self) -> None:
        """Every hour: what breaks on our way is found before a reader misses it."""
        self._ours = await canary.run(self.app, self.engine, self._mailing)
        await self._check()

    async def _mail(self) -> None:
        """Queue what is due, deliver what is queued."""
        async with self._mailing:
            queued = await self.app.outbox.queue_due()
            done = await self.app.outbox.deliver()
        if queued or done:
            log.info("mail", issues=queued, delivered=outbox.summary(done))


def _state(states: Mapping[tuple[str, str], FeedState], source: Source, feed: Feed) -> FeedState:
    fresh = FeedState(source=source.slug, feed=feed.url)
    return states.get((source.slug, feed.url), fresh)


def next_digest(app: App, now: datetime) -> datetime | None:
    """When the next digest of any recipe goes out."""
    times = [
        digest_schedule.next_due_at(now, r.hour, r.timezone) for r in app.seeds.digests.values()
    ]
    return min(times, default=None)
