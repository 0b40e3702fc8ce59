"""What a round of polls says of our own network."""

from __future__ import annotations

from typing import Any

import structlog.testing

from crawler.daemon.rounds import Round, log_unreachable
from crawler.model import Poll
from tests.builders import NOW


def a_round(**changes: Any) -> Round:
    """A round of two polls that ended alike."""
    given: dict[str, Any] = {"outcome": "failed", "reason": "unreachable"} | changes
    feeds = ("http://a.test/", "http://b.test/")
    return Round(
        polls=[Poll(source="s", feed=feed, started_at=NOW, ended_at=NOW, **given) for feed in feeds]
    )


def logged(round_: Round) -> list[str]:
    """The log lines of its end."""
    with structlog.testing.capture_logs() as lines:
        log_unreachable(round_)
    return [str(line["event"]) for line in lines]


def test_a_round_without_any_connection_is_one_line() -> None:
    """Our own network is the likely cause."""
    assert a_round().offline
    assert len(logged(a_round())) == 1


def test_a_round_that_was_answered_is_not_offline() -> None:
    """Not even where a later file of each sitemap could not be reached: the first one was."""
    answered = a_round(outcome="new", seen=3, new=3, kept=3)
    assert not answered.offline
    assert answered.unreachable == []
    assert logged(answered) == []
