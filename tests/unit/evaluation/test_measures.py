"""How well a topic judges is counted rightly, and what common words false alarms have is asked,
not applied.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler import evaluation
from crawler.errors import RasdError
from crawler.evaluation import ConfusionMatrix, LabelledItem, LabelsError
from crawler.model import Match
from crawler.seeds import Seeds
from crawler.views import evaluation as views_evaluation

LABELS = ("general", "special")


def an_item(
    number: int = 1,
    text: str = "words",
    language: str = "en",
    difficulty: str = "easy",
    **truth: bool,
) -> LabelledItem:
    """A labelled text."""
    return LabelledItem(
        id=str(number), title="", text=text, truth=truth, language=language, difficulty=difficulty
    )


def a_verdict(*labels: str) -> Match:
    """A verdict with these labels."""
    return Match(
        topic="t", version="v", labels=labels, score=dict.fromkeys(labels, 0.7), mentions=()
    )


def lines(*rows: Any) -> list[str]:
    """Rows as JSON lines."""
    return [row if isinstance(row, str) else json.dumps(row) for row in rows]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("{", "f.jsonl:2: not JSON: "),
        ("[1]", "f.jsonl:2: not a JSON object"),
        ({"text": "x", "general": True}, 'f.jsonl:2: the key "id" is missing'),
        ({"id": "b", "general": True}, 'f.jsonl:2: neither "title" nor "text"'),
        (
            {"id": "b", "text": "x", "general": "yes"},
            "f.jsonl:2: the label \"general\" is 'yes', neither true nor false",
        ),
        (
            {"id": "b", "text": "x", "other": True},
            "f.jsonl:2: none of the topic's labels (general, special) is judged here; it has other",
        ),
        ({"id": "b", "text": ["x"], "general": True}, "f.jsonl:2: \"text\" is ['x'], not text"),
        (
            {"id": "a", "text": "x", "general": True},
            "f.jsonl:2: the id 'a' stands already in line 1",
        ),
    ],
)
def test_a_line_that_is_no_item_is_named_with_file_and_line(row: Any, said: str) -> None:
    """What was found, where, and what was meant: nothing is skipped in silence."""
    good = {"id": "a", "text": "x", "general": True}
    with pytest.raises(LabelsError) as raised:
        evaluation.parse_labelled_items(lines(good, row), LABELS, "f.jsonl")
    (problem,) = raised.value.problems
    assert problem.startswith(said)


def test_every_bad_line_is_reported_at_once_and_an_empty_file_is_one() -> None:
    """An analyst mends a file in one go."""
    with pytest.raises(LabelsError) as raised:
        evaluation.parse_labelled_items(lines("{", "", "[]"), LABELS, "f")
    assert [p.split(": ")[0] for p in raised.value.problems] == ["f:1", "f:3"]
    with pytest.raises(LabelsError, match="f:1: no labelled item"):
        evaluation.parse_labelled_items([], LABELS, "f")


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


def test_a_word_common_to_false_alarms_is_asked_about() -> None:
    """The share among false alarms and elsewhere comes with the question; others' words are
    not.
    """
    alarms = [
        (an_item(n, f"The cup number{n} of the year", general=False), a_verdict("general"))
        for n in range(4)
    ]
    others = [
        (an_item(n, f"The visit number{n} of the year", general=True), a_verdict("general"))
        for n in range(10, 16)
    ]
    (found,) = evaluation.suggest_words_against([*alarms, *others], "general")
    assert str(found) == (
        "general: 'cup' stands in 4 of 4 false alarms and in 0 of 6 other texts: should it speak against the label?"
    )
    assert evaluation.suggest_words_against([*alarms[:2], *others], "general") == []
    assert evaluation.suggest_words_against([*alarms, *others[:3]], "general") == []


def test_the_topic_is_told_by_the_labels_that_a_file_judges(seeds: Seeds) -> None:
    """Several topics may ship; the file says itself which of them it is about."""
    topic = next(iter(seeds.topics.values()))
    other = {"else": topic, "mine": topic}
    assert views_evaluation.topic_of_labels(seeds.topics, None, set(topic.labels)) is topic
    with pytest.raises(RasdError, match="which topic"):
        views_evaluation.topic_of_labels(other, None, set(topic.labels))
