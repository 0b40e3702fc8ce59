"""What makes a watch broken, and what only needs a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from crawler.monitoring import liveness, watch_status
from crawler.monitoring.watch_status import DigestState, WatchState
from tests.builders import NOW
from tests.unit.monitoring.test_liveness import a_run
from tests.unit.monitoring.test_severity import a_finding

HOUR = timedelta(hours=1)
HEARD = {"ar": NOW - HOUR, "fr": NOW - HOUR}


def a_state(**changes: Any) -> WatchState:
    """A watch of which all is well: its daemon began a day ago."""
    run = a_run(started_at=NOW - 24 * HOUR)
    alive = liveness.judge([run], (7, "press1"), NOW)
    plain = WatchState(
        now=NOW,
        liveness=alive,
        heard=HEARD,
        last_poll_at=NOW,
        disk_free=10 * watch_status.FILLING_BYTES,
    )
    return replace(plain, **changes)


NEVER = liveness.judge([], None, NOW)
DUE = DigestState(slug="daily", due_at=NOW - 2 * HOUR, waiting_since=[None])


@pytest.mark.parametrize(
    ("changes", "level", "said"),
    [
        ({}, "ok", ""),
        ({"liveness": NEVER}, "critical", "no daemon has ever"),
        ({"liveness": liveness.judge([a_run()], None, NOW)}, "critical", "it vanished after"),
        ({"trouble": "full since 08:00"}, "critical", "can't be used: full"),
        ({"findings": [a_finding("canary")]}, "critical", "canary: "),
        ({"findings": [a_finding("mail_dead")]}, "warning", "mail_dead: "),
        ({"findings": [a_finding("blocked", "a"), a_finding("blocked", "b")]}, "warning", "a, b"),
        ({"findings": [a_finding("burst", "a")]}, "ok", ""),
        ({"digests": [DUE]}, "critical", "digest daily: due 2026-11-23 08:00 UTC, 1 without"),
        ({"digests": [replace(DUE, due_at=NOW - HOUR / 2)]}, "ok", ""),
        ({"digests": [replace(DUE, waiting_since=[NOW - HOUR / 2])]}, "ok", ""),  # just subscribed
        ({"digests": [replace(DUE, waiting_since=[])]}, "ok", ""),
        ({"digests": [DUE], "liveness": NEVER}, "critical", "no daemon has ever"),  # nothing else
        ({"digests": [DUE], "mail_on_hold": True}, "warning", "rasd mail release"),
        ({"broken_seed": "topics/x.yml:4: odd"}, "warning", "topics/x.yml:4"),
        ({"disk_free": watch_status.FILLING_BYTES - 1}, "warning", "999 MB"),
        ({"disk_free": watch_status.FULL_BYTES - 1}, "critical", "99 MB"),
        ({"disk_free": None}, "ok", ""),
        ({"heard": HEARD | {"fr": NOW - 4 * HOUR}}, "critical", "canary: not heard for 3 hours: fr"),
        ({"heard": {}}, "critical", "canary"),
        ({"sources_due": 3, "last_poll_at": NOW - 4 * HOUR}, "critical", "nothing is polled"),
        ({"sources_due": 0, "last_poll_at": NOW - 4 * HOUR}, "ok", ""),
        ({"sources_due": 3, "last_poll_at": NOW - HOUR}, "ok", ""),
    ],
)  # fmt: skip
def test_each_fact_has_its_level(changes: dict[str, Any], level: str, said: str) -> None:
    """Alone, and said so that it can be acted on."""
    found = watch_status.judge(a_state(**changes))
    assert found.level == level
    assert [said in problem.text for problem in found.problems] == [True] * bool(said)


def test_a_daemon_that_has_just_begun_is_given_its_time() -> None:
    """It makes the overdue digest with its first ticks, and sends the canary with them."""
    just = liveness.judge([a_run(started_at=NOW - HOUR / 4)], (7, "press1"), NOW)
    state = a_state(liveness=just, digests=[DUE], heard={"ar": NOW - 90 * HOUR})
    assert watch_status.judge(state).level == "ok"


def test_the_worst_comes_first_and_nothing_is_said_twice() -> None:
    """A finding of the daemon and what is seen from outside are one fact."""
    findings = [a_finding(k) for k in ("mail_on_hold", "seeds", "canary")]
    state = a_state(findings=findings, mail_on_hold=True, broken_seed="x", heard={"ar": None})
    found = watch_status.judge(replace(state, trouble="full"))
    assert [r.level for r in found.problems] == ["critical", "critical", "warning", "warning"]
    assert len({r.text for r in found.problems}) == 4


def test_levels_are_the_exit_codes_of_monitoring_plug_ins() -> None:
    """0, 1, 2."""
    assert watch_status.LEVELS == ("ok", "warning", "critical")


def test_many_sources_of_one_kind_are_one_reason() -> None:
    """With five names."""
    found = watch_status.judge(a_state(findings=[a_finding("tls", f"s{n}") for n in range(30)]))
    (problem,) = found.problems
    assert problem.text == "tls: s0, s1, s2, s3, s4 and 25 more"
