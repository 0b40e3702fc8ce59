"""A text of several stories is judged story by story; what is foreign to it counts nowhere."""

from __future__ import annotations

from itertools import permutations

import pytest

from crawler import matching, seeds
from crawler.matching import explanation
from crawler.matching.document import Document
from crawler.matching.parts.documents import stories_of
from crawler.matching.topics import Topic
from crawler.model import Match
from crawler.query import parse
from tests.builders import kept
from tests.unit.matching.parts.test_stories import PAINTING, SNOW
from tests.unit.matching.parts.texts import PROSE

FILES = {
    "lexicon/river.yml": "title: {en: river}\nterms: {en: [river], fr: [fleuve]}\n",
    "lexicon/dam.yml": "title: {en: dam}\nterms: {en: [dam], fr: [barrage]}\n",
    "topics/t.yml": """\
title: {en: T}
labels:
  dams:
    title: {en: dams}
    rule: concept:river AND concept:dam
    start: -15
    holds_from: 5
    doubtful_from: -15
    speaks_for:
      both in three sentences: {points: 20, rule: (concept:river SAME SENTENCE concept:dam) >= 3}
      a dam in the headline: {points: 20, rule: "headline:concept:dam"}
      in the lead: {points: 1, rule: "lead:(concept:river AND concept:dam)"}
    speaks_against:
      a match: {points: -20, rule: match}
""",
}
ROUND_UP = "The region in brief"
DAM = (
    "OSLO – The river has reached the dam. Engineers fear for the dam if the river goes on rising. "
    "Below the dam the river has left its bed."
)
TRAMS = "VIENNA – Tram drivers voted for a strike on Monday; the match is put off."
PICTURE = "LISBON – A painting thought lost was found in a school."


@pytest.fixture(scope="module")
def topic() -> Topic:
    """One label: three sentences of river and dam, or a headline, decide."""
    return seeds.load(FILES, kinds=["feed"]).topics["t"]


def judged(topic: Topic, headline: str, body: str) -> Match:
    """The match; each mention is a word of the whole text."""
    found = matching.match_text(headline, body, topic, language="en")
    fields = {"headline": headline, "body": body}
    for mention in (*found.mentions, *found.taken_away):
        assert fields[mention.field][mention.start : mention.end] == mention.text
    return found


def said(found: Match) -> set[str]:
    """The names of the lines of evidence that hold."""
    return {line.name for line in found.evidence}


@pytest.mark.parametrize("stories", [*permutations((DAM, TRAMS, PICTURE))])
def test_a_story_counts_the_same_before_another_and_behind_it(
    topic: Topic, stories: tuple[str, ...]
) -> None:
    """Three sentences decide wherever they stand, and what another story says is not held
    against them.
    """
    body = "\n".join(stories)
    found = judged(topic, ROUND_UP, body)
    assert found.labels == ("dams",) and said(found) == {"both in three sentences", "in the lead"}
    begins = body.index(DAM)
    assert len(found.mentions) == 6
    assert all(begins <= m.start < m.end <= begins + len(DAM) for m in found.mentions)
    for line in found.evidence:
        assert begins <= line.start < line.end <= begins + len(DAM)
    assert found.score == judged(topic, "", DAM).score


def test_items_side_by_side_are_no_pair(topic: Topic) -> None:
    """A river in one story and a dam in the next: none is about a river's dam."""
    items = ("OSLO – The river rose.", "VIENNA – The dam was painted.", PICTURE)
    apart = judged(topic, ROUND_UP, "\n".join(items))
    assert (apart.labels, apart.doubtful, apart.score) == ((), (), {})
    assert judged(topic, ROUND_UP, " ".join(items)).doubtful == ("dams",)


def test_three_sentences_of_three_stories_are_not_three_of_one(topic: Topic) -> None:
    """What is counted is counted within a story."""
    items = [f"{town} – The river has reached the dam." for town in ("OSLO", "VIENNA", "LISBON")]
    found = judged(topic, ROUND_UP, "\n".join(items))
    assert found.labels == () and said(found) == {"in the lead"}


@pytest.mark.parametrize("turned", [False, True])
def test_a_headline_counts_for_the_part_that_it_is_about(topic: Topic, turned: bool) -> None:
    """``headline:`` may hold in the story that goes on with it, and in the whole."""
    parts = (PAINTING, SNOW) if turned else (SNOW, PAINTING)
    fields = matching.text_fields("Neige au barrage : les chasse-neige", "\n***\n".join(parts))
    document = Document.from_fields(fields, matching.get_matcher(topic).vocabulary)
    whole, *stories = stories_of(document, fields.texts)
    rule = parse("headline:concept:dam")
    assert whole is document and whole.evaluate(rule)[0]
    assert [one.evaluate(rule)[0] for one in stories] == [not turned, turned]


def test_the_headline_of_a_round_up_is_about_none_of_its_stories(topic: Topic) -> None:
    """It announces; a name in it would make each story one of that name."""
    items = (DAM.replace("dam", "wall"), TRAMS, PICTURE)
    found = judged(topic, f"{ROUND_UP}: a dam, trams, a picture", "\n".join(items))
    assert (found.labels, found.doubtful) == ((), ())


def test_what_is_foreign_is_not_counted_and_says_why(topic: Topic) -> None:
    """A pointer to another story is none of this one, neither its concepts nor its words."""
    pointer = "READ MORE: A match at the river and its dam"
    body = f"{PROSE}\n{pointer}\n{PROSE}"
    document = matching.get_matcher(topic).story(matching.text_fields("A river", body))
    assert {(m.text, m.reason) for m in document.excluded} == {
        ("river", "headline of another story"),
        ("dam", "headline of another story"),
    }
    assert judged(topic, "A river", body).score == {}
    own = judged(topic, "River and dam", body)
    assert "a match" not in said(own) and own.labels == ("dams",)
    assert [m.reason for m in own.taken_away] == ["headline of another story"] * 2
    without = judged(topic, "River and dam", f"{PROSE}\n{PROSE}")
    assert own.score == without.score and own.evidence == without.evidence


def test_what_is_foreign_supports_no_ambiguous_name() -> None:
    """A town that is also a word needs its country in the story, not in a pointer to another."""
    lexicon = "title: {en: land}\nterms: {en: [Ruritania, {term: Zenda, ambiguous: true}]}\n"
    topic = "title: {en: T}\nlabels: {land: {title: {en: land}, rule: concept:land}}\n"
    files = {"lexicon/land.yml": lexicon, "topics/t.yml": topic}
    chosen = seeds.load(files, kinds=["feed"]).topics["t"]
    pointer = "READ MORE: Ruritania votes"
    alone = matching.match_text("Zenda", f"{PROSE}\n{PROSE}", chosen)
    pointed = matching.get_matcher(chosen).story(
        matching.text_fields("Zenda", f"{PROSE}\n{pointer}\n{PROSE}")
    )
    named = matching.match_text("Zenda", f"{PROSE}\nRuritania votes.\n{PROSE}", chosen)
    assert (alone.labels, named.labels) == ((), ("land",))
    assert not pointed.evaluate(parse("concept:land"))[0]
    reasons = [(m.text, m.reason == "headline of another story") for m in pointed.excluded]
    assert reasons == [("Ruritania", True), ("Zenda", False)]


def test_an_explanation_is_of_the_story_that_decided(topic: Topic) -> None:
    """What nothing flagged shows the same story's evidence, and a replay is the same."""
    body = "\n".join((TRAMS, DAM, PICTURE))
    found = judged(topic, ROUND_UP, body)
    article = kept(1, body, headline=ROUND_UP)
    (one,) = explanation.explain(article, {"t": topic})
    assert (one.state, one.today) == ("would", found)
    weak = DAM.replace("the river goes on", "it goes on")
    body = "\n".join((TRAMS, weak, "LISBON – The dam was painted."))
    (one,) = explanation.explain(kept(1, body, headline=ROUND_UP), {"t": topic})
    assert one.state == "would" and one.verdict.doubtful == ("dams",)
    begins = body.index(weak)
    assert all(begins <= m.start < begins + len(weak) for m in one.verdict.mentions)
    unseen = "\n".join((TRAMS, "OSLO – The river rose.", "LISBON – The dam was painted."))
    (one,) = explanation.explain(kept(1, unseen, headline=ROUND_UP), {"t": topic})
    assert one.state == "unflagged" and len({m.concept for m in one.verdict.mentions}) <= 1


def test_the_lines_that_are_fitted_are_those_of_the_story_that_decides(topic: Topic) -> None:
    """A fit learns from what a match would be judged by."""
    fields = matching.text_fields(ROUND_UP, "\n".join((TRAMS, DAM, PICTURE)), language="en")
    assert matching.get_matcher(topic).held_lines(fields) == {"dams": (0, 2)}
