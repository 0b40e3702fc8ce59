"""Scores: what a rule that holds is worth, what is added and subtracted, what decides a label."""

from __future__ import annotations

import pytest

from crawler import matching, seeds
from crawler.matching import scoring
from crawler.model import Match

LEXICON = {
    "lexicon/river.yml": "title: {en: river}\nterms: {en: [river]}\n",
    "lexicon/dam.yml": "title: {en: dam}\nterms: {en: [dam]}\n",
}
RULE = "concept:river NEAR/3 concept:dam"
FAR = "one two three four five six seven"


def score(headline: str, body: str, more: str = "") -> Match:
    """The match of a text by a topic with one label, ``dams``, and ``more`` of a topic's file."""
    topic = f"title: {{en: T}}\nlabels:\n  dams: {{title: {{en: dams}}, rule: '{RULE}'}}\n{more}"
    loaded = seeds.load(LEXICON | {"topics/t.yml": topic}, kinds=["feed"])
    return matching.match_text(headline, body, loaded.topics["t"])


@pytest.mark.parametrize(
    ("headline", "body", "expected"),
    [
        ("", "River and dam.", 0.6),  # a text's first words are its lead
        ("River and dam", "Nothing else.", 0.7),
        ("River and dam", "River and dam.", 0.85),  # headline, lead and one further sentence
        ("", "River and dam. " * 20, 0.8),  # further sentences count up to a limit
        ("", f"River {FAR} dam.", 0.34),  # the rule does not hold, but nearly
        ("", "A river.", 0.0),
    ],
)
def test_a_score_says_how_clearly_a_rule_holds(headline: str, body: str, expected: float) -> None:
    """0.5, and more for the headline, the lead and further sentences; below it if the rule does
    not hold."""
    assert score(headline, body).score.get("dams", 0.0) == pytest.approx(expected)


def test_only_a_rule_that_holds_gives_a_label() -> None:
    """A weight lifts no text over the line whose rule does not hold."""
    weights = (
        f"  fires: {{title: {{en: f}}, rule: '{RULE}', weights: [{{rule: fire, add: 0.5}}]}}\n"
    )
    far = score("", f"River {FAR} dam, fire.", weights)
    assert far.labels == () and far.score["fires"] == scoring.MAX_UNLABELLED_SCORE
    near = score("", "River and dam, fire.", weights)
    assert near.labels == ("dams", "fires") and near.score["fires"] == 1.0


def test_noise_takes_a_label_away_and_is_shown() -> None:
    """A label whose score falls below the line is doubtful, and the noise is named."""
    found = score(
        "", "River and dam, a match.", "noise: {sport: {rule: match, less: 0.2}}\ndoubtful: 0.3\n"
    )
    assert (found.labels, found.doubtful) == ((), ("dams",))
    assert [mention.reason for mention in found.taken_away] == ["noise sport"]


def test_a_label_that_needs_another_does_not_outdo_it() -> None:
    """Without the other label it does not hold, and its score is at most the other's."""
    more = "  rain: {title: {en: r}, rule: 'rain', needs: dams}\n"
    alone = score("", "Rain.", more)
    assert alone.labels == () and alone.score.get("rain", 0.0) == 0.0
    assert score("", "Rain at the river dam.", more).labels == ("dams", "rain")


def test_mentions_come_in_reading_order_and_once() -> None:
    """A mention that supports several pairs is one mention: headline first, then the body."""
    found = score("River and dam", "Dam, river, dam.")
    places = [(m.field, m.start) for m in found.mentions]
    assert len(places) == len(set(places)) == 5
    assert places == sorted(places, key=lambda place: (place[0] != "headline", place[1]))
