"""The daemon's jobs: what runs at which times, beside the other jobs and never beside itself.

APScheduler calls them; what they do is decided by the archive's rows. What breaks a job is logged,
and it runs again at its next time.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from crawler.app import App
from crawler.errors import StorageError
from crawler.monitoring.spells import kind_of
from crawler.seeds.digests import DigestRecipe

log = structlog.get_logger("rasd")
TICK, CHECK = "tick", "check"
LATE_SECONDS = 86_400  # a digest missed by less than a day is still sent (the default is 1 s)
_DIGEST = "digest:"
Work = Callable[[], Awaitable[None]]


class Jobs:
    """``ended`` is called with a job's name when it is over, also if it broke; ``leaving`` is set
    once the daemon stops."""

    def __init__(self, app: App, ended: Callable[[str], None], leaving: threading.Event) -> None:
        self._app, self._ended, self._leaving = app, ended, leaving
        self._scheduler = AsyncIOScheduler(
            timezone="UTC",
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": LATE_SECONDS},
        )

    def plan(
        self, name: str, work: Work, every_seconds: float, first_at: datetime | None = None
    ) -> None:
        """Run this every so many seconds; for the first time then, or after one interval."""
        when = {"next_run_time": first_at} if first_at is not None else {}
        trigger = IntervalTrigger(seconds=every_seconds)
        self._scheduler.add_job(self.run, trigger, args=(name, work), id=name, **when)

    def plan_digests(self, recipes: Iterable[DigestRecipe], work: Work) -> None:
        """Run this at the hour of each of these digests, and at no other's."""
        for job in self._scheduler.get_jobs():
            if job.id.startswith(_DIGEST):
                job.remove()
        for recipe in recipes:
            hour = CronTrigger(
                hour=recipe.hour.hour, minute=recipe.hour.minute, timezone=recipe.timezone
            )
            name = f"{_DIGEST}{recipe.slug}"
            self._scheduler.add_job(self.run, hour, args=(name, work), id=name)

    def run_now(self, *names: str) -> None:
        """Run these at once, all if none is named, and from then on as planned."""
        for job in self._scheduler.get_jobs():
            if not names or job.id in names:
                job.modify(next_run_time=self._app.clock())

    def start(self) -> None:
        """From now on they run."""
        self._scheduler.start()

    def stop(self) -> None:
        """None begins any more."""
        self._scheduler.shutdown(wait=False)

    async def run(self, name: str, work: Work) -> None:
        """Run a job now. While the archive can't be used only the tick runs: it looks whether it
        can be used again."""
        if self._app.archive_is_out and name != TICK:
            return
        try:
            await work()
        except StorageError as error:
            self._app.watch.report(error)
        except asyncio.CancelledError:
            if not self._leaving.is_set():  # a stop cuts jobs off; the scheduler would log that
                raise
        except Exception as error:
            if self._app.spells.failed(("job", name), kind_of(error)):
                log.exception("a scheduled job broke", job=name)
        else:
            if ended := self._app.spells.worked(("job", name)):
                log.warning(
                    "a scheduled job works again",
                    job=name,
                    times=ended.times,
                    seconds=ended.seconds,
                )
        self._ended(name)
