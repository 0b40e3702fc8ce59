"""The clock: a jump is no sleep, whatever was planned by it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crawler.daemon.upkeep import ClockGuard

START = datetime(2026, 11, 30, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("wall", "boottime", "jump"),
    [
        (5, 5, 0),  # a tick
        (5 + 30, 5, 0),  # a time service at work
        (3 * 86_400 + 5, 5, 3 * 86_400),  # set three days ahead
        (5 - 3_600, 5, -3_600),  # set back by an hour
        (28_800, 28_800, 0),  # a machine that slept for eight hours
    ],
)
def test_a_clock_that_was_set_is_told_from_a_machine_that_slept(
    wall: float, boottime: float, jump: float
) -> None:
    """The one pulls times back and plans anew, the other only catches up."""
    now = [START, 100.0]
    guard = ClockGuard(lambda: now[0], lambda: now[1])
    now[0] += timedelta(seconds=wall)
    now[1] += boottime
    assert guard.jump() == jump
    assert guard.jump() == 0
    assert [(one.at, one.by.total_seconds()) for one in guard.jumps] == [(now[0], jump)] * bool(
        jump
    )
