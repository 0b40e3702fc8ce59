"""The row by which others know that a daemon is at work: its start, its ticks, its end."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from crawler import __version__
from crawler.app import App
from crawler.daemon.upkeep import elapsed
from crawler.model import DaemonRun

BEAT_SECONDS = 60.0  # between two writes: a tick every 5 s would be 17,000 commits a day
SET_SECONDS = 60.0  # a clock that was set by less leaves the start as it was written


class Heartbeat:
    """Writes at most once in BEAT_SECONDS, by a clock that no one sets."""

    def __init__(self, app: App, ticks: Callable[[], float] = elapsed) -> None:
        self._app, self._ticks = app, ticks
        self._began = ticks()
        self._started_at: datetime = app.clock()
        self._id = 0  # 0: not written yet
        self._beaten = self._began - BEAT_SECONDS

    async def beat(self) -> None:
        """Write that a tick came to its end, if it is time; StorageError if that fails."""
        if (ticks := self._ticks()) - self._beaten < BEAT_SECONDS:
            return
        now = self._app.clock()
        started_at = now - timedelta(seconds=ticks - self._began)
        if abs(started_at - self._started_at) > timedelta(seconds=SET_SECONDS):
            self._started_at = started_at
        runs = self._app.daemon_runs
        if self._id:
            await self._app.writer.soon(partial(runs.tick, self._id, self._started_at, now))
        else:
            self._id = await self._app.writer.soon(partial(runs.begin, self._run(now)))
        self._beaten = ticks

    def end_later(self, exit_code: int) -> None:
        """Have the writer write that the daemon ends, if it ever began."""
        if self._id:
            end = partial(self._app.daemon_runs.end, self._id, self._app.clock(), exit_code)
            self._app.writer.later(end, "the end of this daemon")

    def _run(self, now: datetime) -> DaemonRun:
        return DaemonRun(
            pid=os.getpid(),
            host=socket.gethostname(),
            version=__version__,
            started_at=self._started_at,
            ticked_at=now,
        )
