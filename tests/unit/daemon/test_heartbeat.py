"""The row that says that a daemon is at work."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

from crawler.app import App
from crawler.daemon.heartbeat import BEAT_SECONDS, Heartbeat
from crawler.model import DaemonRun
from tests.builders import NOW


class Desk:
    """An app that remembers what is written, and two clocks that are set."""

    def __init__(self) -> None:
        self.now, self.ticks = NOW, 100.0
        self.written: list[tuple[Any, ...]] = []
        self.is_full = False
        runs = SimpleNamespace(begin=self.begin, tick=self.note("tick"), end=self.note("end"))
        writer = SimpleNamespace(soon=self.soon, later=lambda work, what: work())
        app = SimpleNamespace(clock=lambda: self.now, daemon_runs=runs, writer=writer)
        self.heart = Heartbeat(cast(App, app), lambda: self.ticks)

    def note(self, name: str) -> Callable[..., None]:
        return lambda *of: self.written.append((name, *of))

    def begin(self, run: DaemonRun) -> int:
        self.written.append(("begin", run.started_at, run.ticked_at))
        return 5

    async def soon(self, work: Callable[[], Any]) -> Any:
        if self.is_full:
            raise OSError("full")
        return work()

    def passes(self, seconds: float, *, by_the_clock: float | None = None) -> None:
        """Let time pass, by both clocks alike or not; then a tick ends."""
        self.ticks += seconds
        self.now += timedelta(seconds=seconds if by_the_clock is None else by_the_clock)
        asyncio.run(self.heart.beat())


def test_it_is_written_once_a_minute_and_at_the_end() -> None:
    """Not with each tick; the end has the exit code."""
    desk = Desk()
    for _ in range(24):
        desk.passes(5)
    desk.heart.end_later(0)
    begun, ended = NOW + timedelta(seconds=5), NOW + timedelta(seconds=120)
    assert desk.written == [
        ("begin", NOW, begun),
        ("tick", 5, NOW, begun + timedelta(seconds=BEAT_SECONDS)),
        ("end", 5, ended, 0),
    ]


def test_what_could_not_be_written_is_written_by_the_next_tick() -> None:
    """A disk that is full at the start; a daemon that never ticked has no end either."""
    desk = Desk()
    desk.is_full = True
    try:
        desk.passes(5)
    except OSError:
        desk.heart.end_later(74)
    assert desk.written == []
    desk.is_full = False
    desk.passes(5)
    assert desk.written == [("begin", NOW, NOW + timedelta(seconds=10))]


def test_a_clock_that_was_set_moves_the_start_with_it() -> None:
    """Alive for two minutes stays that, also if the clock was a year ahead; a machine that slept
    set no clock."""
    desk = Desk()
    desk.passes(60)
    desk.passes(60, by_the_clock=-31_536_000)
    assert desk.written[-1][2:] == (desk.now - timedelta(seconds=120), desk.now)
    desk.passes(28_800)
    assert desk.written[-1][3] - desk.written[-1][2] == timedelta(seconds=28_920)
