"""What the daemon does for its archive and its clock: folds the log in, looks for damage, and pulls
times back that a wrong clock wrote. Its findings are about the watch itself.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import structlog

from crawler.app import App
from crawler.daemon.jobs import Jobs
from crawler.errors import StorageError
from crawler.model import Finding, FindingKind
from crawler.monitoring.health import ClockJump

log = structlog.get_logger("rasd")
TOLD_FOR = timedelta(days=1)  # what is over already: the next digest tells it …
OUTAGE_TOLD_FOR = timedelta(hours=1)  # … but for an outage two lines of the log …
MIN_TOLD_SECONDS = 60.0  # … are enough if it was short
JUMP_SECONDS = 60.0  # between two looks; time services correct a clock by less
MAX_JUMPS = 50  # remembered; a clock that is set more often is no measure of silence anyway
INDEXING_SECONDS = 5.0  # at a time, of an index that is being made
QUIET_LOOKS = 2  # ticks in a row with nothing in hand, then the archive's log is folded in


def elapsed() -> float:
    """Seconds by a clock that no one sets and that goes on while the machine sleeps."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


class ClockGuard:
    """Notices when the clock is set: it then differs from one that can't be set."""

    def __init__(self, clock: Callable[[], datetime], ticks: Callable[[], float] = elapsed) -> None:
        self._clock, self._ticks = clock, ticks
        self._seen = clock(), ticks()
        self.jumps: tuple[ClockJump, ...] = ()  # the newest MAX_JUMPS, the oldest first

    def jump(self) -> float:
        """By how many seconds the clock was set since the last call; 0.0 if by less than
        JUMP_SECONDS. A machine that slept has set no clock."""
        (at, ticks), now = self._seen, (self._clock(), self._ticks())
        self._seen = now
        by = (now[0] - at).total_seconds() - (now[1] - ticks)
        if abs(by) < JUMP_SECONDS:
            return 0.0
        jump = ClockJump(at=now[0], by=timedelta(seconds=by))
        self.jumps = (*self.jumps, jump)[-MAX_JUMPS:]
        return by


async def guard_clock(
    app: App, guard: ClockGuard, jobs: Jobs, check: Callable[[], Awaitable[None]]
) -> None:
    """Until it is cancelled: if the clock was set, have every job, for they are planned by it, run
    now and be planned anew. The waits between two looks are by a clock that no one sets."""
    handled: ClockJump | None = None
    while True:
        await asyncio.sleep(app.config.tick_seconds)
        guard.jump()
        if guard.jumps and (last := guard.jumps[-1]) is not handled:
            handled = last
            log.warning("the clock jumped", seconds=round(last.by.total_seconds()))
            jobs.run_now()
            await check()


class Upkeep:
    """The findings that it makes stay until they are mended, or for TOLD_FOR if they are over."""

    def __init__(self, app: App) -> None:
        self._app = app
        self.clock_guard = ClockGuard(app.clock)
        self._standing: dict[str, Finding] = {}  # by kind: until it is mended
        self._over: list[
            tuple[datetime, Finding]
        ] = []  # each with when it was told for long enough
        self._quiet = 0
        app.watch.on_over = self._outage_over

    def findings(self) -> list[Finding]:
        """What is wrong, and what was within the last day; at most one of each kind."""
        now = self._app.clock()
        self._over = [(until, f) for until, f in self._over if f.opened_at <= now < until]
        over = [f for _, f in self._over]
        return list({f.kind: f for f in (*over, *self._standing.values())}.values())

    async def fold(self, busy: bool) -> None:
        """Fold the archive's log into its file once nothing was in hand for some ticks."""
        self._quiet = 0 if busy else self._quiet + 1
        place = self._app.place
        if self._quiet >= QUIET_LOOKS and place.unfolded_bytes():
            await asyncio.to_thread(place.fold)

    def inspect(self) -> None:
        """Read the whole archive and look for damage. Blocks, for minutes if it is large."""
        self._judge("damaged", self._app.place.damage())
        self._judge("index", self._app.place.index_damage())

    def look_at_index(self) -> None:
        """If the index was found damaged, look whether it has been made anew meanwhile; then add
        what was kept in between. Blocks."""
        if self._app.place.index_is_suspect:
            problem = self._app.place.index_damage()
            if problem:
                self._judge("index", problem)
            else:
                self._app.place.fill_index()
                self._judge("index", "")

    def go_on_with_index(self) -> None:
        """Go on for INDEXING_SECONDS with a full-text index that is being made. Blocks."""
        place = self._app.place
        before = place.index_progress()
        if before is None:
            return
        place.complete_index(INDEXING_SECONDS)
        if place.index_progress() is None:
            log.info("the full-text index is made", articles=before.articles)

    def pull_back(self) -> None:
        """Pull back the times that lie further ahead than any rule allows. Blocks."""
        now = self._app.clock()
        counts = self._app.clock_repair.pull_back(now)
        if not counts:
            return
        self._app.hosts.forget()
        what = ", ".join(f"{number} of {name}" for name, number in counts.items())
        proof = f"the clock jumped: times lay further ahead than any rule allows ({what})"
        self._tell(Finding(source="", kind="clock", proof=proof, opened_at=now), now + TOLD_FOR)

    def _judge(self, kind: FindingKind, problem: str) -> None:
        if not problem:
            self._standing.pop(kind, None)
        elif kind not in self._standing:
            now = self._app.clock()
            self._standing[kind] = Finding(source="", kind=kind, proof=problem, opened_at=now)

    def _outage_over(self, error: StorageError, since: datetime, seconds: float) -> None:
        if seconds < MIN_TOLD_SECONDS:
            return
        proof = f"for {seconds:.0f} seconds the archive could not be used: {error.detail}"
        until = self._app.clock() + OUTAGE_TOLD_FOR
        self._tell(Finding(source="", kind="storage", proof=proof, opened_at=since), until)

    def _tell(self, finding: Finding, until: datetime) -> None:
        self._over = [(at, f) for at, f in self._over if f.kind != finding.kind]
        self._over.append((until, finding))
