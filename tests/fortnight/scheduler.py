"""In the place of APScheduler's: the daemon's jobs run when the virtual clock has reached their hour.

As under APScheduler a job whose hours went by unseen runs once, and never beside itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

Job = Callable[..., Awaitable[None]]


@dataclass(slots=True)
class _Planned:
    job: Job
    args: Sequence[Any]
    trigger: Any
    at: datetime


class VirtualScheduler:
    """What the daemon uses of ``AsyncIOScheduler``; ``run_due`` is the passing of time."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._planned: dict[str, _Planned] = {}
        self.is_running = False

    def add_job(
        self,
        job: Job,
        trigger: Any,
        *,
        args: Sequence[Any] = (),
        id: str,
        next_run_time: datetime | None = None,
        **more: Any,
    ) -> None:
        """Plan a job."""
        now = self._clock()
        at = next_run_time or trigger.get_next_fire_time(now, now)
        self._planned[id] = _Planned(job, args, trigger, at)

    def start(self) -> None:
        """From now on ``run_due`` runs jobs."""
        self.is_running = True

    def shutdown(self, wait: bool = True) -> None:
        """No job runs any more."""
        self.is_running = False

    async def run_due(self) -> None:
        """Run each job whose hour has come, together, and wait for them."""
        now = self._clock()
        due = [p for p in self._planned.values() if self.is_running and p.at <= now]
        for planned in due:
            planned.at = planned.trigger.get_next_fire_time(now, now)
        await asyncio.gather(*(p.job(*p.args) for p in due))
