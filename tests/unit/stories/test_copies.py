"""Copies of a dispatch are one story; grouping is exact and nearly linear."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.languages import folded_text
from crawler.model import ArchivedArticle
from crawler.stories import copies, fingerprint
from tests.builders import NOW, a_date, kept
from tests.examples import examples

HASHES = fingerprint.PERMUTATIONS


def signed(
    number: int, hashes: Sequence[int], headline: str = "", minute: int = 0
) -> ArchivedArticle:
    """An article with this signature."""
    plain = kept(number, headline=headline, published=a_date(NOW + timedelta(minutes=minute)))
    return replace(plain, fingerprint=b"".join(n.to_bytes(4) for n in hashes))


def naive(articles: Sequence[ArchivedArticle]) -> set[frozenset[int]]:
    """The reference: every pair compared, and joined by what it has in common."""
    groups = {a.id: {a.id} for a in articles}
    for a, b in combinations(articles, 2):
        words = [folded_text(x.article.headline) for x in (a, b)]
        same_words = words[0] == words[1] and len(words[0].split()) >= copies.MIN_HEADLINE_WORDS
        pairs = zip(_hashes(a), _hashes(b), strict=False)
        share = sum(x == y for x, y in pairs) / HASHES
        if same_words or share >= copies.COPY_SIMILARITY:
            merged = groups[a.id] | groups[b.id]
            groups |= dict.fromkeys(merged, merged)
    return {frozenset(g) for g in groups.values()}


def _hashes(kept: ArchivedArticle) -> list[bytes]:
    return [kept.fingerprint[n : n + 4] for n in range(0, len(kept.fingerprint), 4)]


def grouped(articles: Sequence[ArchivedArticle]) -> set[frozenset[int]]:
    """The ids of each story."""
    return {frozenset(a.id for a in story.members) for story in copies.group(articles)}


@st.composite
def some_articles(draw: st.DrawFn) -> list[ArchivedArticle]:
    """Articles around a few originals, with any number of hashes changed: near the threshold, far
    from it, chained; some without a signature, some with the headline of another."""
    dice = random.Random(draw(st.integers(0, 2**32)))
    originals = [[dice.getrandbits(32) for _ in range(HASHES)] for _ in range(3)]
    articles = []
    for number in range(draw(st.integers(0, 25))):
        hashes = list(dice.choice(originals))
        for place in dice.sample(range(HASHES), dice.choice([0, 10, 24, 25, 26, 27, 40, 64])):
            hashes[place] = dice.getrandbits(32)
        if dice.random() < 0.3:
            originals.append(hashes)  # a copy of a copy
        headline = dice.choice(
            ["", "Breaking news", f"A headline of six words {dice.randrange(9)}"]
        )
        articles.append(signed(number, hashes if dice.random() < 0.9 else [], headline))
    return articles


@settings(max_examples=examples(60), deadline=None)
@given(some_articles())
def test_the_stories_are_those_of_comparing_every_pair(articles: list[ArchivedArticle]) -> None:
    """Bands find candidates; what is verified is the same as without them."""
    assert grouped(articles) == naive(articles)


def test_two_signatures_just_alike_share_a_band_wherever_they_differ() -> None:
    """39 of 64 hashes are a copy (0.6), 38 are not; the 25 that differ spread as evenly as can
    be.
    """
    spread = [2 * n for n in range(25)]
    for count, alike in ((25, True), (26, False)):
        places = [*spread, 50][:count]
        other = [n + 1000 if n in places else n for n in range(HASHES)]
        pair = [signed(1, range(HASHES)), signed(2, other)]
        assert (len(copies.group(pair)) == 1) is alike


def test_the_earliest_leads_and_stories_stand_in_the_order_given() -> None:
    """Copies follow by time."""
    words = "Ministers sign an agreement in town"
    late, early, other = (
        signed(1, (), words, minute=9),
        signed(2, (), words, minute=3),
        signed(3, (), "Quite another thing happened somewhere else"),
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
    words = "Ministers sign an agreement in town"
    articles = [
        kept(n, headline=words, published=None if d is None else a_date(NOW + timedelta(days=d)))
        for n, d in enumerate(dates)
    ]
    (story,) = copies.group(articles)
    assert (story.lead.id, len(story.members)) == (lead, len(dates))


def test_short_headlines_and_missing_signatures_join_nothing() -> None:
    """Four equal words are too generic, and two texts too short to sign have nothing in common."""
    assert len(copies.group([signed(n, (), "Four words, no more") for n in range(3)])) == 3
    assert copies.group([]) == ()


def test_copies_of_one_dispatch_under_other_headlines_are_one_story() -> None:
    """From real texts: the same 80 words, each with its own first line."""
    body = " ".join(f"word{n}" for n in range(80))
    texts = [f"Our own correspondent {n} writes {body}" for n in range(10)]
    articles = [
        replace(kept(n, text, headline=f"Headline {n}"), fingerprint=fingerprint.compute(text))
        for n, text in enumerate(texts)
    ]
    (story,) = copies.group(articles)
    assert len(story.copies) == 9


def a_press(size: int) -> list[ArchivedArticle]:
    """A press of so many articles: one in four is a copy, one in eight a relative that shares a
    third of its text, the others stand alone."""
    dice = random.Random(size)
    articles: list[ArchivedArticle] = []
    for number in range(size):
        hashes = [dice.getrandbits(32) for _ in range(HASHES)]
        kind = number % 8
        if kind < 3 and articles:
            old = [int.from_bytes(h) for h in _hashes(dice.choice(articles[-200:]))]
            places = dice.sample(range(HASHES), 50 if kind < 2 else 21)
            hashes = [old[n] if n in places else hashes[n] for n in range(HASHES)]
        articles.append(signed(number, hashes))
    return articles


def test_a_thousand_copies_of_one_text_are_compared_a_few_times_each() -> None:
    """The worst case for buckets: all share every band."""
    hashes = list(range(HASHES))
    articles = []
    for number in range(1000):
        own = hashes.copy()
        own[number % HASHES] = 10_000 + number
        articles.append(signed(number, own))
    calls = []

    def counting(a: bytes, b: bytes) -> bool:
        calls.append(1)
        return copies.are_similar(a, b)

    (story,) = copies.group(articles, counting)
    assert len(story.members) == 1000
    assert len(calls) < 5_000
