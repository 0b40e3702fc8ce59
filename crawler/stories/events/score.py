"""Whether two articles tell the same event: log odds over what they share. Pure.

::

    names      share of the names of the text in Latin letters that the other has too
    words      for two Arabic texts, in which names are not marked: likeness of their words
    numbers    share of the numbers of the text with fewer
    meanings   likeness of what happens, by the meanings of words and the lexicon's concepts
    template   likeness of the words, as far as the headlines have words that the other text lacks
    days       between the two reports
    retelling  1 if only one of them names an earlier year

A feature weighs by its place and by its rarity in its language, so that what all articles have says
nothing. ``log_odds`` is the sum of these, each times its weight; from 0 on, it is more likely than
not that they tell the same event. The weights were fitted by logistic regression on the pairs of
the ``dev`` half of ``tests/events`` and on pairs of unrelated articles of real newspapers:
``python -m benchmarks.events --fit``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from crawler.stories.events.features import HEADLINE, EventFeatures
from crawler.stories.events.rarity import Rarity

WINDOW = timedelta(days=6)  # between two reports of one event; a later one tells what came of it
_DAY = timedelta(days=1)
_KINDS = {"n": "names", "m": "meanings", "#": "numbers", "w": "words"}
# Weight that every text is taken to have besides: what short texts share, they share by chance.
_SMOOTHING = {"names": 2.0, "meanings": 1.0, "numbers": 1.0, "words": 1.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class WeighedFeatures:
    """An article whose features are weighed by their rarity."""

    article: EventFeatures
    weights: Mapping[str, Mapping[str, float]]  # by kind, then by key
    totals: Mapping[str, float]  # by kind, the sum of the squared weights


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """What two articles share, each from 0 to 1, and what parts them; see above."""

    names: float
    words: float
    numbers: float
    meanings: float
    template: float
    days: float
    retelling: float
    both_arabic: float  # 1 if there are words in the place of names


WEIGHTS = Likeness(
    names=5.6,
    words=2.3,
    numbers=5.8,
    meanings=7.8,
    template=-3.0,
    days=-1.2,
    retelling=-1.0,
    both_arabic=0.2,
)
BASE = -5.3


def weigh(article: EventFeatures, rarity: Rarity) -> WeighedFeatures:
    """The article with its features weighed by this table."""
    weights: dict[str, dict[str, float]] = {kind: {} for kind in _KINDS.values()}
    for key, place in article.keys.items():
        rare = rarity.of_key(key, article.language) * _information(key)
        weights[_KINDS[key[0]]][key] = place * math.sqrt(rare)
    totals = {kind: sum(w * w for w in found.values()) for kind, found in weights.items()}
    return WeighedFeatures(article=article, weights=weights, totals=totals)


def _information(key: str) -> float:
    """How much a number can say: small ones are shared by chance."""
    if key[0] != "#":
        return 1.0
    return {3: 0.4, 4: 0.7}.get(len(key), 1.0)  # "#:7", "#:27"


def compare(a: WeighedFeatures, b: WeighedFeatures) -> Likeness:
    """What two articles share."""
    one, other = a.article, b.article
    both_arabic = one.language == other.language == "ar"
    gap = abs(one.published_at - other.published_at)
    return Likeness(
        names=0.0 if both_arabic else _share(a, b, "names", _marked(a, b)),
        words=_likeness(a, b, "words") if both_arabic else 0.0,
        numbers=_share(a, b, "numbers", min(a.totals["numbers"], b.totals["numbers"])),
        meanings=_likeness(a, b, "meanings"),
        template=_template(a, b),
        days=gap / _DAY,
        retelling=float(one.retells != other.retells),
        both_arabic=float(both_arabic),
    )


def log_odds(a: WeighedFeatures, b: WeighedFeatures) -> float:
    """How likely two articles tell one event, as log odds: 0 is one half."""
    found = compare(a, b)
    return (
        BASE
        + WEIGHTS.names * found.names
        + WEIGHTS.words * found.words
        + WEIGHTS.numbers * found.numbers
        + WEIGHTS.meanings * found.meanings
        + WEIGHTS.template * found.template
        + WEIGHTS.days * found.days
        + WEIGHTS.retelling * found.retelling
        + WEIGHTS.both_arabic * found.both_arabic
    )


def _marked(a: WeighedFeatures, b: WeighedFeatures) -> float:
    """The weight of the names of the text that marks them, by capitals; of two, the lesser."""
    marked = [one.totals["names"] for one in (a, b) if one.article.language != "ar"]
    return min(marked)


def _template(a: WeighedFeatures, b: WeighedFeatures) -> float:
    """Of two telegrams made of one mould, the words are nearly the same, but not whom they name."""
    if a.article.language != b.article.language:
        return 0.0
    apart = min(_missing(a, b), _missing(b, a))
    return (1 - math.exp(-apart)) * _likeness(a, b, "words") ** 2 if apart else 0.0


def _missing(a: WeighedFeatures, b: WeighedFeatures) -> float:
    """The weight of the words of a's headline that b lacks."""
    words = a.weights["words"]
    headline = (key for key in words if a.article.keys[key] >= HEADLINE)
    return sum(words[key] ** 2 for key in headline if key not in b.weights["words"])


def _share(a: WeighedFeatures, b: WeighedFeatures, kind: str, of: float) -> float:
    return min(1.0, _shared(a, b, kind) / (of + _SMOOTHING[kind]))


def _likeness(a: WeighedFeatures, b: WeighedFeatures, kind: str) -> float:
    """The cosine of the angle between the two."""
    smoothing = _SMOOTHING[kind]
    size = math.sqrt((a.totals[kind] + smoothing) * (b.totals[kind] + smoothing))
    return _shared(a, b, kind) / size


def _shared(a: WeighedFeatures, b: WeighedFeatures, kind: str) -> float:
    few, many = sorted((a.weights[kind], b.weights[kind]), key=len)
    return sum(weight * many[key] for key, weight in few.items() if key in many)
