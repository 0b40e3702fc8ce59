"""What is due when: pure policy over rows and a clock that is passed in.

Due-ness is a row (``FeedState.next_poll_at``), never a job: what a killed process forgot is found
again at the next tick. Nothing here is ever disabled by itself; a failing feed only waits longer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from crawler.model import Feed, FeedState, Poll, Source

LONGEST_WAIT = timedelta(hours=24)  # a source that was down for a month is polled within a day


def is_due(state: FeedState, now: datetime) -> bool:
    """Whether a feed should be polled now; one never polled always is."""
    return state.next_poll_at is None or state.next_poll_at <= now


def due(
    sources: Iterable[Source], states: Mapping[tuple[str, str], FeedState], now: datetime
) -> Iterator[tuple[Source, Feed]]:
    """The feeds to poll now, the longest overdue first."""
    waiting = [
        (states[source.slug, feed.url].next_poll_at if (source.slug, feed.url) in states else None,
         source, feed)
        for source in sources
        for feed in source.feeds
    ]  # fmt: skip
    first = datetime.min.replace(tzinfo=UTC)
    for next_poll_at, source, feed in sorted(waiting, key=lambda row: row[0] or first):
        if next_poll_at is None or next_poll_at <= now:
            yield source, feed


def after(state: FeedState, poll: Poll, feed: Feed) -> FeedState:
    """The feed's state once this poll is closed: when to look again, and how often it failed.

    A failure waits one interval longer each time, up to a day (linear: a site's bad hour must not
    cost a day of stories). A 304 is a success only of a feed that worked before (it never heals).
    """
    every = timedelta(seconds=feed.every_seconds)
    healed = poll.outcome in ("new", "nothing_new") or (
        poll.outcome == "not_modified" and state.failures == 0
    )
    failures = 0 if healed else state.failures + 1
    wait = min(every * max(1, failures), LONGEST_WAIT)
    return replace(
        state,
        last_poll_at=poll.ended_at,
        last_success_at=poll.ended_at if healed else state.last_success_at,
        next_poll_at=poll.started_at + max(wait, timedelta(seconds=1)),
        failures=failures,
        last_outcome=poll.outcome,
    )


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
