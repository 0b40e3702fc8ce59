"""A round of polls: what was reached, and how an outage is logged."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

import pytest
import structlog.testing

from crawler.daemon import rounds
from crawler.daemon.rounds import Round
from crawler.model import Poll, PollOutcome, Reason
from crawler.monitoring.network import Network
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
    ("polls", "unreachable", "answered"),
    [
        ([], 0, 0),
        ([a_poll("a"), LOST], 1, 1),
        ([LOST, LOST_TOO], 2, 0),
        ([a_poll("a", "failed", "status")], 0, 0),  # it has answered, if not well
        ([a_poll("a", "not_modified"), a_poll("b", "empty")], 0, 2),
        ([a_poll("a", "new", "unreachable")], 0, 1),  # a later URL was not reached
    ],
)
def test_a_round_knows_who_was_reached(polls: list[Poll], unreachable: int, answered: int) -> None:
    """A site that answers badly is reached."""
    of = Round(polls=polls)
    assert (len(of.unreachable), len(of.answered)) == (unreachable, answered)


def said(*rounds_of_polls: list[Poll]) -> list[str]:
    """The log's events over these rounds."""
    network = Network(count().__next__)
    with structlog.testing.capture_logs() as lines:
        for polls in rounds_of_polls:
            rounds.log_unreachable(Round(polls), network)
    return [line["event"].partition(":")[0] for line in lines]


def test_an_outage_is_one_line_when_it_begins_and_one_when_it_ends() -> None:
    """However many feeds, rounds and hours, also of rounds of one feed: a daemon of a hundred
    sources has hardly others."""
    out = [[LOST, LOST_TOO], [LOST], [LOST_TOO], [LOST, LOST_TOO], [LOST]]
    assert said(*out, [a_poll("a")], [LOST]) == ["no network", "the network is back", "polled"]


def test_an_outage_is_found_in_rounds_of_one_feed_each() -> None:
    """Three sites in a row; two may be down by themselves."""
    third = a_poll("third", "failed", "unreachable")
    assert said([LOST], [LOST_TOO], [LOST], [LOST_TOO]) == ["polled"] * 4
    assert said([LOST], [LOST_TOO], [third], [LOST]) == ["polled", "polled", "no network"]
    assert said([LOST], [LOST_TOO], [a_poll("a")], [third]) == ["polled"] * 3


def test_a_site_that_is_down_for_a_week_is_no_outage() -> None:
    """Its polls have their lines."""
    assert said(*[[LOST]] * 50) == ["polled"] * 50
    assert said(*[[LOST, a_poll("a")]] * 50) == ["polled"] * 50


def test_a_source_of_many_feeds_that_is_down_is_no_outage() -> None:
    """All feeds of a round may be those of one source, as after ``rasd poll SOURCE``."""
    assert said([LOST, replace(LOST, feed="http://lost.test/other")]) == ["polled"] * 2


def test_the_end_says_how_long_it_was() -> None:
    """And the beginning how many sources it struck."""
    network = Network(iter([100.0, 160.4]).__next__)
    with structlog.testing.capture_logs() as lines:
        for polls in ([LOST, LOST_TOO], [a_poll("a")]):
            rounds.log_unreachable(Round(polls), network)
    assert [(line.get("sources"), line.get("seconds")) for line in lines] == [(2, None), (None, 60)]
    assert {line["log_level"] for line in lines} == {"warning"}
