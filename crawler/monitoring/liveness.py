"""Whether a daemon is at work, since when, and how the last one ended. Pure.

Two things tell it: the archive's lock, which the system frees when its process dies, and the row
that a daemon writes once a minute at the end of a tick. ``rasd poll`` holds the lock as well, and
has no row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from crawler.model import DaemonRun

LivenessState = Literal["running", "stuck", "stopped", "failed", "vanished", "never"]
"""``stuck``: it holds the lock and does not tick. ``failed``: it ended with another code than 0.
``vanished``: it ended without a word, as after ``kill -9`` or a power cut."""
SILENT = timedelta(minutes=5)  # a tick a minute is written; the watchdog of deploy/ waits as long
_CUT_AT = 40  # characters of a host's name that are compared: PostgreSQL cuts names of programs


@dataclass(frozen=True, slots=True, kw_only=True)
class Liveness:
    """What is known of the daemon of an archive."""

    state: LivenessState
    run: DaemonRun | None = None  # of the daemon at work, or of the last one
    previous: DaemonRun | None = None  # the one before it

    @property
    def is_alive(self) -> bool:
        """Whether a daemon is at work and ticks."""
        return self.state == "running"


def judge(
    runs: Sequence[DaemonRun], holder: tuple[int, str] | None, now: datetime, trouble: str = ""
) -> Liveness:
    """What these runs, the newest first, and the holder of the lock (pid, host) tell.

    ``trouble``: what the daemon says is wrong with its archive; while there is something, it can't
    write that it ticks.
    """
    last = next(iter(runs), None)
    if last is None:
        return Liveness(state="never")
    previous = runs[1] if len(runs) > 1 else None
    return Liveness(state=_state(last, holder, now, trouble), run=last, previous=previous)


def ended(run: DaemonRun) -> LivenessState:
    """How a run ended that is over."""
    if run.ended_at is None:
        return "vanished"
    return "failed" if run.exit_code else "stopped"


def _state(
    run: DaemonRun, holder: tuple[int, str] | None, now: datetime, trouble: str
) -> LivenessState:
    if run.ended_at is not None or not _is_of(run, holder):
        return ended(run)
    return "running" if trouble or now - run.ticked_at <= SILENT else "stuck"


def _is_of(run: DaemonRun, holder: tuple[int, str] | None) -> bool:
    return holder is not None and (run.pid, run.host[:_CUT_AT]) == (holder[0], holder[1][:_CUT_AT])
