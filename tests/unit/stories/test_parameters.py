"""Which parameters of a source's addresses never tell one article from another."""

from __future__ import annotations

import pytest

from crawler.stories.parameters import find_meaningless, shortened

Addresses = list[tuple[str, int]]


def sessions(form: str, articles: int = 3, values: int = 2) -> Addresses:
    """Articles found under so many values each; ``form`` has the places of article and value."""
    return [
        (form.format(article, f"{article}{value}ab"), article)
        for article in range(articles)
        for value in range(values)
    ]


@pytest.mark.parametrize(
    ("addresses", "names"),
    [
        (sessions("q.ma/a/{}.html?sid={}"), {"sid"}),
        (sessions("q.ma/index.php?id={}&sid={}"), {"sid"}),
        (sessions("q.ma/a/{0}?sid={1}&ts=1{1}"), {"sid", "ts"}),
        (sessions("q.ma/a/{}?%D8%B1={}"), {"ر"}),
        ([*sessions("q.ma/a/{}?v={}"), ("q.ma/a/9", 9), ("q.ma/b?p=1", 10)], {"v"}),
        (sessions("q.ma/a/{}?sid={}", articles=2), set()),
        (sessions("q.ma/a/{}?sid={}", values=1), set()),
        (sessions("q.ma/index.php?id={1}"), set()),
        ([], set()),
    ],
)
def test_a_name_is_learned_from_three_articles(addresses: Addresses, names: set[str]) -> None:
    """Each under several values; two articles may be an accident."""
    assert find_meaningless(addresses) == names


@pytest.mark.parametrize(
    "other",
    [
        [("q.ma/a/7?sid=1", 70), ("q.ma/a/7?sid=2", 71)],
        [("q.ma/a/7", 70), ("q.ma/a/7?sid=2", 71)],
        [("q.ma/a/1?sid=5", 71)],
    ],
)
def test_a_name_that_tells_two_articles_apart_is_not_learned(other: Addresses) -> None:
    """One is enough: what has a meaning once may have it again."""
    assert find_meaningless([*sessions("q.ma/a/{}?sid={}"), *other]) == set()


def test_one_story_that_was_printed_under_two_numbers_teaches_nothing() -> None:
    """At a site whose articles differ by their number alone."""
    twice = [(f"q.ma/index.php?id={number}", number // 2) for number in range(12)]
    assert find_meaningless(twice) == set()


def test_the_first_of_the_addresses_stands_for_them() -> None:
    """With the other parameters, in their order."""
    rows = [(4, "q.ma/a?b=1&sid=2"), (5, "q.ma/a?b=1&sid=3"), (6, "q.ma/c?sid=1"), (7, "q.ma/d")]
    expected = {"q.ma/a?b=1": 4, "q.ma/c": 6, "q.ma/d": 7}
    assert shortened(rows, {"sid"}) == expected
