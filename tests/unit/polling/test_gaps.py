"""What is missing: proven never above the truth, guessed within the stated interval."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.model import FeedState, Gap
from crawler.polling import gaps
from tests.builders import NOW
from tests.examples import examples

FEED = "http://news.test/feed"


def a_gap(hours: float = 24) -> Gap:
    """A gap of so many hours, up to now."""
    state = FeedState(source="news", feed=FEED, last_success_at=NOW - timedelta(hours=hours))
    gap = gaps.suspected(state, "news", FEED, NOW)
    assert gap is not None
    return gap


def a_look(**changes: object) -> gaps.GapEvidence:
    """A look of a sitemap's."""
    plain: dict[str, object] = {"feed": "http://news.test/sitemap.xml", "at": NOW, "since": NOW - timedelta(days=2),
             "older": False, "reaches_back": False, "complete": True, "new": [None] * 7}  # fmt: skip
    return gaps.GapEvidence(**(plain | changes))  # type: ignore[arg-type]


def test_a_first_look_has_no_gap() -> None:
    """Before the first look there was no watch."""
    assert gaps.suspected(FeedState(source="news", feed=FEED), "news", FEED, NOW) is None


@pytest.mark.parametrize(
    ("seen", "closes"),
    [
        ({"reaches_back": True}, True),
        ({"older": True}, True),
        ({}, False),
        ({"reaches_back": True, "complete": False}, False),
        ({"older": True, "since": NOW - timedelta(hours=2)}, False),
        ({"older": True, "since": None}, False),
    ],
)
def test_only_a_look_over_the_whole_interval_closes_it(
    seen: dict[str, object], closes: bool
) -> None:
    """Overlap with what was known before, or what is dated before it, and nothing left out."""
    after = gaps.update_gap(a_gap(), a_look(**seen))
    assert (after.closed_at is not None) == closes
    assert after.found == 7
    assert after.missing_at_least == 0


def published(
    seed: int, jitter: float, poisson: bool
) -> tuple[Gap, list[datetime], list[datetime], int]:
    """A feed of ten, stopped while hundreds came: the gap, the dates known before, the window's,
    the truth.
    """
    chance = random.Random(seed)
    step = chance.uniform(60, 1800)
    at, dates = NOW - timedelta(days=30), []
    for _ in range(700):
        at += timedelta(
            seconds=chance.expovariate(1 / step)
            if poisson
            else step * chance.uniform(1 - jitter, 1 + jitter)
        )
        dates.append(at)
    stop, start = chance.randrange(60, 160), chance.randrange(650, 700)
    gap = a_gap()
    return (
        gap,
        dates[:stop][-chance.choice([10, 50]) :],
        dates[start - 10 : start],
        start - 10 - stop,
    )


@pytest.mark.parametrize(
    ("jitter", "poisson"), [(0.0, False), (0.3, False), (0.9, False), (0, True)]
)
def test_the_truth_lies_in_the_stated_interval(jitter: float, poisson: bool) -> None:
    """Must show 2: of 100 seeded runs at least 90, at a steady pace, a loose one and a random
    one.
    """
    hits = 0
    for seed in range(100):
        gap, before, window, truth = published(seed, jitter, poisson)
        guess = gaps.estimate(gap, before, window)
        assert guess.estimate_low is not None and guess.estimate_high is not None
        assert guess.missing_at_least <= truth
        hits += guess.estimate_low <= truth <= guess.estimate_high
    assert hits >= 90


def test_a_steady_pace_is_guessed_closely() -> None:
    """An interval that held everything would say nothing: here it is within half of the truth."""
    gap, before, window, truth = published(3, 0.0, False)
    guess = gaps.estimate(gap, before, window)
    assert guess.missing_estimate is not None and abs(guess.missing_estimate - truth) <= 2
    assert guess.estimate_high is not None and guess.estimate_high < 1.6 * truth


@settings(max_examples=examples(60))
@given(st.integers(0, 500), st.integers(0, 300), st.integers(0, 300))
def test_what_is_found_later_is_missing_no_longer(truth: int, inside: int, outside: int) -> None:
    """Whatever is proven and then found, the rest that is proven is never more than the rest
    there is.
    """
    inside = min(inside, truth)
    found = [NOW - timedelta(hours=1)] * inside + [NOW + timedelta(days=3)] * outside
    rest = gaps.update_gap(gaps.proven(a_gap(), truth), a_look(new=found))
    assert (rest.missing_at_least, rest.found) == (truth - inside, inside)
    assert gaps.proven(rest, 0) == rest


def test_a_proof_lifts_the_guess() -> None:
    """What is surely missing is at least guessed; a closed gap takes no proof any more."""
    guess = replace(a_gap(), missing_estimate=40, estimate_low=10, estimate_high=60)
    sure = gaps.proven(guess, 50)
    assert (
        sure.missing_at_least,
        sure.missing_estimate,
        sure.estimate_low,
        sure.estimate_high,
    ) == (50, 50, 50, 60)
    closed = gaps.update_gap(sure, a_look(reaches_back=True))
    assert gaps.proven(closed, 9).missing_at_least == 0


def test_a_covered_gap_may_be_closed_short() -> None:
    """What is missing for good is neither open nor 0; an open gap is not closed by it."""
    closed = gaps.update_gap(a_gap(), a_look(reaches_back=True))
    short = gaps.closed_short(closed, 4)
    assert (
        short.closed_at,
        short.missing_at_least,
        short.missing_estimate,
        short.estimate_low,
        short.estimate_high,
    ) == (NOW, 4, 4, 4, 4)
    assert gaps.closed_short(a_gap(), 4) == a_gap()


@settings(max_examples=examples(60))
@given(st.lists(st.integers(0, 10_000), max_size=12), st.lists(st.integers(0, 10_000), max_size=12))
def test_no_dates_can_make_nonsense(before: list[int], window: list[int]) -> None:
    """Low ≤ guess ≤ high and nothing negative, or no guess at all."""
    old = [NOW - timedelta(minutes=m) for m in before]
    new = [NOW - timedelta(minutes=m) for m in window]
    guess = gaps.estimate(a_gap(), old, new)
    if guess.missing_estimate is not None:
        assert guess.estimate_low is not None and guess.estimate_high is not None
        assert 0 <= guess.estimate_low <= guess.missing_estimate <= guess.estimate_high


def test_a_gap_nobody_can_fill_costs_no_courtesy() -> None:
    """Another feed looks for it for a day; its own never, and none without end."""
    gap = a_gap()
    other = FeedState(
        source="news", feed="http://news.test/sitemap.xml", last_success_at=NOW - timedelta(hours=1)
    )
    assert gaps.to_fill([gap], other) == [gap]
    assert gaps.to_fill([gap], FeedState(source="news", feed=FEED)) == []
    later = FeedState(source="news", feed=other.feed, last_success_at=NOW + timedelta(hours=25))
    assert gaps.to_fill([gap], later) == []
