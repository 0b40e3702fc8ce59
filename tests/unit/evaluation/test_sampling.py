"""Thirty judgements teach most if they are those near the line, and both ends."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from crawler import query
from crawler.evaluation.sampling import Candidate, choose_to_judge
from crawler.matching.topics import Label
from tests.examples import examples

LABEL = Label(name="l", title={"en": "l"}, rule=query.parse("x"), holds_from=5)


def candidates(points: list[int]) -> list[Candidate]:
    """An article for each sum of points."""
    return [Candidate(n, sum_) for n, sum_ in enumerate(points, 1)]


@settings(max_examples=examples(60))
@given(st.lists(st.integers(-60, 60), max_size=80), st.integers(1, 40))
def test_as_many_as_asked_for_and_none_twice(points: list[int], count: int) -> None:
    """Or all there are."""
    found = choose_to_judge(candidates(points), LABEL, count)
    assert len(found) == len(set(found)) == min(count, len(points))


def test_the_nearest_and_both_ends_are_among_them() -> None:
    """Half of them are the nearest to the line; the others reach from the surest to the farthest."""
    found = choose_to_judge(candidates(list(range(-50, 61))), LABEL, 20)
    points = sorted(one.points for one in found)
    assert {*range(1, 10)} <= set(points)
    assert points[0] < -30 and points[-1] == 60


def test_their_order_says_nothing_of_their_points() -> None:
    """It is the same each time, and no order of points."""
    found = choose_to_judge(candidates(list(range(40))), LABEL, 30)
    points = [one.points for one in found]
    assert points == [one.points for one in choose_to_judge(candidates(list(range(40))), LABEL, 30)]
    assert points != sorted(points) and points != sorted(points, reverse=True)
