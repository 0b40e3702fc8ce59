"""The daemon's loop: it polls what is due and sends digests at their hour; a stop loses nothing.

Its jobs only tick. What is due is always computed from the archive's rows: a process that was
killed, suspended or upgraded continues there, and what is overdue runs once.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import structlog

from crawler import outbox
from crawler.app import App
from crawler.config.archive_url import shown
from crawler.daemon import backups, canary, hangup
from crawler.daemon.alarm import Alarm
from crawler.daemon.asked_polls import AskedPolls
from crawler.daemon.heartbeat import Heartbeat
from crawler.daemon.jobs import CHECK, TICK, Jobs
from crawler.daemon.live_watch import LiveWatch
from crawler.daemon.rounds import Round, backfill, log_unreachable, poll_round
from crawler.daemon.supervisor import Supervisor
from crawler.daemon.upkeep import Upkeep, guard_clock
from crawler.engine.embedded import GRACE_SECONDS, Engine
from crawler.errors import StorageError
from crawler.model import Feed, FeedState, Finding, Source
from crawler.monitoring import mail, offices
from crawler.monitoring.network import Network
from crawler.monitoring.spells import kind_of
from crawler.polling import schedule
from crawler.polling.closing import FeedKey

log = structlog.get_logger("rasd")
OUTBOX_SECONDS = 30  # how often deferred mail is looked at; its own back-off decides
CANARY_SECONDS = 3600
FIRST_CANARY_SECONDS = 5  # after the first polls were given out
BACKUP_SECONDS = 3600  # how often it is asked whether the latest backup is to be tested
INDEXING_EVERY_SECONDS = 10  # how often an index that is being made is gone on with
INSPECTION_SECONDS = 86_400  # how often the whole archive is read and looked at for damage
CHECK_SECONDS = 300  # how often the sources' health is judged
LET_GO_SECONDS = 1.0  # for a round that a stop cut off to notice it


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """What the archive's rows say at one moment."""

    now: datetime
    feeds: Mapping[FeedKey, datetime | None]  # due since when; None: never polled
    unpolled: set[FeedKey]  # feeds without a row
    holds: Mapping[str, datetime]  # hosts that asked not to be contacted before then


class Daemon:
    """``rasd run`` and, for one round, ``rasd poll``."""

    def __init__(self, app: App, engine: Engine) -> None:
        self.app, self.engine = app, engine
        self.rounds: set[asyncio.Task[Round]] = set()  # begun and not over
        self._network = Network()
        self._watch = LiveWatch(app, engine)
        self._asked = AskedPolls(app, engine, self._network)
        self._reload = False  # whether a look at the seeds was asked for
        self._watching = False
        self._stop: asyncio.Event | None = None
        self._canary_findings: list[Finding] = []  # of the last canary
        self._awake = canary.Awake()
        self._checking = asyncio.Lock()
        self._mailing = asyncio.Lock()
        self._leaving = threading.Event()  # set at a stop, for work in threads
        self.jobs = Jobs(app, self._job_ended, self._leaving)
        self.upkeep = Upkeep(app)
        self.alarm = Alarm(app.outbox.channels, app.clock, app.outbox.sender_domain, app.spells)
        self._supervisor = Supervisor.of(os.environ, os.getpid())
        self.heartbeat = Heartbeat(app)

    async def run(self, stop: asyncio.Event) -> int:
        """Run until ``stop`` is set, or the archive is another's, then end within 10 s. Returns the
        exit code, 0 unless the archive can't be used then."""
        hangup.listen(self._look_now, stop.set)
        await self.engine.prove_guard()
        self.app.reader.start()
        with suppress(StorageError):  # reported; both are done again with every check
            self.upkeep.pull_back()
            self.alarm.remember(self.app.alarm_recipients())
        kind = {"state": "new archive"} if self.app.archive.is_new else {}
        log.info(
            "started",
            sources=len(self.app.seeds.sources),
            archive=shown(self.app.config.archive),
            **kind,
        )
        backups.warn_of_hold(self.app)
        self._plan()
        self.jobs.start()
        self._watching, self._stop = True, stop
        check = partial(self.jobs.run, "clock", self._check)
        guard = self.upkeep.clock_guard
        guarding = asyncio.create_task(guard_clock(self.app, guard, self.jobs, check))
        self._supervisor.ready(self._state())
        await stop.wait()
        self._supervisor.stopping()
        self._leaving.set()
        log.info("stopping", polls_in_hand=len(self.engine.in_hand))
        guarding.cancel()
        self.jobs.stop()
        await asyncio.gather(
            self.engine.stop(),
            self._watch.rematcher.stop(),
            self._watch.indexer.stop(),
            self._asked.stop(),
            self._mail_in_hand(),
        )
        canary.forget_later(self.app)
        self.heartbeat.end_later(code := self._exit_code())
        log.info("stopped")
        return code

    def _exit_code(self) -> int:
        """0, or the code of what is wrong with the archive at the end."""
        outage, lost = self.app.watch.outage, self.app.watch.lost
        return lost.exit_code if lost is not None else outage.error.exit_code if outage else 0

    async def _mail_in_hand(self) -> None:
        """Let a delivery end: if it were cut off, its outcome would be unknown."""
        with suppress(TimeoutError):
            async with asyncio.timeout(GRACE_SECONDS):
                await self._mailing.acquire()

    async def once(self, stop: asyncio.Event, chosen: set[str], everything: bool) -> int:
        """Run one round over these sources, or over all if none is named.

        Returns the exit code: 1 if no feed could be polled.
        """
        sources = [s for s in self.app.seeds.sources.values() if not chosen or s.slug in chosen]
        self.upkeep.pull_back()
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
        await self._watch.seeds.keep()
        round_ = asyncio.create_task(self._waves(sources, feeds))
        stopped = asyncio.create_task(stop.wait())
        await asyncio.wait({round_, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if not round_.done():
            await self.engine.stop()
            await self._round_let_go(round_)
            return 0
        stopped.cancel()
        result = round_.result()
        await self._check()
        log.info("round", feeds=len(feeds), answered=len(result.answered), new=result.new)
        return 0 if result.answered else 1

    async def _round_let_go(self, round_: asyncio.Task[Round]) -> None:
        """Wait for a round that a stop cut off: log what broke it, cancel it if it hangs."""
        try:
            await asyncio.wait_for(round_, LET_GO_SECONDS)
        except TimeoutError:
            log.warning("a round was let go with downloads still open")
        except Exception:
            log.exception("a round of polls broke")

    async def _waves(
        self, sources: Sequence[Source], feeds: Sequence[tuple[Source, Feed]]
    ) -> Round:
        """Poll these feeds, one per host at a time; then, once, the other feeds of each source
        with a gap that opened meanwhile."""
        whole = Round()
        for wave in (*schedule.waves(feeds), None):
            if wave is None:
                gaps = await asyncio.to_thread(self.app.coverage.gaps)
                wave = backfill(sources, whole.polls, gaps)
            if wave and not self.app.stopping:
                whole.polls += (await poll_round(self.engine, wave)).polls
        log_unreachable(whole, self._network)
        return whole

    def _plan(self) -> None:
        """Plan every job; none runs yet."""
        now, plan = self.app.clock(), self.jobs.plan
        soon = now + timedelta(seconds=FIRST_CANARY_SECONDS)
        tick_seconds = self.app.config.tick_seconds
        if 0 < self._supervisor.watchdog_seconds < 2 * tick_seconds:
            log.warning(
                "the watchdog is shorter than two ticks",
                watchdog_seconds=self._supervisor.watchdog_seconds,
                tick_seconds=tick_seconds,
            )
        plan(TICK, self.tick, tick_seconds, now)
        plan("outbox", self._mail, OUTBOX_SECONDS, now)
        plan("canary", self._canary, CANARY_SECONDS, soon)
        plan(CHECK, self._check, CHECK_SECONDS)
        plan("backup", self._check_backup, BACKUP_SECONDS)
        plan("inspection", self._inspect, INSPECTION_SECONDS, soon)
        plan("indexing", self._index, INDEXING_EVERY_SECONDS, now)
        self._plan_digests()

    def _plan_digests(self) -> None:
        self.jobs.plan_digests(self.app.seeds.digests.values(), self._mail)

    def _job_ended(self, name: str) -> None:
        if name == TICK:  # also one that broke: it ended, and the next will come
            self._supervisor.ticked(self._state())

    def _state(self) -> str:
        """What the daemon does, in a line for the service manager."""
        if (outage := self.app.watch.outage) is not None:
            return f"the archive can't be used: {outage.text}"
        return f"watching {len(self._watch.feeds)} feeds, {len(self.engine.in_hand)} polls in hand"

    async def tick(self) -> None:
        """Start a round for what is due and not in hand; it goes on beside later ticks."""
        if not await asyncio.to_thread(self.app.watch.is_usable):
            await self._stand_still()
            return
        await self.alarm.over()
        await self.upkeep.fold(bool(self.engine.in_hand))
        self._awake.note(self.app.clock())
        await self.engine.write_again()
        await self._heed()
        in_hand = set(self.engine.in_hand)
        due = await asyncio.to_thread(self._read_due, self.app.clock())
        # A poll that ended while rows were read is not in hand any more, and was due in what was
        # read.
        feeds = self._choose(due, in_hand | self.engine.in_hand)
        if feeds:
            task = asyncio.create_task(poll_round(self.engine, feeds))
            self.rounds.add(task)
            task.add_done_callback(self._round_done)
        await self.heartbeat.beat()

    def _look_now(self) -> None:
        """Look at the seeds at once (SIGHUP)."""
        self._reload = True
        self.jobs.run_now(TICK)

    async def _heed(self) -> None:
        """Use seeds that changed, and begin the polls that another process asks for; it may ask for
        a source whose seed was just written."""
        if self._watching:
            await self._watch.begin(self.rounds)
        asked = await asyncio.to_thread(self.app.poll_requests.are_there)
        at_once, self._reload = self._reload or asked, False
        heard = await self._watch.heed(self.rounds, at_once=at_once)
        if heard.changed:
            self._plan_digests()
        if heard.judged:
            self.jobs.run_now(CHECK)
        if asked:
            await self._asked.take()

    async def _stand_still(self) -> None:
        """The archive can't be used: let the polls in hand go; end if it is another's now."""
        if self.app.watch.lost is not None and self._stop is not None:
            self._stop.set()
        if self.engine.in_hand:
            self.engine.let_go()
        if (outage := self.app.watch.outage) is not None:
            await self.alarm.tell(outage)

    def _read_due(self, now: datetime) -> Due:
        """What the archive's rows say is due.

        Of the feeds that work only those are read that are.
        """
        unpolled = self._watch.unpolled
        if unpolled:
            states = self.app.archive.states_of(list(unpolled))
            unpolled = {key for key in unpolled if states[key].next_poll_at is None}
        due_at: dict[FeedKey, datetime | None] = dict.fromkeys(unpolled)
        for state in self.app.archive.due_states(now):
            due_at[state.source, state.feed] = state.next_poll_at
        return Due(now=now, feeds=due_at, unpolled=unpolled, holds=self.app.not_before())

    def _choose(self, due: Due, in_hand: Collection[FeedKey]) -> list[tuple[Source, Feed]]:
        """The feeds to poll now: due, not in hand, and none whose last poll is still to be written
        and whose back-off is not over."""
        self._watch.unpolled = due.unpolled
        waiting = dict(due.feeds) | self.engine.unwritten.poll_times()
        feeds = [
            (at, *self._watch.feeds[key])
            for key, at in waiting.items()
            if key in self._watch.feeds and key not in in_hand
        ]
        busy = {schedule.host_of(url) for _, url in in_hand}
        return list(schedule.pick(feeds, due.now, not_before=due.holds, busy=busy))

    def _round_done(self, task: asyncio.Task[Round]) -> None:
        self.rounds.discard(task)
        if task.cancelled():
            return
        if error := task.exception():
            if self.app.spells.failed("round", kind_of(error)):
                log.error("a round of polls broke", exc_info=error)
        elif task.result().polls:
            if ended := self.app.spells.worked("round"):
                log.warning("rounds of polls end again", times=ended.times, seconds=ended.seconds)
            log_unreachable(task.result(), self._network)

    async def _check(self) -> None:
        """Judge the sources' health beside the loop: thousands of sources take seconds."""
        async with self._checking:  # two at once would each log what is new
            self.upkeep.clock_guard.jump()  # also one that its own look has not met yet
            self.engine.unwritten.pull_back(self.app.clock())
            await asyncio.to_thread(self.upkeep.pull_back)
            await asyncio.to_thread(self.upkeep.look_at_index)
            ours = [
                *self._canary_findings,
                *self.engine.unwritten.findings(),
                *self._watch.findings(),
                *self.upkeep.findings(),
            ]
            self.alarm.remember(await asyncio.to_thread(self.app.alarm_recipients))
            await asyncio.to_thread(self._judge_health, ours)

    def _judge_health(self, ours: Sequence[Finding]) -> None:
        """Judge the sources and ourselves; log each finding that is new."""
        before = {(f.source, f.kind): f for f in self.app.coverage.findings()}
        now = self.app.clock()
        ours = [*ours, *backups.findings(self.app, now)]
        ours = [*ours, *offices.findings(self.app.seeds.concepts.values(), now)]
        if self._watching and not self._canary_findings:  # a single round sends no canary
            ours = [*ours, *canary.stale(self.app.canaries.heard(), now, self._awake.note(now))]
        ours = [*ours, *mail.findings(self.app.archive.mails(mail.OPEN_STATES), now)]
        jumps = self.upkeep.clock_guard.jumps
        for finding in self.app.health_check.run(self.app.seeds.sources.values(), now, ours, jumps):
            if (finding.source, finding.kind) not in before:
                log.warning(
                    "found", source=finding.source or "us", kind=finding.kind, proof=finding.proof
                )
            before.pop((finding.source, finding.kind), None)
        for source, kind in before.keys() - {
            (finding.source, finding.kind) for finding in self.app.coverage.findings()
        }:
            seconds = round((now - before[source, kind].opened_at).total_seconds())
            log.warning("found no more", source=source or "us", kind=kind, seconds=seconds)

    async def _index(self) -> None:
        """Go on with a full-text index that is being made, beside the loop."""
        await asyncio.to_thread(self.upkeep.go_on_with_index)

    async def _inspect(self) -> None:
        """Look for damage; what is found is a finding at once."""
        await asyncio.to_thread(self.upkeep.inspect)
        await self._check()

    async def _canary(self) -> None:
        """Send the canary: a fault on our own way is found before a reader misses anything."""
        self._canary_findings = await canary.run(self.app, self.engine, self._mailing)
        await self._check()

    async def _check_backup(self) -> None:
        """Test once a week that the latest backup can be restored."""
        await backups.check(self.app, self._leaving)

    async def _mail(self) -> None:
        """Queue the digests that are due and deliver all queued mail, unless mail is on hold."""
        if await asyncio.to_thread(self.app.mail_hold.current) is not None:
            return
        async with self._mailing:
            queued = await self.app.outbox.queue_due()
            done = await self.app.outbox.deliver()
        if queued or any(delivery.outcome != "deferred" for _, delivery in done):
            log.info("mail", issues=queued, delivered=outbox.summary(done))


def _state(states: Mapping[tuple[str, str], FeedState], source: Source, feed: Feed) -> FeedState:
    fresh = FeedState(source=source.slug, feed=feed.url)
    return states.get((source.slug, feed.url), fresh)
