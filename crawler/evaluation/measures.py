"""Measure a topic on labelled texts: precision, recall, F1, and the errors. Pure.

Precision is the share of flagged items that are right, recall the share of right items that were
flagged, F1 their harmonic mean; a value with denominator 0 is None.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from crawler.evaluation.labelled import LabelledItem
from crawler.model import Match

ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfusionMatrix:
    """Counts of right and wrong answers for one label."""

    true_positives: int = 0
    false_positives: int = 0
    false_negatives: int = 0
    true_negatives: int = 0

    def plus(self, flagged: bool, wanted: bool) -> ConfusionMatrix:
        """The counts with one more answer."""
        name = (
            f"{'true' if flagged == wanted else 'false'}_{'positives' if flagged else 'negatives'}"
        )
        return replace(self, **{name: getattr(self, name) + 1})

    @property
    def items(self) -> int:
        """The number of answers."""
        wrong = self.false_positives + self.false_negatives
        return self.true_positives + self.true_negatives + wrong

    @property
    def precision(self) -> float | None:
        """The share of flagged items that are right; None if none was flagged."""
        return _share(self.true_positives, self.false_positives)

    @property
    def recall(self) -> float | None:
        """The share of right items that were flagged; None if none is right."""
        return _share(self.true_positives, self.false_negatives)

    @property
    def f1(self) -> float | None:
        """The harmonic mean of precision and recall."""
        return _share(2 * self.true_positives, self.false_positives + self.false_negatives)


def _share(part: int, rest: int) -> float | None:
    return round(part / (part + rest), 4) if part + rest else None


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationRow:
    """One line of the table; ``all`` stands for every language or every difficulty."""

    label: str
    language: str
    difficulty: str
    matrix: ConfusionMatrix


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """A match that differs from the person's judgement."""

    item: LabelledItem
    label: str
    flagged: bool
    verdict: Match


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """The result for labelled items: the table's rows, and the disagreements in the items'
    order.
    """

    items: int
    rows: tuple[EvaluationRow, ...]
    errors: tuple[Disagreement, ...]


def evaluate(judged: Iterable[tuple[LabelledItem, Match]]) -> Evaluation:
    """Count by label, language and difficulty, with sums, and collect every disagreement."""
    tallies: dict[tuple[str, str, str], ConfusionMatrix] = {}
    errors: list[Disagreement] = []
    count = 0
    for item, verdict in judged:
        count += 1
        for label, wanted in item.truth.items():
            flagged = label in verdict.labels
            for key in _keys(item, label):
                tallies[key] = tallies.get(key, ConfusionMatrix()).plus(flagged, wanted)
            if flagged != wanted:
                errors.append(
                    Disagreement(item=item, label=label, flagged=flagged, verdict=verdict)
                )
    return Evaluation(items=count, rows=_rows(tallies), errors=tuple(errors))


def _keys(item: LabelledItem, label: str) -> Iterator[tuple[str, str, str]]:
    for language in dict.fromkeys((item.language or "und", ALL)):
        for difficulty in dict.fromkeys((item.difficulty or ALL, ALL)):
            yield label, language, difficulty


def _rows(tallies: dict[tuple[str, str, str], ConfusionMatrix]) -> tuple[EvaluationRow, ...]:
    """By label in order of appearance; then languages and difficulties by name, sums first."""
    labels = list(dict.fromkeys(label for label, _, _ in tallies))

    def order(key: tuple[str, str, str]) -> tuple[int, bool, str, bool, str]:
        label, language, difficulty = key
        return labels.index(label), language != ALL, language, difficulty != ALL, difficulty

    return tuple(
        EvaluationRow(label=key[0], language=key[1], difficulty=key[2], matrix=tallies[key])
        for key in sorted(tallies, key=order)
    )
