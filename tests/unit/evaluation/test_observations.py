"""What a topic's scorecards see in a text: which rules hold, and which lines of evidence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crawler import matching, seeds
from crawler.evaluation import LabelledItem
from crawler.evaluation.observations import (
    Observation,
    observe,
    observe_background,
    observe_examples,
)
from crawler.matching.fields import Fields
from crawler.matching.topics import Topic
from tests.unit.evaluation.judged import an_item
from tests.unit.matching.parts.texts import ROUND_UPS

TOPIC = """\
title: {en: T}
labels:
  dams:
    title: {en: dams}
    rule: dam
    speaks_for:
      a minister: {points: 9, rule: minister}
      no minister: {points: 0, rule: NOT minister}
    speaks_against:
      a film: {points: -9, rule: film}
  leaks:
    title: {en: leaks}
    rule: leak
    needs: dams
    speaks_for:
      a crack: {points: 1, rule: crack}
matches:
  - {text: "The minister at the dam.", labels: [dams]}
misses:
  - {text: "Rain."}
"""


@pytest.fixture(scope="module")
def topic() -> Topic:
    """Two labels, of which one needs the other."""
    return seeds.load({"topics/t.yml": TOPIC}, kinds=["feed"]).topics["t"]


def pair(item: LabelledItem) -> tuple[LabelledItem, Fields]:
    """An item with its fields."""
    return item, matching.text_fields(item.title, item.text, language=item.language)


def seen(topic: Topic, text: str, **truth: bool) -> Observation:
    """What the cards see in a judged text."""
    (found,) = observe([pair(an_item(1, text, **truth))], topic)
    return found


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Rain.", {}),
        ("A leak and a crack.", {}),  # what the label needs does not stand there
        ("The dam.", {"dams": (1,)}),
        ("The minister at the dam, in a film.", {"dams": (0, 2)}),
        ("The dam has a leak: a crack, the minister said.", {"dams": (0,), "leaks": (0,)}),
    ],
)
def test_lines_are_seen_where_the_rule_holds(
    topic: Topic, text: str, lines: dict[str, tuple[int, ...]]
) -> None:
    """By their place on the card; their points have no part in it."""
    found = seen(topic, text, dams=True)
    assert (found.lines, found.rules) == (lines, frozenset(lines))


def test_what_was_not_judged_is_not_in_the_truth(topic: Topic) -> None:
    """A judged text says nothing of labels that were not asked about."""
    assert seen(topic, "The dam.", leaks=False).truth == {"leaks": False}


def test_a_text_without_a_cluster_is_an_event_of_its_own(topic: Topic) -> None:
    """It is named by its id, and by the beginning of its text where it has no title."""
    item = replace(an_item(7, "The dam. " * 20, dams=True), difficulty="")
    first, second = observe([pair(item), pair(replace(item, cluster="c", title="Dam"))], topic)
    assert (first.cluster, first.title, first.weight) == ("7", ("The dam. " * 20)[:80], 1.0)
    assert (second.cluster, second.title) == ("c", "Dam")


def test_examples_are_judged_for_every_label(topic: Topic) -> None:
    """They get the labels that they name and no other; each is an event."""
    first, second = observe_examples(topic)
    assert (first.truth, second.truth) == (
        {"dams": True, "leaks": False}, {"dams": False, "leaks": False},
    )  # fmt: skip
    assert first.id == first.cluster == f"line {topic.examples[0].line}" != second.id


def test_of_a_background_only_texts_with_a_rule_are_seen(topic: Topic) -> None:
    """They belong to no label, whatever their file says of any."""
    items = [an_item(n, text, dams=True) for n, text in enumerate(("Rain.", "The dam.", "A leak."))]
    (found,) = observe_background(map(pair, items), topic, 0.3)
    assert (found.id, found.weight, found.truth) == ("1", 0.3, {"dams": False, "leaks": False})


def test_of_several_stories_the_one_that_decides_is_seen(topic: Topic) -> None:
    """A line of another story is none of this one."""
    headline, body = ROUND_UPS["datelines"]
    body = f"{body}\nROME – The dam is shown to the minister.\nPARIS – A film was awarded a prize."
    item = replace(an_item(1, body, dams=True), title=headline)
    (found,) = observe([pair(item)], topic)
    assert found.lines == {"dams": (0,)}
