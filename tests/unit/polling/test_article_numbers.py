"""An outlet's numbers prove what is missing, where they count articles and nothing else."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.polling import article_numbers
from tests.examples import examples

SHAPES: dict[str, Callable[[int], str]] = {
    "path": lambda n: f"https://news24.test/story/{n}",
    "slug after": lambda n: f"https://news24.test/{n}-{n % 7}-ministers-met",
    "slug before": lambda n: f"https://news24.test/2026/11/{n % 7}-ministers-met-{n}.html",
    "guid": lambda n: f"{n}",
}


def named(numbers: Sequence[int], shape: str = "path") -> list[str]:
    """The addresses of these numbers, the newest first."""
    return [SHAPES[shape](n) for n in sorted(numbers, reverse=True)]


@pytest.mark.parametrize("shape", SHAPES)
def test_numbers_without_a_hole_count_what_nobody_saw(shape: str) -> None:
    """30 before, 50 after, 1000 between: less a tenth, for 78 steps cannot rule out a hole in a
    hundred.
    """
    between = article_numbers.between(
        named(range(100, 130), shape), named(range(1130, 1180), shape)
    )
    assert 900 <= between <= 1000


@pytest.mark.parametrize(
    ("before", "window"),
    [
        ([*range(100, 120), 122], range(500, 530)),  # a number that was no article's
        (range(100, 130), [*range(500, 515), *range(516, 530)]),
        (range(100, 107), range(500, 530)),  # too few to tell
        (range(100, 130), range(130, 160)),  # nothing between
        (range(500, 530), range(100, 130)),  # numbered backwards
        ([100] * 20, range(500, 530)),
    ],
)
def test_other_numbers_prove_nothing(before: Sequence[int], window: Sequence[int]) -> None:
    """A hole on either side, and it is not articles that are numbered."""
    assert article_numbers.between(named(before), named(window)) == 0


def test_names_without_numbers_prove_nothing() -> None:
    """Nor do the digits of a host."""
    names = [f"https://news24.test/{'a' * n}" for n in range(10)]
    assert article_numbers.between(names, names) == 0


def test_numbers_that_rarely_have_holes_prove_no_more_than_there_is() -> None:
    """Of 400 outlets that now and then number something else, one in a hundred may be misjudged."""
    wrong = 0
    for seed in range(400):
        chance = random.Random(seed)
        rate = chance.choice([0.003, 0.01, 0.03, 0.1])
        articles = [n for n in range(3000) if chance.random() >= rate]
        stop, start = chance.randrange(40, 300), chance.randrange(1000, 2000)
        before, window = (
            articles[stop - 30 : stop],
            articles[start : start + chance.choice([10, 30, 60])],
        )
        wrong += article_numbers.between(named(before), named(window)) > start - stop
    assert wrong <= 4


@settings(max_examples=examples(60))
@given(st.lists(st.text(max_size=30), max_size=40), st.lists(st.text(max_size=30), max_size=40))
def test_any_names_will_do(before: list[str], window: list[str]) -> None:
    """Never negative, never an exception."""
    assert article_numbers.between(before, window) >= 0


@settings(max_examples=examples(60))
@given(st.lists(st.integers(1000, 1400), max_size=90, unique=True))
def test_what_was_seen_since_is_not_missing(seen: list[int]) -> None:
    """Of the numbers between, those that another look showed are taken off, those outside are
    not; what has no number may be any of them."""
    before, window = named(range(1000, 1100)), named(range(1300, 1400))
    whole = article_numbers.between(before, window)
    inside = sum(1099 < n < 1300 for n in seen)
    assert article_numbers.between(before, window, named(seen)) == max(whole - inside, 0)
    assert article_numbers.between(before, window, ["https://news.test/about"]) == whole - 1
