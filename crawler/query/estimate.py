"""What a query would have brought: an estimate from its counts by day. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

DAYS = 100  # a quarter, with a few days to spare: weekly and monthly events are in it


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """How much a query has found in ``DAYS`` days, both ends included, and on the worst of them.

    A day is one of UTC; an article stands on the day on which it was published or, if that is
    unknown, first seen.
    """

    since: date
    until: date
    found: int  # articles
    worst: int | None  # articles on the day with the most; None if not all were counted
    worst_on: date | None  # the latest such day; None if there is none, or it is not known
    doubtful: int  # those found that no topic flagged, though one nearly did
    archive_begins: date | None  # the first of the days of which the archive has an article
    is_exact: bool  # False: counting has stopped, and there may be more

    @property
    def days_archived(self) -> int:
        """Of how many of the days the archive can have articles, from its first one on."""
        return 0 if self.archive_begins is None else (self.until - self.archive_begins).days + 1


def first_day(today: date) -> date:
    """The first of the days that an estimate of ``today`` is about."""
    return today - timedelta(days=DAYS - 1)


def estimate(
    by_day: Mapping[date, int],
    today: date,
    *,
    doubtful: int = 0,
    archive_begins: date | None = None,
    at_least: int | None = None,
) -> Estimate:
    """The estimate that follows from a query's counts; days outside of the ``DAYS`` don't count.

    ``at_least``: not all could be counted, and so many were found; then no day is the worst.

    >>> found = estimate({date(2026, 11, 3): 9, date(2026, 11, 20): 1}, date(2026, 11, 30))
    >>> found.found, found.worst, found.worst_on.isoformat()
    (10, 9, '2026-11-03')
    """
    since = first_day(today)
    counted = {day: count for day, count in by_day.items() if count and since <= day <= today}
    worst_on = max(counted, key=lambda day: (counted[day], day), default=None)
    worst = counted[worst_on] if worst_on is not None else 0
    is_exact = at_least is None
    return Estimate(
        since=since,
        until=today,
        found=sum(counted.values()) if at_least is None else at_least,
        worst=worst if is_exact else None,
        worst_on=worst_on if is_exact else None,
        doubtful=doubtful,
        archive_begins=archive_begins,
        is_exact=is_exact,
    )
