"""Articles that tell one story are folded into it, and the earliest leads."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import combinations
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.model import ArchivedArticle
from crawler.stories import copies, likeness, wording
from tests.builders import NOW, a_date, kept
from tests.examples import examples
from tests.unit.stories.press import a_press, a_text, edited

WORDS = "Ministers sign an agreement in town"


def titled(number: int, headline: str, minute: int = 0, outlet: str = "") -> ArchivedArticle:
    """An article of an outlet of its own, without a text."""
    published = a_date(NOW + timedelta(minutes=minute))
    return kept(number, headline=headline, published=published, source=outlet or f"outlet-{number}")


def grouped(articles: Sequence[ArchivedArticle]) -> set[frozenset[int]]:
    """The ids of each story."""
    return {frozenset(a.id for a in story.members) for story in copies.group(articles)}


def naive(articles: Sequence[ArchivedArticle]) -> set[frozenset[int]]:
    """The reference: every pair compared, and joined if one is a copy of the other."""
    groups = {a.id: {a.id} for a in articles}
    for a, b in combinations(articles, 2):
        if likeness.compare(*(wording.of_article(one.article) for one in (a, b))) == "copy":
            merged = groups[a.id] | groups[b.id]
            groups |= dict.fromkeys(merged, merged)
    return {frozenset(g) for g in groups.values()}


@st.composite
def some_articles(draw: st.DrawFn) -> list[ArchivedArticle]:
    """Articles around a few originals, with some words changed, and copies of copies."""
    dice = random.Random(draw(st.integers(0, 2**32)))
    originals = [a_text(dice, 120) for _ in range(3)]
    articles = []
    for number in range(draw(st.integers(0, 16))):
        text = edited(dice, dice.choice(originals), changes=dice.choice([0, 0, 2, 4, 30]))
        if dice.random() < 0.3:
            originals.append(text)
        articles.append(kept(number, text, headline=f"Headline {number}"))
    return articles


@settings(max_examples=examples(40), deadline=None)
@given(some_articles())
def test_no_story_joins_what_comparing_every_pair_would_not(
    articles: list[ArchivedArticle],
) -> None:
    """Keys find candidates, which are verified; texts that are equal are always found."""
    found, reference = grouped(articles), naive(articles)
    assert all(any(story <= group for group in reference) for story in found)
    for a, b in combinations(articles, 2):
        if a.article.body == b.article.body:
            assert any({a.id, b.id} <= story for story in found)


def test_the_earliest_leads_and_stories_stand_in_the_order_given() -> None:
    """Copies follow by time."""
    late, early, other = (
        titled(1, WORDS, minute=9),
        titled(2, WORDS, minute=3),
        titled(3, "Quite another thing happened somewhere else"),
    )
    stories = copies.group([other, late, early])
    assert [(s.lead.id, [c.id for c in s.copies]) for s in stories] == [(3, []), (2, [1])]


@pytest.mark.parametrize(
    ("dates", "lead"),
    [
        ((-365, -1, 0), 1),  # a date of another year, right or wrong, began nothing
        ((-8, 0, 0), 1),
        ((-7, 0, 0), 0),
        ((-400, -20, -12), 2),  # all of them old: still not the oldest
        ((-400, -400, -399), 0),
        ((None, -1, 0), 1),
    ],
)
def test_no_old_date_leads_a_newer_one(dates: tuple[int | None, ...], lead: int) -> None:
    """A week lies between what is a copy of today's news and what is not."""
    articles = [
        kept(n, headline=WORDS, published=None if d is None else a_date(NOW + timedelta(days=d)))
        for n, d in enumerate(dates)
    ]
    (story,) = copies.group(articles)
    assert (story.lead.id, len(story.members)) == (lead, len(dates))


def test_short_headlines_and_missing_texts_join_nothing() -> None:
    """Four equal words are too generic, and two texts too short to compare have nothing in
    common.
    """
    assert len(copies.group([titled(n, "Four words, no more") for n in range(3)])) == 3
    assert copies.group([]) == ()


def test_copies_of_one_dispatch_under_other_headlines_are_one_story() -> None:
    """From real texts: the same 80 words, each with its own first line."""
    body = " ".join(f"word{n}" for n in range(80))
    texts = [f"Our own correspondent {n} writes {body}" for n in range(10)]
    (story,) = copies.group([kept(n, text, headline=f"H {n}") for n, text in enumerate(texts)])
    assert len(story.copies) == 9


def test_one_text_at_a_thousand_addresses_is_one_story() -> None:
    """P13: one story, and every address is kept as its member."""
    text = a_text(random.Random(1), 120)
    articles = [
        kept(n, text, url=f"http://outlet-{n}.test/a", source=f"outlet-{n}") for n in range(1000)
    ]
    (story,) = copies.group(articles)
    assert len({one.article.url for one in story.members}) == 1000


@pytest.fixture
def comparisons() -> Iterator[list[int]]:
    """What is compared, counted."""
    calls: list[int] = []
    compare = likeness.compare

    def counting(a: wording.Wording, b: wording.Wording) -> likeness.Likeness | None:
        calls.append(1)
        return compare(a, b)

    with mock.patch.object(likeness, "compare", counting):
        yield calls


def test_copies_of_one_text_are_compared_a_few_times_each(comparisons: list[int]) -> None:
    """The worst case: all share every key."""
    dice = random.Random(1)
    text = a_text(dice, 150)
    articles = [kept(n, edited(dice, text, changes=1), headline=f"H {n}") for n in range(300)]
    (story,) = copies.group(articles)
    assert len(story.members) == 300
    assert len(comparisons) < 300 * 3


def test_twice_the_articles_are_twice_the_work(comparisons: list[int]) -> None:
    """Counted in comparisons of texts, which every pair would need."""
    counts = []
    for size in (100, 200, 400):
        comparisons.clear()
        copies.group(a_press(size))
        counts.append(len(comparisons))
    assert counts[1] < 3 * counts[0] and counts[2] < 3 * counts[1]
    assert counts[2] < 400 * 3
