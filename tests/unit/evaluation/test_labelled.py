"""A file of labelled texts is read whole, or every mistake in it is named."""

from __future__ import annotations

import json
from typing import Any

import pytest

from crawler import evaluation
from crawler.errors import RasdError
from crawler.evaluation import LabelsError
from crawler.seeds import Seeds
from crawler.views import evaluation as views_evaluation

LABELS = ("general", "special")


def lines(*rows: Any) -> list[str]:
    """Rows as JSON lines."""
    return [row if isinstance(row, str) else json.dumps(row) for row in rows]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("{", "f.jsonl:2: not JSON: "),
        ("[" * 100_000, "f.jsonl:2: not JSON: "),
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


def test_a_table_has_judgements_as_numbers_and_null_is_none() -> None:
    """As pandas writes them; an exported article with a column of one's own is an item."""
    record = {"id": 3, "headline": "h", "lead": "l", "body": "b", "language": "fr"}
    rows = (
        {"id": "a", "text": "x", "general": 1, "special": None},
        {"id": "b", "text": "x", "general": 0.0, "special": True},
        record | {"published_has_time": True, "general": True},
    )
    items = evaluation.parse_labelled_items(lines(*rows), LABELS, "f")
    assert [item.truth for item in items] == [
        {"general": True},
        {"general": False, "special": True},
        {"general": True},
    ]
    assert (items[2].id, items[2].title, items[2].text, items[2].language) == (
        "3", "h", "l\n\nb", "fr",
    )  # fmt: skip
    assert evaluation.find_judged_labels(lines(*rows)) >= {"general", "special"}


def test_every_bad_line_is_reported_at_once_and_an_empty_file_is_one() -> None:
    """An analyst mends a file in one go."""
    with pytest.raises(LabelsError) as raised:
        evaluation.parse_labelled_items(lines("{", "", "[]"), LABELS, "f")
    assert [p.split(": ")[0] for p in raised.value.problems] == ["f:1", "f:3"]
    with pytest.raises(LabelsError, match="f:1: no labelled item"):
        evaluation.parse_labelled_items([], LABELS, "f")


def test_labels_may_be_partial_and_a_cluster_names_the_event() -> None:
    """What was not judged is not in the truth; what else a line says is left aside."""
    row = {"id": 7, "lang": "ar", "title": "سد", "cluster": "c", "special": False, "note": "x"}
    (item,) = evaluation.parse_labelled_items(lines(row, ""), LABELS, "f")
    assert (item.id, item.language, item.title, item.text) == ("7", "ar", "سد", "")
    assert (item.truth, item.cluster, item.difficulty) == ({"special": False}, "c", "")


def test_the_labels_of_a_file_are_what_any_line_judges() -> None:
    """Invalid lines say nothing."""
    rows = lines({"id": "a", "general": True}, "{", "[" * 100_000, "[]", {"special": False, "n": 1})
    assert evaluation.find_judged_labels(rows) == {"general", "special"}


def test_the_topic_is_told_by_the_labels_that_a_file_judges(seeds: Seeds) -> None:
    """Several topics may ship; the file says itself which of them it is about."""
    topic = next(iter(seeds.topics.values()))
    other = {"else": topic, "mine": topic}
    assert views_evaluation.topic_of_labels(seeds.topics, None, set(topic.labels)) is topic
    with pytest.raises(RasdError, match="which topic"):
        views_evaluation.topic_of_labels(other, None, set(topic.labels))
