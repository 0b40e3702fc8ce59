"""One life of a daemon, as the archive knows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DaemonRun:
    """A daemon from its start to its end.

    A process that was killed writes no end: its run stays open, and the next one follows it.
    """

    id: int = 0  # 0: not stored yet
    pid: int
    host: str
    version: str  # of rasd
    started_at: datetime
    ticked_at: datetime  # a tick that came to its end; written once a minute
    ended_at: datetime | None = None
    exit_code: int | None = None  # None: at work, or ended without a word
