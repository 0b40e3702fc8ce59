"""When a digest is due: pure functions of the recipe's hour and a clock that is passed in.

An issue is keyed by its slot, the local date, so an hour that happens twice sends one issue and a
process that was down sends the missed one when it is back.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo


def slot(now: datetime, hour: time, zone: str) -> str:
    """The local date (ISO) whose digest is due at ``now``: today's from its hour on, before that
    yesterday's."""
    return due_at(now, hour, zone).astimezone(ZoneInfo(zone)).date().isoformat()


def due_at(now: datetime, hour: time, zone: str) -> datetime:
    """The latest moment, not after ``now``, at which the day's digest was due; aware UTC."""
    moment = _moment(now, hour, zone, 0)
    return moment if moment <= now else _moment(now, hour, zone, -1)


def next_due_at(now: datetime, hour: time, zone: str) -> datetime:
    """The next moment after ``now`` at which a digest is due; aware UTC."""
    moment = _moment(now, hour, zone, 0)
    return moment if moment > now else _moment(now, hour, zone, 1)


def _moment(now: datetime, hour: time, zone: str, days: int) -> datetime:
    """The hour on the local date of ``now`` plus ``days``, as UTC: two local times of one zone
    compare by their wall clocks, which is wrong in an hour that happens twice."""
    there = ZoneInfo(zone)
    date = now.astimezone(there).date() + timedelta(days=days)
    return datetime.combine(date, hour, there).astimezone(UTC)
