"""What ``rasd explain`` and ``rasd doubtful`` print."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import get_args

import pytest

from crawler import matching
from crawler.matching.explanation import Explanation, Replay, explain
from crawler.matching.topics import Evidence, Label, Topic
from crawler.model import Actor, ArchivedArticle, HeldEvidence, Mention
from crawler.query import Word
from crawler.views import explanation, explanation_html
from tests.builders import a_match, kept
from tests.unit.views.terminal import printed

BODY = "The river rose. The dam held."
RIVER = Mention(field="body", start=4, end=9, concept="water", term="river", text="river")
DAM = Mention(field="body", start=20, end=23, concept="works", term="dam", text="dam")
MATCH = replace(
    a_match("general", mentions=(RIVER, DAM)),
    doubtful=("special",),
    score={"general": 0.8, "special": 0.4, "other": 0.1},
    themes=("flood",),
    actors=(Actor(name="A. Writer", role="minister", side="works"),),
    taken_away=(replace(DAM, text="dam it", reason="trap of works"),),
)


@pytest.mark.parametrize("state", get_args(Replay))
def test_every_replay_has_its_sentence(state: Replay) -> None:
    """With the version and labels of today's topic where they differ."""
    today = replace(a_match("general"), version="v9")
    line = explanation.replay(Explanation(topic="water", state=state, verdict=MATCH, today=today))
    assert line and "{" not in line
    assert ("v9" in line and "general" in line) == (state == "older")


def test_each_label_has_a_state() -> None:
    """Those that hold first, then the doubtful, then those only scored."""
    assert explanation.label_states(MATCH) == [
        ("general", 0.8, "holds"),
        ("special", 0.4, "doubtful"),
        ("other", 0.1, "lacks"),
    ]


def test_an_explanation_on_a_terminal() -> None:
    """Labels with scores, themes, actors, each sentence with the places of its words."""
    one = Explanation(topic="water", state="reproduced", verdict=MATCH, today=MATCH)
    article = kept(7, BODY, oddities=("garbled",))
    text = printed(explanation.explanation_text(article, [one]))
    for line in (
        "7 · news · en · http://news.test/a",
        "odd: garbled",
        "water  version v1",
        "general 0.80  holds",
        "special 0.40  doubtful",
        "other 0.10  does not hold",
        "themes: flood",
        "actor: A. Writer · minister · works",
        "«The river rose.»",
        "body 4–9  water: river",
        "«The dam held.»",
        "not counted: dam it  body 20–23  works: trap of works",
    ):
        assert line in text
    assert "the seeds hold none" in printed(explanation.explanation_text(article, []))


def test_an_explanation_as_data_has_todays_verdict() -> None:
    """None if the topic is gone."""
    today = Explanation(topic="water", state="older", verdict=MATCH, today=a_match("general"))
    gone = replace(today, state="gone", today=None)
    first, second = explanation.explanation_row(kept(7, BODY), [today, gone])["verdicts"]
    assert first["today"]["labels"] == ["general"] and first["replay"] == "older"
    assert second["today"] is None
    assert [m["sentence"] for m in first["mentions"]] == ["The river rose.", "The dam held."]


NEAR = {
    "label": "general", "start": -6, "points": -2, "holds_from": 0, "needs": None, "failed": [],
}  # fmt: skip


def a_nearly_flagged_article() -> tuple[ArchivedArticle, list[Explanation], dict[str, Topic]]:
    """An article in which the label is two points short, with its explanation."""
    article, topics = kept(7, "A flood of water came.", headline="Water"), {"water": a_topic()}
    article = replace(article, matches=matching.match(article.article, topics.values()))
    return article, explain(article, topics), topics


def test_an_article_just_under_the_line_says_which_condition_failed() -> None:
    """The sum against the threshold, the lines that held, and those that did not, with the reason;
    each sentence stands once, with a number that its lines name."""
    article, explained, topics = a_nearly_flagged_article()
    assert article.matches[0].doubtful == ("general",)
    text = printed(explanation.explanation_text(article, explained, topics))
    for line in (
        "general 0.47  doubtful: -2 points, 0 needed: 2 short",
        "-6  to start with",
        "+4  a flood  [1]",
        "would have spoken for it:",
        "+20  a dam: not in the text: the word “a dam”",
        "+9  a river: not in the text: the word “a river”",
        "[1] «A flood of water came.»",
    ):
        assert line in text, text
    assert text.count("A flood of water came.") == 1 and "a boat" not in text
    (card,) = explanation.explanation_row(article, explained, topics)["verdicts"][0]["cards"]
    assert {key: card[key] for key in NEAR} == NEAR
    assert [(line["name"], line["points"]) for line in card["missing"]] == [
        ("a dam", 20), ("a river", 9),
    ]  # fmt: skip
    assert card["missing"][0]["failed"][0]["kind"] == "absent"


def test_the_page_shows_a_sentence_once_with_its_lines() -> None:
    """And what is missing, as the terminal does."""
    article, explained, topics = a_nearly_flagged_article()
    page, _, _ = explanation_html.page(article, explained, topics).partition("<details>")
    plain = re.sub(r"<[^>]+>", "", page)
    assert plain.count("A flood of water came.") == 1
    assert (
        "-2 points, 0 needed: 2 short" in plain
        and "-6to start with" in plain
        and "not in the text: the word “a dam”" in plain
    )
    assert 'href="#s1-1"' in page and 'id="s1-1"' in page


def test_a_verdict_of_an_older_version_is_not_mixed_with_todays_cards() -> None:
    """They follow by themselves."""
    article, _, topics = a_nearly_flagged_article()
    old = replace(article.matches[0], version="old", labels=("general",), doubtful=(), evidence=())
    article = replace(article, matches=(old,))
    text = printed(explanation.explanation_text(article, explain(article, topics), topics))
    first, _, today = text.partition("by today's topic")
    assert "general 0.47  holds\n" in first and "short" not in first
    assert "general  -2 points, 0 needed: 2 short" in today


def test_the_topic_that_came_near_is_explained_first() -> None:
    """Before those whose rule does not even hold, whatever their names."""
    _, _, topics = a_nearly_flagged_article()
    far = replace(topics["water"], slug="any", labels={
        "general": replace(topics["water"].labels["general"], rule=Word("desert"))
    })  # fmt: skip
    found = explain(kept(7, "A flood of water came."), {"any": far, **topics})
    assert [one.topic for one in found] == ["water", "any"]


def a_topic() -> Topic:
    """A topic ``water`` with one card."""
    lines = [
        Evidence(name=name, rule=Word(name) if points != 4 else Word("flood"), points=points)
        for name, points in (("a flood", 4), ("a river", 9), ("a dam", 20), ("a boat", 0))
    ]
    card = Label(
        name="general", title={"en": "general"}, rule=Word("water"), evidence=tuple(lines),
        start=-6, holds_from=0, doubtful_from=-10,
    )  # fmt: skip
    return Topic(
        slug="water", title={"en": "Water"}, labels={"general": card}, concepts={}, version="v1"
    )


@pytest.mark.parametrize(
    ("held", "version", "missing"),
    [
        ((), "v1", {"label": "general", "points": 6, "line": "a river", "would_add": 9}),
        (("a flood",), "v1", {"label": "general", "points": 2, "line": "a river", "would_add": 9}),
        (("a river",), "v1", None),  # it waits for something else
        ((), "v0", None),  # the card may have been another
    ],
)
def test_what_is_doubtful_says_what_it_lacks(
    held: tuple[str, ...], version: str, missing: dict[str, object] | None
) -> None:
    """The points that are missing, and the line that would just have been enough."""
    points = {"a flood": 4, "a river": 9}
    evidence = tuple(HeldEvidence(label="general", name=n, points=points[n]) for n in held)
    match = replace(
        a_match(), version=version, doubtful=("general",), score={"general": 0.4}, evidence=evidence
    )
    (row,) = explanation.doubtful_rows(
        [replace(kept(1, BODY), matches=(match,))], {"water": a_topic()}
    )
    assert row["missing"] == missing
    if missing:
        said = printed(explanation.doubtful_text([row]))
        assert f"{missing['points']} points short: no a river (+9)" in said


def test_the_watch_list_is_sorted_by_score() -> None:
    """Of the topics asked for, with the sentence that has most concepts."""
    near = replace(a_match(mentions=(RIVER, DAM)), doubtful=("general",), score={"general": 0.3})
    nearer = replace(near, score={"general": 0.45})
    articles = [
        replace(kept(1, BODY), matches=(near,)),
        replace(kept(2, BODY, headline=""), matches=(nearer,)),
        replace(kept(3, BODY), matches=(a_match("general"),)),
    ]
    topic = a_topic()
    rows = explanation.doubtful_rows(articles, {"water": topic})
    assert [(row["id"], row["score"]) for row in rows] == [
        (2, {"general": 0.45}),
        (1, {"general": 0.3}),
    ]
    assert explanation.doubtful_rows(articles, {"other": topic}) == []
    text = printed(explanation.doubtful_text(rows))
    assert "     2  http://news.test/a" in text and "water: general 0.45" in text
    assert "The river rose." in text and "rasd judge ID yes|no" in text
    assert "nothing stood just under the line" in printed(explanation.doubtful_text([]))
