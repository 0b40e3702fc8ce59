"""How well a topic judges is counted rightly."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler import evaluation
from crawler.evaluation import ConfusionMatrix
from tests.unit.evaluation.judged import a_verdict, an_item


@given(st.lists(st.tuples(st.booleans(), st.booleans()), max_size=30))
def test_tallies_are_the_textbook_numbers(answers: list[tuple[bool, bool]]) -> None:
    """F1 is the harmonic mean of precision and recall; what has no denominator is None, never 1."""
    tally = ConfusionMatrix()
    for flagged, wanted in answers:
        tally = tally.plus(flagged, wanted)
    right = sum(f and w for f, w in answers)
    flagged_all, wanted_all = sum(f for f, _ in answers), sum(w for _, w in answers)
    assert tally.items == len(answers)
    assert tally.precision == (round(right / flagged_all, 4) if flagged_all else None)
    assert tally.recall == (round(right / wanted_all, 4) if wanted_all else None)
    if tally.precision and tally.recall:
        p, r = right / flagged_all, right / wanted_all
        assert tally.f1 == pytest.approx(2 * p * r / (p + r), abs=1e-4)


def test_sums_stand_beside_each_language_and_difficulty() -> None:
    """Label × language × difficulty, and ``all`` of each; a label without a judgement is not counted."""
    done = evaluation.evaluate(
        [
            (an_item(1, language="ar", difficulty="hard", general=True), a_verdict("general")),
            (an_item(2, language="fr", general=False, special=False), a_verdict("general")),
        ]
    )
    rows = {(r.label, r.language, r.difficulty): r.matrix for r in done.rows}
    assert rows["general", "all", "all"] == ConfusionMatrix(true_positives=1, false_positives=1)
    assert rows["general", "ar", "hard"] == ConfusionMatrix(true_positives=1)
    assert rows["special", "all", "all"] == ConfusionMatrix(true_negatives=1)
    assert [(e.item.id, e.label, e.flagged) for e in done.errors] == [("2", "general", True)]
