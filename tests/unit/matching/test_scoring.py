"""Scorecards: what a line adds, what decides a label, what the proof says of it."""

from __future__ import annotations

import pytest

from crawler import matching, seeds
from crawler.matching import scoring
from crawler.matching.topics import Topic
from crawler.model import HeldEvidence, Match

LEXICON = {
    "lexicon/river.yml": "title: {en: river}\nterms: {en: [river]}\n",
    "lexicon/dam.yml": "title: {en: dam}\nterms: {en: [dam]}\n",
}
CARD = """\
title: {en: T}
groups:
  both: concept:river SAME SENTENCE concept:dam
labels:
  dams:
    title: {en: dams}
    rule: concept:river AND concept:dam
    start: -15
    holds_from: 5
    doubtful_from: -10
    speaks_for:
      a river and a dam in one sentence: {points: 20, rule: "@both"}
      both in the headline: {points: 5, rule: "headline:@both"}
    speaks_against:
      a match: {points: -8, rule: match}
      no minister: {points: -1, rule: NOT minister}
"""


def topic(card: str = CARD) -> Topic:
    """A topic with one card, ``dams``."""
    return seeds.load(LEXICON | {"topics/t.yml": card}, kinds=["feed"]).topics["t"]


def judged(headline: str, body: str, card: str = CARD) -> Match:
    """The match of a text by the topic."""
    return matching.match_text(headline, body, topic(card))


@pytest.mark.parametrize(
    ("headline", "body", "points", "labels", "doubtful"),
    [
        ("", "The minister at the river dam.", 5, ("dams",), ()),
        ("", "The river dam.", 4, (), ("dams",)),
        ("River dam", "The minister.", 10, ("dams",), ()),
        ("", "The minister at the river dam, a match.", -3, (), ("dams",)),
        ("", "The minister at the river. A dam, a match.", -23, (), ()),
    ],
)
def test_the_sum_of_points_decides(
    headline: str, body: str, points: int, labels: tuple[str, ...], doubtful: tuple[str, ...]
) -> None:
    """The start and each line that holds; what speaks against lowers the sum and forbids
    nothing."""
    found = judged(headline, body)
    card = topic().labels["dams"]
    assert (found.labels, found.doubtful) == (labels, doubtful)
    assert found.score["dams"] == card.score(points)
    if labels or doubtful:
        assert scoring.points_of(found, card) == points


def test_what_must_be_there_at_all_is_the_rule() -> None:
    """No points lift a text over the line in which the rule does not hold."""
    found = judged("", "The minister at the river.")
    assert (found.labels, found.doubtful, found.score) == ((), (), {})


@pytest.mark.parametrize("points", range(-300, 301))
def test_a_score_and_its_points_say_the_same(points: int) -> None:
    """At least one half where the points are enough, less where they are not; it rises with
    them."""
    card = topic().labels["dams"]
    assert (card.score(points) >= 0.5) == (points >= card.holds_from)
    assert card.score(points) <= card.score(points + 1) <= 1
    # the odds of ten points more are twice as good: from 1 : 1 to 2 : 1
    assert (card.score(5), card.score(15), card.score(-5)) == (0.5, 0.67, 0.33)


def test_the_proof_has_each_line_that_holds_with_its_points_and_its_place() -> None:
    """The weightiest first; a line that asks for what is not there has no place."""
    found = judged("", "A match. The river dam.")
    assert found.evidence == (
        HeldEvidence(
            label="dams", name="a river and a dam in one sentence", points=20, field="body",
            start=13, end=22,
        ),
        HeldEvidence(label="dams", name="a match", points=-8, field="body", start=2, end=7),
        HeldEvidence(label="dams", name="no minister", points=-1),
    )  # fmt: skip
    assert {m.text for m in found.mentions} == {"river", "dam"}  # what speaks for the label


def test_what_is_missing_is_named_the_most_telling_first() -> None:
    """Lines that speak for the label and do not hold."""
    card = topic().labels["dams"]
    found = judged("", "The river dam.")
    assert [e.name for e in scoring.missing_evidence(found, card)] == ["both in the headline"]


def test_a_label_that_needs_another_does_not_outdo_it() -> None:
    """Without the other label it does not hold; doubtful at most where the other is."""
    more = "  rain: {title: {en: r}, rule: rain, needs: dams}\n"
    alone = judged("", "Rain.", CARD + more)
    assert (alone.labels, alone.doubtful, alone.score) == ((), (), {})
    assert judged("", "Rain at the river dam, minister.", CARD + more).labels == ("dams", "rain")
    near = judged("", "Rain at the river dam.", CARD + more)
    assert (near.labels, near.doubtful) == ((), ("dams", "rain"))
    assert near.score["rain"] <= near.score["dams"] < 0.5


def test_a_label_without_evidence_holds_with_its_rule() -> None:
    """A rule is enough for a small topic; its words are the proof."""
    card = (
        "title: {en: T}\nlabels: {dams: {title: {en: d}, rule: concept:river NEAR/3 concept:dam}}\n"
    )
    found = judged("", "The river dam.", card)
    assert (found.labels, found.score, found.evidence) == (("dams",), {"dams": 0.5}, ())
    assert [m.text for m in found.mentions] == ["river", "dam"]


def test_mentions_come_in_reading_order_and_once() -> None:
    """A mention that supports several lines is one mention: headline first, then the body."""
    found = judged("River and dam", "Dam, river, dam. The minister.")
    places = [(m.field, m.start) for m in found.mentions]
    assert len(places) == len(set(places)) == 5
    assert places == sorted(places, key=lambda place: (place[0] != "headline", place[1]))
