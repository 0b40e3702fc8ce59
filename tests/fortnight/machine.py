"""The desk's machine: the daemon in this process on the virtual clock, or ``rasd run`` for a while.

In this process the daemon is what ``rasd run`` starts; only the clock and APScheduler are ours.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import structlog.testing
from pytest import MonkeyPatch

from crawler import app as apps
from crawler.config import load
from crawler.daemon import jobs, upkeep
from crawler.daemon.loop import Daemon
from crawler.daemon.upkeep import ClockGuard
from crawler.engine.embedded import Engine
from crawler.monitoring.outage import ArchiveWatch
from tests import engine, forks
from tests.fortnight.clock import VirtualClock
from tests.fortnight.scheduler import VirtualScheduler

SETTLING = timedelta(seconds=10)  # the first polls, and the first canary
WRITING = ("INSERT", "UPDATE", "DELETE", "PRAGMA user_version =")
PROCESS_SECONDS = 300.0  # for a process to do what is waited for, on a machine that others use


class Machine:
    """One installation and who is at work on it."""

    def __init__(self, config: Path, clock: VirtualClock) -> None:
        self.config, self.clock = config, clock
        self.lines: list[Any] = []  # of the daemon's log, in this process
        self.disk_is_full = False
        self.daemon: Daemon | None = None
        self._scheduler = VirtualScheduler(clock)
        self._stop = asyncio.Event()
        self._run: asyncio.Task[int] | None = None
        self._open = ExitStack()

    @property
    def archive(self) -> Path:
        """The archive's file."""
        return self.config.parent / "var" / "rasd.sqlite"

    def rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """What an SQL statement selects, read beside whoever is at work."""
        opened = sqlite3.connect(f"file:{self.archive}?mode=ro", uri=True, timeout=60)
        try:
            return opened.execute(statement, values).fetchall()
        finally:
            opened.close()

    # ── in this process ───────────────────────────────────────────────────────────────────────

    def start(self) -> None:
        """Start the daemon; its first jobs run when time passes."""
        patched = self._open.enter_context(MonkeyPatch.context())
        patched.setattr(apps, "now", self.clock)
        self._scheduler = VirtualScheduler(self.clock)
        patched.setattr(jobs, "AsyncIOScheduler", lambda **more: self._scheduler)
        elapsed = self.clock.elapsed
        patched.setattr(upkeep, "ClockGuard", lambda clock: ClockGuard(clock, elapsed))
        patched.setattr(apps, "ArchiveWatch", lambda *of: ArchiveWatch(*of, elapsed))
        app = self._open.enter_context(apps.open_app(load(self.config), locked=True))
        _fail_when(app.archive.engine, lambda: self.disk_is_full)
        self.daemon = daemon = Daemon(app, Engine(app))
        self._stop = asyncio.Event()
        engine.run(self._begin(daemon))
        self.clock.forward_to(self.clock.now() + SETTLING)
        self.work()

    def pass_time(self, until: datetime, step: timedelta) -> None:
        """Let the daemon work until then, step by step."""
        while self.clock.now() < until:
            self.clock.forward_to(min(self.clock.now() + step, until))
            self.work()

    def work(self) -> None:
        """Have the daemon do what is due by its clock."""
        engine.run(self._work())

    def said(self, event: str) -> list[Any]:
        """The lines of the daemon's log of one event."""
        return [line for line in self.lines if line["event"] == event]

    def notice(self) -> None:
        """Have the daemon look twice, as it does at files that may still be written."""
        for _ in range(2):
            self.clock.forward_to(self.clock.now() + SETTLING)
            self.work()

    def await_line(self, event: str, count: int) -> None:
        """Wait until the daemon has logged this so often, which it does by itself."""
        self.await_that(lambda: len(self.said(event)) >= count, f"{count} lines: {event}")

    def stop(self) -> None:
        """End the daemon as SIGTERM does."""
        assert self._run is not None
        self._stop.set()
        assert engine.run(self._ending(self._run)) == 0
        self.daemon = None
        self._open.close()

    def end(self) -> None:
        """End the daemon if it runs."""
        if self.daemon is not None:
            self.stop()

    async def _begin(self, daemon: Daemon) -> None:
        with self._listening():
            self._run = asyncio.ensure_future(daemon.run(self._stop))
            while not self._scheduler.is_running and not self._run.done():
                await asyncio.sleep(0.01)
        if self._run.done():
            self._run.result()

    async def _work(self) -> None:
        assert self.daemon is not None and self._run is not None
        with self._listening():
            await self._scheduler.run_due()
            await engine.rounds_of(self.daemon)
            await self.daemon.app.writer.drain()
        assert not self._run.done(), "the daemon has ended"

    async def _ending(self, run: asyncio.Task[int]) -> int:
        with self._listening():
            return await run

    async def _until(self, is_so: Callable[[], bool], what: str) -> None:
        for _ in range(int(PROCESS_SECONDS / 0.05)):
            with self._listening():
                await asyncio.sleep(0.05)
            if is_so():
                return
        raise AssertionError(f"not within {PROCESS_SECONDS:.0f} s: {what}")

    @contextmanager
    def _listening(self) -> Iterator[None]:
        with structlog.testing.capture_logs() as lines:
            yield
        self.lines += ({"at": self.clock.now()} | line for line in lines)

    # ── as a process ──────────────────────────────────────────────────────────────────────────

    def run_process(self, *words: str) -> forks.Command:
        """Start the installed ``rasd`` with these words, on the system's clock."""
        return forks.begin(["--config", str(self.config), *words], cwd=self.config.parent)

    def end_process(self, command: forks.Command) -> None:
        """End it by SIGTERM; it must end well."""
        os.kill(command.pid, signal.SIGTERM)
        assert command.wait(PROCESS_SECONDS) == 0, command.said("err")

    def say(self, *words: str) -> str:
        """Run a verb to its end; what it printed."""
        done = forks.run(["--config", str(self.config), *words], cwd=self.config.parent)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def await_that(self, is_so: Callable[[], bool], what: str) -> None:
        """Wait until this is so."""
        engine.run(self._until(is_so, what))


def _fail_when(of: sa.Engine, is_full: Callable[[], bool]) -> None:
    """Have SQLite refuse every write while this is so, as it does on a full disk."""

    def execute(cursor: Any, statement: str, *rest: Any) -> None:
        if is_full() and statement.startswith(WRITING):
            error = sqlite3.OperationalError("database or disk is full")
            error.sqlite_errorcode, error.sqlite_errorname = sqlite3.SQLITE_FULL, "SQLITE_FULL"
            raise error

    for event in ("do_execute", "do_executemany"):
        sa.event.listen(of, event, execute)
