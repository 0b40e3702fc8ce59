"""What is due when: rows and a clock in, decisions out."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler import schedule
from crawler.model import Feed, FeedState, Poll
from tests.builders import NOW, a_source

FEED = Feed(url="http://news.test/feed", every_seconds=900)


def after(state: FeedState, outcome: Any) -> FeedState:
    """The state after a poll of this outcome."""
    poll = Poll(source="news", feed=FEED.url, started_at=NOW, ended_at=NOW, outcome=outcome)
    return schedule.after(state, poll, FEED)


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


@pytest.mark.parametrize(("outcome", "failures"), [("new", 0), ("nothing_new", 0), ("not_modified", 3), ("empty", 4), ("blocked", 4)])
def test_only_an_answer_that_was_read_heals(outcome: str, failures: int) -> None:
    """A 304 never heals a failed feed; empty is not the same as well."""
    state = FeedState(source="news", feed=FEED.url, failures=3)
    healed = after(state, outcome)
    assert healed.failures == (failures if outcome != "not_modified" else 4)


def test_the_longest_overdue_comes_first_and_the_unpolled_before_all() -> None:
    """After a long stop, no feed starves."""
    source = a_source(feeds=tuple(Feed(url=f"http://news.test:{n}") for n in range(4)))
    states = {
        ("news", f"http://news.test:{n}"): FeedState(source="news", feed=f"http://news.test:{n}", next_poll_at=NOW - timedelta(minutes=m))
        for n, m in ((0, 1), (1, 9), (2, -5))
    }
    assert [f.url[-1] for _, f in schedule.due([source], states, NOW)] == ["3", "1", "0"]


@given(st.integers(0, 60 * 24 * 365 * 3), st.sampled_from(["Africa/Casablanca", "Europe/Paris", "Asia/Baghdad", "America/New_York"]), st.times())
def test_a_digest_has_one_slot_a_local_date(minutes: int, zone: str, hour: time) -> None:
    """Through every change of clocks: due moments never lie ahead, and the next is after now (F-42)."""
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    hour = hour.replace(second=0, microsecond=0)
    assert schedule.due_at(now, hour, zone) <= now + timedelta(hours=2)
    assert schedule.next_due_at(now, hour, zone) > now - timedelta(hours=2)


def test_an_hour_that_happens_twice_sends_once() -> None:
    """Morocco leaves UTC+1 on 7 February 2027: 02:30 comes twice, the slot is one."""
    slots = {
        schedule.slot(datetime(2027, 2, 7, 0, 0, tzinfo=UTC) + timedelta(minutes=m), time(2, 30), "Africa/Casablanca")
        for m in range(90, 60 * 20)
    }
    assert slots == {"2027-02-07"}
