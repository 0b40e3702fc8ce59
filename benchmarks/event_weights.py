"""The weights of ``crawler.stories.events.score``, fitted by logistic regression.

Pairs that tell one event and pairs that don't are those of the dev half of ``tests/events``, as far
as both stand in the window. Pairs of real articles of one day are added as further examples of two
events, those that are not nearly the same text: 350 Arabic and 350 French ones of other years, so
that none tells what another does but by exception. The weight of days is given: in a set of short
stories, all reports come within a day, and the press takes longer.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import combinations
from operator import mul
from typing import Protocol

from crawler.stories.events import EventFeatures, Rarity
from crawler.stories.events.score import WINDOW, Likeness, WeighedFeatures, compare, weigh

DAYS = -1.2  # log odds a day
ROUNDS, SHRINKAGE = 500, 0.002
SAMPLED = 0.25  # of the pairs of real articles
HARD = 3.0  # points in a rough sum, from which a pair of real articles is worth learning from
SAME_TEXT = 0.65, 0.5  # share of names, likeness of words: such a pair may tell one event
SEED = 3

Example = tuple[bool, float, list[float]]
"""Whether it is one event, what days contribute, and the other parts with 1.0 before them."""


class Told(Protocol):
    """An article, and the event that it tells."""

    @property
    def event(self) -> str:
        """A name that is the same for all articles about the event."""

    @property
    def features(self) -> EventFeatures:
        """What it is compared by."""


def fit(told: Sequence[Told], real: Sequence[Told]) -> str:
    """The weights as a text: ``base -5.19  names 6.34 …``."""
    names = [name for name in asdict(_likenesses(_weighed(told))[0][1]) if name != "days"]
    examples = [*_examples(told), *_hard_examples(real)]
    weights = _regress(examples)
    shown = zip(["base", *names], weights, strict=True)
    return "  ".join(f"{name} {weight:.2f}" for name, weight in shown) + f"  days {DAYS}"


def _weighed(told: Sequence[Told]) -> list[WeighedFeatures]:
    features = [one.features for one in told]
    rarity = Rarity.of(features)
    return [weigh(one, rarity) for one in features]


def _likenesses(weighed: Sequence[WeighedFeatures]) -> list[tuple[tuple[int, int], Likeness]]:
    return [
        ((n, m), compare(weighed[n], weighed[m]))
        for n, m in combinations(range(len(weighed)), 2)
        if abs(weighed[n].article.published_at - weighed[m].article.published_at) < WINDOW
    ]


def _examples(told: Sequence[Told]) -> Iterator[Example]:
    for (n, m), likeness in _likenesses(_weighed(told)):
        yield _example(told[n].event == told[m].event, likeness)


def _hard_examples(real: Sequence[Told]) -> Iterator[Example]:
    weighed = _weighed(real)
    dice = random.Random(SEED)
    for n, m in combinations(range(len(weighed)), 2):
        if dice.random() >= SAMPLED:
            continue
        found = compare(weighed[n], weighed[m])
        rough = 6 * (found.names + found.words + found.meanings) + 3 * found.numbers
        if rough > HARD and found.names < SAME_TEXT[0] and found.words < SAME_TEXT[1]:
            yield _example(False, found)


def _example(is_one: bool, likeness: Likeness) -> Example:
    parts = asdict(likeness)
    days = parts.pop("days")
    return is_one, DAYS * days, [1.0, *parts.values()]


def _regress(examples: Sequence[Example]) -> list[float]:
    """Gradient descent with a step for each weight (AdaGrad)."""
    positive = sum(is_one for is_one, _, _ in examples)
    weights = [0.0] * len(examples[0][2])
    weights[0] = -4.0
    squares = [1e-8] * len(weights)
    for _ in range(ROUNDS):
        slopes = [0.0] * len(weights)
        for is_one, given, parts in examples:
            odds = max(-30.0, min(30.0, given + sum(map(mul, weights, parts))))
            error = 1 / (1 + math.exp(-odds)) - is_one
            if abs(error) > 1e-3:
                slopes = [slope + error * part for slope, part in zip(slopes, parts, strict=True)]
        for n, slope in enumerate(slopes):
            step = slope / positive + (SHRINKAGE * weights[n] if n else 0.0)
            squares[n] += step * step
            weights[n] -= step / math.sqrt(squares[n])
    return weights
