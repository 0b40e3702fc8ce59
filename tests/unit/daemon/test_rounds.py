"""A round of polls: what was reached, and how an outage is logged."""

from __future__ import annotations

from typing import Any

import pytest
import structlog.testing

from crawler.daemon import rounds
from crawler.daemon.rounds import Round
from crawler.model import Poll, PollOutcome, Reason
from tests.builders import NOW


def a_poll(source: str, outcome: PollOutcome = "new", reason: Reason = "") -> Poll:
    """A poll without counts."""
    return Poll(
        source=source, feed=f"http://{source}.test/feed", started_at=NOW, ended_at=NOW,
        outcome=outcome, reason=reason,
    )  # fmt: skip


LOST = a_poll("lost", "failed", "unreachable")
LOST_TOO = a_poll("lost-too", "failed", "unreachable")


@pytest.mark.parametrize(
    ("polls", "unreachable", "answered", "offline"),
    [
        ([], 0, 0, False),
        ([a_poll("a"), LOST], 1, 1, False),
        ([LOST, LOST_TOO], 2, 0, True),
        ([a_poll("a", "failed", "status")], 0, 0, False),  # it has answered, if not well
        ([a_poll("a", "not_modified"), a_poll("b", "empty")], 0, 2, False),
        ([a_poll("a", "new", "unreachable")], 0, 1, False),  # a later URL was not reached
    ],
)
def test_offline_is_when_no_site_at_all_was_reached(
    polls: list[Poll], unreachable: int, answered: int, offline: bool
) -> None:
    """Then our own network is the likely cause."""
    of = Round(polls=polls)
    assert (len(of.unreachable), len(of.answered), of.offline) == (unreachable, answered, offline)


@pytest.mark.parametrize(
    ("polls", "was_online", "events"),
    [
        ([LOST, LOST_TOO], True, ["no network"]),
        ([LOST, LOST_TOO], False, []),  # it is known already
        ([LOST, a_poll("a")], True, ["polled"]),
        ([LOST], True, ["polled"]),  # one feed is no proof of an outage
    ],
)
def test_an_outage_is_one_line(polls: list[Poll], was_online: bool, events: list[str]) -> None:
    """However many feeds, and not again in the next round."""
    with structlog.testing.capture_logs() as lines:
        rounds.log_unreachable(Round(polls=polls), was_online=was_online)
    said: list[Any] = [line["event"].partition(":")[0].split(" source")[0] for line in lines]
    assert [event.split(" (")[0] for event in said] == events


def test_one_site_out_of_reach_hides_no_outage() -> None:
    """A round of a single poll, such as of a site that is down, says nothing of the network; the
    outage that follows is logged, and once."""
    online = True
    with structlog.testing.capture_logs() as lines:
        for polls in ([LOST], [LOST, LOST_TOO], [LOST], [LOST, LOST_TOO]):
            of = Round(polls)
            rounds.log_unreachable(of, was_online=online)
            online = rounds.is_online(of, was_online=online)
    assert [line["event"].partition(":")[0] for line in lines].count("no network") == 1
    assert not online
    assert rounds.is_online(Round([a_poll("a")]), was_online=False)
