"""Whether a daemon is at work, told from its lock and its row."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from crawler.model import DaemonRun
from crawler.monitoring import liveness
from tests.builders import NOW

MINUTE = timedelta(minutes=1)


def a_run(**changes: Any) -> DaemonRun:
    """A daemon that began an hour ago and ticked half a minute ago."""
    plain = DaemonRun(
        pid=7,
        host="press1",
        version="1.0",
        started_at=NOW - 60 * MINUTE,
        ticked_at=NOW - MINUTE / 2,
    )
    return replace(plain, **changes)


@pytest.mark.parametrize(
    ("changes", "holder", "trouble", "state"),
    [
        ({}, (7, "press1"), "", "running"),
        ({"ticked_at": NOW - 6 * MINUTE}, (7, "press1"), "", "stuck"),
        ({"ticked_at": NOW - 6 * MINUTE}, (7, "press1"), "full", "running"),  # it can't write it
        ({}, None, "", "vanished"),
        ({}, (8, "press1"), "", "vanished"),  # ``rasd poll`` holds the lock
        ({}, (7, "press2"), "", "vanished"),
        ({"ended_at": NOW, "exit_code": 0}, None, "", "stopped"),
        ({"ended_at": NOW, "exit_code": 74}, None, "", "failed"),
        ({"ended_at": NOW, "exit_code": 0}, (7, "press1"), "", "stopped"),  # its last moments
    ],
)
def test_the_lock_and_the_row_tell_it_together(
    changes: dict[str, Any], holder: tuple[int, str] | None, trouble: str, state: str
) -> None:
    """The row alone would call a killed daemon alive for minutes, the lock alone ``rasd poll``."""
    assert liveness.judge([a_run(**changes)], holder, NOW, trouble).state == state


def test_the_run_before_says_how_it_ended() -> None:
    """Its row stays open if it was killed; before the first daemon there is nothing to say."""
    assert liveness.judge([], None, NOW).state == "never"
    found = liveness.judge([a_run(), a_run(pid=6)], (7, "press1"), NOW)
    assert found.is_alive and found.previous is not None
    assert liveness.ended(found.previous) == "vanished"
    assert liveness.ended(a_run(ended_at=NOW, exit_code=0)) == "stopped"


def test_a_name_that_the_server_cut_short_is_the_same() -> None:
    """PostgreSQL keeps 63 bytes of a program's name."""
    long = "press1." + "very" * 20 + ".example.org"
    held = (7, long[:57])
    assert liveness.judge([a_run(host=long)], held, NOW).is_alive
