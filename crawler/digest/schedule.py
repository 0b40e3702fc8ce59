"""What is due when: pure policy over rows and a clock that is passed in.

Due-ness is a row (``FeedState.next_poll_at``), never a job: what a killed process forgot is found
again at the next tick. Nothing here is ever disabled by itself; a failing feed only waits longer.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo


def slot(now: datetime, hour: time, zone: str) -> str:
    """The local date whose digest is due at ``now``: today's once its hour has come, else
    yesterday's. Keyed by date, so that an hour that happens twice sends once."""
    return due_at(now, hour, zone).astimezone(ZoneInfo(zone)).date().isoformat()


def due_at(now: datetime, hour: time, zone: str) -> datetime:
    """The latest moment, not after ``now``, at which the day's digest was due; aware UTC."""
    moment = _moment(now, hour, zone, 0)
    return moment if moment <= now else _moment(now, hour, zone, -1)


def next_due_at(now: datetime, hour: time, zone: str) -> datetime:
    """When the next digest goes out; aware UTC, after ``now``."""
    moment = _moment(now, hour, zone, 0)
    return moment if moment > now else _moment(now, hour, zone, 1)


def _moment(now: datetime, hour: time, zone: str, days: int) -> datetime:
    """The hour of the local date of ``now``, some days on. Compared in UTC by the callers: two
    local times of one zone compare by their wall clocks, wrongly in an hour that happens twice."""
    there = ZoneInfo(zone)
    date = now.astimezone(there).date() + timedelta(days=days)
    return datetime.combine(date, hour, there).astimezone(UTC)
