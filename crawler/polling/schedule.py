"""When feeds are polled: pure policy over rows and a clock that is passed in.

The time of a feed's next poll is a row (``FeedState.next_poll_at``), not a job: a killed process
loses none. No feed is ever disabled automatically; a failing feed only waits longer.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from crawler.model import Feed, FeedState, Poll, Reason, Source

LONGEST_WAIT = timedelta(hours=24)  # a source that was down for a month is polled within a day
LONGEST_INTERVAL = timedelta(hours=6)  # of a feed that works, however quiet
SHORTEST_INTERVAL = timedelta(minutes=1)  # a shorter one would be a burden to the site
WINDOW_SHARES = 4  # of a window, one may go by between polls: three quarters stay known
QUIET_KNOWN_SHARE = 0.95  # of the entries; from it on a poll counts as quiet
MAX_QUIET_POLLS = 5  # in a row; so many make the interval half as long again
FULL_POLL_INTERVAL = timedelta(hours=24)  # a 304 is believed for so long (P16)
JITTER_SHARE = 0.1  # of the interval: feeds that began together drift apart
_SOFT = frozenset({"blocked", "empty"})
_TEMPORARY: frozenset[Reason] = frozenset({
    "unreachable", "ssrf_blocked", "robots_unreachable", "tls_error", "timeout", "server_error",
    "rate_limited", "maintenance", "error_page", "reading_timeout", "reading_crashed",
})  # fmt: skip
"""Reasons that say little about the feed itself."""


def is_due(state: FeedState, now: datetime) -> bool:
    """Whether a feed should be polled now; one never polled always is."""
    return state.next_poll_at is None or state.next_poll_at <= now


def pick(
    waiting: Iterable[tuple[datetime | None, Source, Feed]],
    now: datetime,
    *,
    not_before: Mapping[str, datetime] | None = None,
    busy: Collection[str] = (),
) -> Iterator[tuple[Source, Feed]]:
    """Of feeds with the time of their next poll (None: never polled), those to poll now.

    ``not_before``: hosts that asked to be left alone until then (Retry-After); ``busy``: hosts of
    polls in hand. Hosts are written as ``host_of`` gives them.
    """
    first = datetime.min.replace(tzinfo=UTC)
    taken = set(busy)
    for next_poll_at, source, feed in sorted(waiting, key=lambda row: row[0] or first):
        if next_poll_at is not None and next_poll_at > now:
            return
        host = host_of(feed.url)
        if host in taken or ((not_before or {}).get(host) or first) > now:
            continue
        taken.add(host)
        yield source, feed


def waves(feeds: Iterable[tuple[Source, Feed]]) -> list[list[tuple[Source, Feed]]]:
    """The feeds in as few rounds as there can be with one poll of a host at a time."""
    rounds: list[list[tuple[Source, Feed]]] = []
    taken: list[set[str]] = []
    for source, feed in feeds:
        host = host_of(feed.url)
        place = next((n for n, hosts in enumerate(taken) if host not in hosts), len(taken))
        if place == len(taken):
            taken.append(set())
            rounds.append([])
        taken[place].add(host)
        rounds[place].append((source, feed))
    return rounds


def host_of(url: str) -> str:
    """The host of an address with its port, in lower case: requests are spaced per host."""
    return urlsplit(url).netloc.rpartition("@")[2].lower()


def next_feed_state(
    state: FeedState,
    poll: Poll,
    feed: Feed,
    *,
    jitter: float = 0.5,
    min_wait: timedelta = timedelta(0),
    not_before: datetime | None = None,
) -> FeedState:
    """The feed's state once this poll is closed: when to look again, and how often it failed.

    ``state`` holds what this poll learned of the window (``window_seconds``, ``per_hour``,
    ``entries``); ``jitter`` is a number in [0, 1] that the caller draws; ``min_wait`` is the
    shortest interval the site wishes (cache headers, crawl-delay), ``not_before`` its
    Retry-After.

    A failure waits one interval longer each time, up to a day (linear: a site's bad hour must not
    cost a day of stories). A 304 is a success only of a feed that worked before (it never heals).
    A feed that was not asked, because its host had asked for time, has not failed.
    """
    if poll.outcome == "failed" and poll.reason == "held":
        wait = timedelta(seconds=state.interval_seconds or feed.every_seconds)
        return replace(
            state, next_poll_at=max(not_before or poll.started_at, poll.started_at + wait)
        )
    healed = poll.outcome in ("new", "nothing_new") or (
        poll.outcome == "not_modified" and state.failures == 0
    )
    if healed:
        seconds, quiet = _interval(state, poll, feed)
        wait, weight = timedelta(seconds=seconds), 0.0
    else:
        seconds, quiet = state.interval_seconds or feed.every_seconds, 0
        weight = state.weight + failure_weight(poll)
        wait = min(timedelta(seconds=seconds) * max(1.0, weight), LONGEST_WAIT)
    wait = max(wait * (1 + JITTER_SHARE * (jitter - 0.5)), min_wait, timedelta(seconds=1))
    wait = min(wait, max(LONGEST_WAIT, min_wait))
    at = poll.started_at + wait
    return replace(
        state,
        last_poll_at=poll.ended_at,
        last_success_at=poll.ended_at if healed else state.last_success_at,
        first_success_at=state.first_success_at or (poll.ended_at if healed else None),
        next_poll_at=max(at, not_before) if not_before is not None else at,
        failures=0 if healed else state.failures + 1,
        weight=weight,
        last_outcome=poll.outcome,
        interval_seconds=round(seconds),
        quiet_polls=quiet,
    )


def failure_weight(poll: Poll) -> float:
    """How much a failure says of the feed itself: hard 1, soft 0.5, temporary 0.25."""
    if poll.outcome == "failed" and poll.reason in _TEMPORARY:
        return 0.25
    return 0.5 if poll.outcome in _SOFT else 1.0


def _interval(state: FeedState, poll: Poll, feed: Feed) -> tuple[float, int]:
    """(seconds until the next look, quiet polls in a row) of a feed that works."""
    seconds = float(state.interval_seconds or feed.every_seconds)
    unchanged = poll.outcome == "not_modified"
    known = 1.0 if unchanged else poll.known / poll.seen if poll.seen else 1.0
    quiet = state.quiet_polls + 1 if known > QUIET_KNOWN_SHARE else 0
    if known < 0.5 and state.last_success_at is not None:
        seconds /= 2
    elif quiet >= MAX_QUIET_POLLS:
        seconds, quiet = seconds * 1.5, 0
    return min(
        max(seconds, SHORTEST_INTERVAL.total_seconds()), longest_interval(state, feed)
    ), quiet


def longest_interval(state: FeedState, feed: Feed) -> float:
    """The longest interval in seconds in which at most a quarter of the window goes by.

    By the time the window spans, and by the pace of the hour (``per_hour``); 6 h at most. A feed
    whose dates say nothing keeps its seed's interval as the limit.
    """
    limits = [LONGEST_INTERVAL.total_seconds()]
    if state.window_seconds:
        limits.append(state.window_seconds / WINDOW_SHARES)
    if state.per_hour and state.entries:
        limits.append(state.entries / WINDOW_SHARES / state.per_hour * 3600)
    if len(limits) == 1:
        limits.append(float(feed.every_seconds))
    return max(min(limits), SHORTEST_INTERVAL.total_seconds())


def is_full_due(state: FeedState, now: datetime) -> bool:
    """Whether this poll asks without conditions: at least once a day, for a 304 may lie (P16)."""
    ahead = timedelta(seconds=state.interval_seconds or 0)
    return state.full_at is None or now + ahead >= state.full_at + FULL_POLL_INTERVAL


def pace(sighted: Sequence[datetime], first_at: datetime, now: datetime) -> float | None:
    """Entries an hour to be ready for, by the last 7 days: the busiest of the average, of the
    coming hour a week ago, and of the last three hours. None before a day of our own history.

    ``sighted``: when entries were first seen, later than ``first_at``, the feed's first look.
    """
    hours = (now - max(first_at, now - timedelta(days=7))) / timedelta(hours=1)
    if hours < 24:
        return None
    week_ago = now - timedelta(days=7)
    own = [at for at in sighted if at > first_at]
    recent = sum(at > now - timedelta(hours=3) for at in own) / 3
    coming = sum(week_ago <= at < week_ago + timedelta(hours=2) for at in own) / 2
    return max(sum(at > week_ago for at in own) / hours, recent, coming) or None
