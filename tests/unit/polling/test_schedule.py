"""What is due when: rows and a clock in, decisions out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.digest import schedule as digest_schedule
from crawler.model import Feed, FeedState, Poll, Reason
from crawler.polling import schedule
from tests.builders import NOW, a_source

FEED = Feed(url="http://news.test/feed", every_seconds=900)


def after(state: FeedState, outcome: Any) -> FeedState:
    """The state after a poll of this outcome."""
    poll = Poll(source="news", feed=FEED.url, started_at=NOW, ended_at=NOW, outcome=outcome)
    return schedule.next_feed_state(state, poll, FEED)


def test_a_failing_feed_waits_longer_but_is_never_given_up() -> None:
    """Linear back-off, a day at most: a source that was down for a month is polled within a day."""
    state = FeedState(source="news", feed=FEED.url)
    waits = []
    for _ in range(200):
        state = after(state, "failed")
        assert state.next_poll_at is not None
        waits.append(state.next_poll_at - NOW)
    assert waits[:3] == [timedelta(minutes=15 * n) for n in (1, 2, 3)]
    assert waits[-1] == timedelta(hours=24)


@pytest.mark.parametrize(
    ("outcome", "failures"),
    [("new", 0), ("nothing_new", 0), ("not_modified", 3), ("empty", 4), ("blocked", 4)],
)
def test_only_an_answer_that_was_read_heals(outcome: str, failures: int) -> None:
    """A 304 never heals a failed feed; empty is not the same as well."""
    state = FeedState(source="news", feed=FEED.url, failures=3)
    healed = after(state, outcome)
    assert healed.failures == (failures if outcome != "not_modified" else 4)


def test_the_longest_overdue_comes_first_and_the_unpolled_before_all() -> None:
    """After a long stop, no feed starves."""
    source = a_source(feeds=tuple(Feed(url=f"http://news.test:{n}") for n in range(4)))
    overdue = (1, 9, -5, None)  # minutes; None: never polled
    waiting = [
        (None if minutes is None else NOW - timedelta(minutes=minutes), source, feed)
        for feed, minutes in zip(source.feeds, overdue, strict=True)
    ]
    assert [f.url[-1] for _, f in schedule.pick(waiting, NOW)] == ["3", "1", "0"]


@given(
    st.integers(0, 60 * 24 * 365 * 3),
    st.sampled_from(["Africa/Casablanca", "Europe/Paris", "Asia/Baghdad", "America/New_York"]),
    st.times(),
)
def test_a_digest_has_one_slot_a_local_date(minutes: int, zone: str, hour: time) -> None:
    """Through every change of clocks: due moments never lie ahead, and the next is after now
    (F-42).
    """
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    hour = hour.replace(second=0, microsecond=0)
    assert digest_schedule.due_at(now, hour, zone) <= now + timedelta(hours=2)
    assert digest_schedule.next_due_at(now, hour, zone) > now - timedelta(hours=2)


def test_an_hour_that_happens_twice_sends_once() -> None:
    """Morocco leaves UTC+1 on 7 February 2027: 02:30 comes twice, the slot is one."""
    slots = {
        digest_schedule.slot(
            datetime(2027, 2, 7, 0, 0, tzinfo=UTC) + timedelta(minutes=m),
            time(2, 30),
            "Africa/Casablanca",
        )
        for m in range(90, 60 * 20)
    }
    assert slots == {"2027-02-07"}


def poll(outcome: Any = "nothing_new", seen: int = 40, new: int = 0, **changes: Any) -> Poll:
    """A poll that saw so many, so many of them new."""
    return Poll(
        source="news",
        feed=FEED.url,
        started_at=NOW,
        ended_at=NOW,
        outcome=outcome,
        seen=seen,
        known=seen - new,
        new=new,
        kept=new,
        **changes,
    )


def known(**changes: Any) -> FeedState:
    """A feed that works, its window two days long."""
    plain = FeedState(
        source="news",
        feed=FEED.url,
        last_success_at=NOW,
        interval_seconds=3600,
        window_seconds=172_800,
    )
    return replace(plain, **changes)


def interval(state: FeedState, *polls: Poll) -> int:
    """The interval after these polls."""
    for each in polls:
        state = schedule.next_feed_state(state, each, FEED)
    assert state.interval_seconds is not None
    return state.interval_seconds


def test_less_than_half_known_halves_the_interval_at_once() -> None:
    """A window that turns over faster than we look is looked at more often."""
    assert interval(known(), poll("new", new=21)) == 1800
    assert interval(known(), poll("new", new=19)) == 3600


def test_five_quiet_polls_make_it_half_as_long_again() -> None:
    """Over 95 % known; a 304 is as quiet; one busy poll begins the count anew."""
    assert interval(known(), *[poll()] * 4) == 3600
    assert interval(known(), *[poll()] * 4, poll("not_modified", 0)) == 5400
    assert interval(known(), *[poll()] * 4, poll("new", new=3), *[poll()] * 4) == 3600


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["new", "nothing_new", "not_modified", "failed", "blocked"]),
            st.integers(0, 40),
        ),
        max_size=30,
    ),
    st.one_of(st.none(), st.integers(300, 10**6)),
    st.one_of(st.none(), st.floats(0.01, 500)),
    st.floats(0, 1),
)
def test_the_limits_hold_whatever_happens(
    polls: list[tuple[Any, int]], window: int | None, per_hour: float | None, jitter: float
) -> None:
    """Never above a quarter of the window nor 6 h, never under a minute, never later than a day,
    never given up.
    """
    state = known(window_seconds=window, per_hour=per_hour, entries=40)
    for outcome, new in polls:
        fresh = new if outcome == "new" else 0
        state = schedule.next_feed_state(state, poll(outcome, new=fresh), FEED, jitter=jitter)
        assert state.interval_seconds is not None and state.next_poll_at is not None
        if outcome in ("new", "nothing_new"):
            assert state.interval_seconds <= max(60, (window or 10**9) / 4 + 1)
        assert 60 <= state.interval_seconds <= 6 * 3600 or outcome not in ("new", "nothing_new")
        assert timedelta(0) < state.next_poll_at - NOW <= timedelta(hours=24)


def test_three_quarters_of_a_window_stay_known_at_a_steady_pace() -> None:
    """Simulated: 96 entries a day, a window of 40: once settled, every poll knows at least 30 of
    them.
    """
    step, at = timedelta(minutes=15), NOW
    state = FeedState(source="news", feed=FEED.url)
    last = None
    shares = []
    for n in range(120):
        fresh = 40 if last is None else min(40, int((at - NOW) / step) - int((last - NOW) / step))
        this = replace(
            poll("new" if fresh else "nothing_new", new=fresh), started_at=at, ended_at=at
        )
        state = replace(state, window_seconds=int(39 * step.total_seconds()), entries=40)
        state, last = schedule.next_feed_state(state, this, FEED, jitter=(n % 7) / 7), at
        assert state.next_poll_at is not None
        at = state.next_poll_at
        shares.append(this.known / this.seen)
    assert min(shares[10:]) >= 0.7
    assert sum(shares[60:]) / 60 >= 0.75


@pytest.mark.parametrize(
    ("outcome", "reason", "weight"),
    [("failed", "unreachable", 0.25), ("failed", "server_error", 0.25), ("failed", "not_found", 1.0),
     ("failed", "robots_unreachable", 0.25), ("failed", "reading_timeout", 0.25),
     ("blocked", "forbidden", 0.5), ("empty", "empty_feed", 0.5), ("not_a_feed", "not_a_feed", 1.0)],
)  # fmt: skip
def test_failures_are_weighed(outcome: Any, reason: Reason, weight: float) -> None:
    """A refused connection says less about a feed than a 404."""
    assert (
        schedule.failure_weight(poll(outcome, 0, reason=reason, detail="timeout: whatever"))
        == weight
    )


def test_a_feed_down_for_a_month_is_asked_within_a_day_of_its_return() -> None:
    """Thirty simulated days of outage: never disabled, and the wait never grows beyond a day."""
    state, at = known(), NOW
    while at < NOW + timedelta(days=30):
        this = replace(poll("failed", 0, reason="not_found"), started_at=at, ended_at=at)
        state = schedule.next_feed_state(state, this, FEED, jitter=1.0)
        assert state.next_poll_at is not None and state.next_poll_at - at <= timedelta(hours=24)
        at = state.next_poll_at


def test_a_site_that_asks_for_patience_gets_it() -> None:
    """Retry-After and cache headers bound the next poll from below."""
    state = schedule.next_feed_state(
        known(), poll(), FEED, min_wait=timedelta(hours=2), not_before=NOW + timedelta(hours=30)
    )
    assert state.next_poll_at == NOW + timedelta(hours=30)
    unpolled = [(None, a_source(feeds=(FEED,)), FEED)]
    assert (
        list(schedule.pick(unpolled, NOW, not_before={"news.test": NOW + timedelta(minutes=1)}))
        == []
    )
    assert list(schedule.pick(unpolled, NOW, busy={"news.test"})) == []
    assert len(list(schedule.pick(unpolled, NOW))) == 1


def test_once_a_day_a_304_is_not_believed() -> None:
    """P16: unconditional at the latest a day after the last unconditional answer."""
    assert schedule.is_full_due(known(), NOW)
    assert not schedule.is_full_due(known(full_at=NOW - timedelta(hours=12)), NOW)
    assert schedule.is_full_due(known(full_at=NOW - timedelta(hours=23, minutes=30)), NOW)


def test_one_poll_of_a_host_at_a_time() -> None:
    """Waves: two feeds of one host are never in one."""
    source = a_source(feeds=tuple(Feed(url=f"http://{h}.test/{n}") for h in "ab" for n in range(3)))
    rounds = schedule.waves([(source, f) for f in source.feeds])
    assert [len(r) for r in rounds] == [2, 2, 2]
    assert all(len({schedule.host_of(f.url) for _, f in r}) == 2 for r in rounds)


def test_the_pace_is_that_of_the_busiest_it_must_be_ready_for() -> None:
    """The week's average, the coming hour a week ago, the last three hours; none in the first
    day.
    """
    hour = timedelta(hours=1)
    first = NOW - timedelta(days=8)
    assert schedule.pace([], NOW - 20 * hour, NOW) is None
    steady = [NOW - n * hour for n in range(168)]
    assert schedule.pace(steady, first, NOW) == pytest.approx(1, abs=0.1)
    assert schedule.pace(
        steady + [NOW - timedelta(minutes=n) for n in range(60)], first, NOW
    ) == pytest.approx(21, abs=1)
    week_ago = [NOW - timedelta(days=7) + timedelta(minutes=n) for n in range(1, 100)]
    assert (schedule.pace(steady + week_ago, first, NOW) or 0) > 45
