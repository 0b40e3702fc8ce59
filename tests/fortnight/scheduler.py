"""In the place of APScheduler's: the daemon's jobs run when the virtual clock has reached their hour.

As under APScheduler a job whose hours went by unseen runs once, and never beside itself; and a clock
that is set back lets every job wait.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

Work = Callable[..., Awaitable[None]]


@dataclass(slots=True)
class Job:
    """What is planned, and when it runs next."""

    id: str
    work: Work
    args: Sequence[Any]
    trigger: Any
    at: datetime
    plan: dict[str, Job]

    def modify(self, *, next_run_time: datetime) -> None:
        """Run it then, and from then on as planned."""
        self.at = next_run_time

    def remove(self) -> None:
        """Never run it again."""
        self.plan.pop(self.id, None)


class VirtualScheduler:
    """What the daemon uses of ``AsyncIOScheduler``; ``run_due`` is the passing of time."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._plan: dict[str, Job] = {}
        self.is_running = False

    def add_job(
        self,
        work: Work,
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
        self._plan[id] = Job(id, work, args, trigger, at, self._plan)

    def get_jobs(self) -> list[Job]:
        """All that is planned."""
        return list(self._plan.values())

    def modify_job(self, id: str, *, next_run_time: datetime) -> None:
        """Run a job then, and from then on as planned."""
        self._plan[id].modify(next_run_time=next_run_time)

    def start(self) -> None:
        """From now on ``run_due`` runs jobs."""
        self.is_running = True

    def shutdown(self, wait: bool = True) -> None:
        """No job runs any more."""
        self.is_running = False

    async def run_due(self) -> None:
        """Run each job whose hour has come, together, and wait for them."""
        now = self._clock()
        due = [job for job in self._plan.values() if self.is_running and job.at <= now]
        for job in due:
            job.at = job.trigger.get_next_fire_time(now, now)
        await asyncio.gather(*(job.work(*job.args) for job in due))
