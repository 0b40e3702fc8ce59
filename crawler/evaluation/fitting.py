"""Fit a topic's points to judged texts, and say how good they are on texts they were not fitted to.

::

    observations ─► five folds by event ─► sums out of fold ─► thresholds, P, R, F1, what remains
                └─► one fit on all ─► points

A fold's texts are judged by points fitted to the other folds, rounded as a file has them. The same
event is never on both sides. Labels that need another are flagged only where that one is. Pure.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from crawler.evaluation.measures import ALL, ConfusionMatrix
from crawler.evaluation.observations import Observation
from crawler.evaluation.regression import Fit, fit_weights
from crawler.matching.topics import MAX_POINTS, POINTS_TO_DOUBLE_THE_ODDS, Label, Topic

FOLDS = 5
# Of the squared weights, in log odds. Between 0.3 and 4 nothing changed that could be told from
# chance; more makes points that are alike.
PENALTY = 2.0
# A text of the background in the fit: there may be thousands, and few of them are near the line.
BACKGROUND_WEIGHT = 0.3
# That a label's threshold aims at, on judged texts: half of them are chosen for being hard.
PRECISION = 0.9
DOUBTFUL_RECALL = 0.98  # of the texts that belong to a label, so many reach at least the watch list
PLATEAU = 5  # points to either side of a threshold over which F1 is averaged: one text tips it less
F1_TOLERANCE = 0.005  # what cannot be told from chance with some hundred judged texts
DOUBTFUL_POINTS = 20  # below the line: at least what has a quarter of the odds is on the watch list
_POINTS_PER_LOG_ODDS = POINTS_TO_DOUBLE_THE_ODDS / math.log(2)


class TooFewError(ValueError):
    """There are not enough judged texts of both kinds to fit anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedLine:
    """A line of evidence with its new points, and in how many judged texts it holds."""

    name: str
    against: bool
    points: int
    before: int
    right: int  # texts that belong to the label
    wrong: int  # texts that don't
    gain: float  # how much less likely the truth is without the line, in bits over all texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A text's sum of points, out of fold, and what followed from it."""

    observation: Observation
    wanted: bool
    points: int | None  # None: the label's rule does not hold
    flagged: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedLabel:
    """A label's new numbers, and how its judged texts fare by cross-validation."""

    label: str
    start: int
    holds_from: int
    doubtful_from: int
    lines: tuple[FittedLine, ...]
    judged: tuple[Judged, ...]  # in the observations' order
    examples: tuple[Judged, ...]  # the topic's own
    background: int  # texts that belong to no label, and in which the rule holds
    background_flagged: tuple[Judged, ...]

    def matrix(self, language: str = ALL) -> ConfusionMatrix:
        """Right and wrong answers out of fold, of texts in this language."""
        counts = ConfusionMatrix()
        for one in self.judged:
            if language in (ALL, one.observation.language):
                counts = counts.plus(one.flagged, one.wanted)
        return counts


def fit_topic(
    topic: Topic,
    observations: Sequence[Observation],
    background: Sequence[Observation] = (),
    examples: Sequence[Observation] = (),
    *,
    precision: float = PRECISION,
    penalty: float = PENALTY,
) -> tuple[FittedLabel, ...]:
    """The labels that have evidence, fitted in the topic's order.

    ``examples`` are the topic's own: they teach as the judged texts do, and are not counted among
    them.

    Raises TooFewError where a label lacks judged texts of both kinds, or that which it needs flags
    none of them; MissingExtraError without scipy.
    """
    sets = _Sets(observations, examples, background)
    fitted: list[FittedLabel] = []
    flagged: dict[str, frozenset[int] | None] = {}  # by label, as for _fit_label
    for label in topic.labels.values():
        open_to = flagged[label.needs] if label.needs is not None else None
        flagged[label.name] = open_to  # without evidence: wherever its rule holds
        if label.evidence:
            found, flagged[label.name] = _fit_label(label, open_to, sets, precision, penalty)
            fitted.append(found)
    return tuple(fitted)


@dataclass(frozen=True, slots=True)
class _Sets:
    """What there is to learn from."""

    judged: Sequence[Observation]
    examples: Sequence[Observation]
    background: Sequence[Observation]


def _fit_label(
    label: Label,
    open_to: frozenset[int] | None,
    sets: _Sets,
    precision: float,
    penalty: float,
) -> tuple[FittedLabel, frozenset[int]]:
    """The label fitted, and the identities of the texts that it flags, whether or not they were
    judged for it. ``open_to`` are those that the label which it needs flags, None for all.
    """
    told = [one for one in sets.judged if label.name in one.truth]
    heard = [one for one in (*told, *sets.examples) if label.name in one.rules]
    behind = [one for one in sets.background if label.name in one.rules]
    _check_enough(label, heard, behind)
    rows = heard + behind
    seen = [one for one in (*sets.judged, *sets.examples, *behind) if label.name in one.rules]
    sums = _sums_out_of_fold(label, rows, seen, penalty)
    whole = _fit(label, rows, penalty)
    best = _threshold(label, rows, sums, open_to, precision)
    holds_from = _nearest_for_examples(label, whole, sets.examples, best)
    flagged = frozenset(
        text
        for text, points in sums.items()
        if points >= holds_from and (open_to is None or text in open_to)
    )

    def judged(one: Observation) -> Judged:
        return Judged(
            observation=one,
            wanted=one.truth.get(label.name, False),
            points=sums.get(id(one)),
            flagged=id(one) in flagged,
        )

    found = FittedLabel(
        label=label.name,
        start=whole.start,
        holds_from=holds_from,
        doubtful_from=_doubtful_from(label, heard, sums, holds_from),
        lines=_lines(label, whole, heard),
        judged=tuple(map(judged, told)),
        examples=tuple(map(judged, sets.examples)),
        background=len(behind),
        background_flagged=tuple(one for one in map(judged, behind) if one.flagged),
    )
    return found, flagged


def _check_enough(
    label: Label, heard: Sequence[Observation], behind: Sequence[Observation]
) -> None:
    events = {
        wanted: {one.cluster for one in heard if one.truth[label.name] == wanted}
        for wanted in (True, False)
    }
    events[False] |= {one.cluster for one in behind}
    if min(map(len, events.values())) < FOLDS:
        raise TooFewError(
            f"{label.name}: the rule holds in judged texts of {len(events[True])} events that "
            f"belong to it and of {len(events[False])} that don't; fitting takes {FOLDS} of each: "
            f"judge more (rasd judge --ask 30), give --background, or let the rule hold in more"
        )


def fold_of(one: Observation) -> int:
    """The fold of a text, by its event: the same for every set of texts that it is part of."""
    return hashlib.sha256(one.cluster.encode()).digest()[0] % FOLDS


# ── points ────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Card:
    """Points as a file has them, and the weights that they were rounded from."""

    start: int
    points: tuple[int, ...]
    fit: Fit


def _fit(label: Label, rows: Sequence[Observation], penalty: float) -> _Card:
    fit = fit_weights(
        [one.lines[label.name] for one in rows],
        [one.truth.get(label.name, False) for one in rows],
        [one.weight for one in rows],
        [line.against for line in label.evidence],
        penalty,
    )
    return _Card(_rounded(fit.start), tuple(map(_rounded, fit.weights)), fit)


def _sums_out_of_fold(
    label: Label, rows: Sequence[Observation], seen: Sequence[Observation], penalty: float
) -> dict[int, int]:
    """The points of each text ``seen``, by its identity: by a card fitted to ``rows`` of the other
    folds.
    """
    cards = {
        fold: _fit(label, [one for one in rows if fold_of(one) != fold], penalty)
        for fold in sorted(set(map(fold_of, seen)))
    }
    return {id(one): _sum(cards[fold_of(one)], one, label) for one in seen}


def _rounded(weight: float) -> int:
    return max(-MAX_POINTS, min(MAX_POINTS, round(weight * _POINTS_PER_LOG_ODDS)))


def _sum(card: _Card, one: Observation, label: Label) -> int:
    return card.start + sum(card.points[n] for n in one.lines[label.name])


def _lines(label: Label, card: _Card, heard: Sequence[Observation]) -> tuple[FittedLine, ...]:
    found = []
    for n, line in enumerate(label.evidence):
        holding = [one for one in heard if n in one.lines[label.name]]
        right = sum(one.truth[label.name] for one in holding)
        found.append(
            FittedLine(
                name=line.name,
                against=line.against,
                points=card.points[n],
                before=line.points,
                right=right,
                wrong=len(holding) - right,
                gain=round(_gain(label, card.fit, n, holding), 2),
            )
        )
    return tuple(found)


def _gain(label: Label, fit: Fit, n: int, holding: Sequence[Observation]) -> float:
    """The bits that the line saves in telling these texts apart: where it does not hold, it saves
    none.
    """
    without = replace(fit, weights=(*fit.weights[:n], 0.0, *fit.weights[n + 1 :]))
    lost = 0.0
    for one in holding:
        sign = 1 if one.truth[label.name] else -1
        lines = one.lines[label.name]
        lost += _surprise(sign * without.sum(lines)) - _surprise(sign * fit.sum(lines))
    return lost


def _surprise(odds: float) -> float:
    """The bits of an event with these log odds."""
    return (max(-odds, 0.0) + math.log1p(math.exp(-abs(odds)))) / math.log(2)


# ── thresholds ────────────────────────────────────────────────────────────────────────────────


def _threshold(
    label: Label,
    rows: Sequence[Observation],
    sums: Mapping[int, int],
    open_to: frozenset[int] | None,
    precision: float,
) -> int:
    """The sum from which the label holds: of those with the precision aimed at, or with the best
    there is, the lowest around which F1 is as good as anywhere: a missed story costs more than a
    false alarm. Texts count by their weight.
    """
    counted = [
        (sums[id(one)], one.truth.get(label.name, False), one.weight)
        for one in rows
        if open_to is None or id(one) in open_to
    ]
    if not counted:
        raise TooFewError(
            f"{label.name}: no text in which its rule holds is flagged as {label.needs}, which it "
            "needs"
        )
    wanted = sum(one.weight for one in rows if one.truth.get(label.name, False))

    def measured(at: int) -> tuple[float, float]:
        """(precision, F1) of a threshold."""
        right = sum(weight for points, true, weight in counted if points >= at and true)
        flagged = sum(weight for points, _, weight in counted if points >= at)
        return right / flagged if flagged else 0.0, 2 * right / (flagged + wanted)

    low, high = min(points for points, _, _ in counted), max(points for points, _, _ in counted)
    at_each = {at: measured(at) for at in range(low - PLATEAU, high + PLATEAU + 1)}

    f1 = {
        at: sum(at_each[near][1] for near in range(at - PLATEAU, at + PLATEAU + 1))
        / (2 * PLATEAU + 1)
        for at in range(low, high + 1)
    }
    precise = [at for at in f1 if at_each[at][0] >= precision] or [
        max(f1, key=lambda at: at_each[at][0])
    ]
    enough = max(f1[at] for at in precise) - F1_TOLERANCE
    return min(at for at in precise if f1[at] >= enough)


def _doubtful_from(
    label: Label, heard: Sequence[Observation], sums: Mapping[int, int], holds_from: int
) -> int:
    """The sum that nearly all texts reach which belong to the label."""
    reached = sorted(sums[id(one)] for one in heard if one.truth[label.name])
    lowest = reached[int(len(reached) * (1 - DOUBTFUL_RECALL))]
    return min(lowest, holds_from - DOUBTFUL_POINTS)


def _nearest_for_examples(
    label: Label, card: _Card, examples: Sequence[Observation], best: int
) -> int:
    """Of the thresholds that are as good (within ``PLATEAU``), the one with which most of the
    topic's own examples hold.
    """
    told = [
        (_sum(card, one, label), one.truth[label.name])
        for one in examples
        if label.name in one.rules
    ]

    def wrong(at: int) -> tuple[int, int]:
        return sum((points >= at) != wanted for points, wanted in told), abs(at - best)

    return min(range(best - PLATEAU, best + PLATEAU + 1), key=wrong)


# ── how sure ──────────────────────────────────────────────────────────────────────────────────

_Z = 1.96  # of a normal distribution: 95 of 100 lie within


def interval(part: int, of: int) -> tuple[float, float] | None:
    """Where a share lies with 95 % confidence (Wilson's score interval); None of nothing."""
    if not of:
        return None
    share, z = part / of, _Z * _Z / of
    middle = (share + z / 2) / (1 + z)
    half = _Z * math.sqrt(share * (1 - share) / of + z / (4 * of)) / (1 + z)
    return round(max(0.0, middle - half), 3), round(min(1.0, middle + half), 3)


def f1_interval(counts: ConfusionMatrix) -> tuple[float, float] | None:
    """The interval of F1, by that of Jaccard's share, of which F1 is a function: 2 J / (1 + J)."""
    right = counts.true_positives
    found = interval(right, right + counts.false_positives + counts.false_negatives)
    return (
        None
        if found is None
        else (round(2 * found[0] / (1 + found[0]), 3), round(2 * found[1] / (1 + found[1]), 3))
    )
