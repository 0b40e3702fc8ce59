"""What ``rasd eval`` and ``rasd judge`` print and store."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crawler.errors import NotFoundError, RasdError
from crawler.evaluation import LabelledItem, evaluate
from crawler.matching.topics import Topic
from crawler.model import ArchivedArticle, Match, Verdict, VerdictName
from crawler.seeds import Seeds
from crawler.views import evaluation
from tests.builders import NOW, a_match, kept
from tests.unit.views.an_app import an_app
from tests.unit.views.terminal import printed


def an_item(topic: Topic, text: str, *labels: str) -> LabelledItem:
    """A text to which exactly these labels of the topic belong."""
    truth = {name: name in labels for name in topic.labels}
    return LabelledItem(id="x", title="", text=text, truth=truth, language="ar", difficulty="easy")


def test_each_error_comes_with_its_proof(topic: Topic) -> None:
    """A false alarm with the words that raised it, a miss with a line that says there are none."""
    alarm = an_item(topic, next(e.text for e in topic.examples if e.labels))
    miss = an_item(topic, "Nothing of the kind.", *topic.labels)
    done = evaluate([(item, evaluation.match_item(item, topic)) for item in (alarm, miss)])
    row = evaluation.evaluation_row(done, topic)
    assert (row["items"], row["suggestions"]) == (2, [])
    by_kind = {error["wanted"]: error["verdict"] for error in row["errors"]}
    assert by_kind[True]["mentions"] == [] and by_kind[False]["mentions"]
    assert all(m["text"] in m["sentence"] for m in by_kind[False]["mentions"])
    total = next(r for r in row["rows"] if r["language"] == r["difficulty"] == "all")
    assert total["false_positives"] + total["false_negatives"] == 2
    text = printed(evaluation.evaluation_text(row))
    assert "FALSE ALARM" in text and "MISSED" in text
    assert "nothing that the rules look for stands here" in text and "(no title)" in text


def test_a_rate_without_items_is_a_dash(topic: Topic) -> None:
    """Nothing flagged has no precision, and 0.000 would be a lie."""
    item = an_item(topic, "Nothing of the kind.")
    row = evaluation.evaluation_row(evaluate([(item, evaluation.match_item(item, topic))]), topic)
    assert row["rows"][0]["precision"] is None
    assert "–" in printed(evaluation.evaluation_text(row))


def matched(topic: Topic, *labels: str, doubtful: tuple[str, ...] = ()) -> ArchivedArticle:
    """An article with this match of the topic."""
    match = Match(
        topic=topic.slug, version="v", labels=labels, score={}, mentions=(), doubtful=doubtful
    )
    return replace(kept(5), matches=(match,))


def about(article: ArchivedArticle, topic: Topic, verdict: str, label: str | None = None) -> str:
    """The label that a verdict is about."""
    return evaluation.analyst_verdict(article, topic, verdict, label, NOW).label


def test_a_verdict_is_about_the_label_under_which_the_article_stands(topic: Topic) -> None:
    """The most special label held, else the doubtful one; ``missed``, the first not given."""
    first, last = topic.labels
    assert about(matched(topic, first, last), topic, "not") == last
    assert about(matched(topic, first), topic, "relevant") == first
    assert about(matched(topic, doubtful=(first,)), topic, "not") == first
    assert about(matched(topic, first), topic, "missed") == last
    assert about(kept(5), topic, "missed") == first
    assert about(matched(topic, first, last), topic, "not", first) == first


@pytest.mark.parametrize(
    ("word", "label", "problem"),
    [
        ("maybe", None, "no verdict"),
        ("not", "x", "has no label 'x'"),
        ("missed", None, "was not missed"),
        ("missed", 0, "was not missed"),
    ],
)
def test_verdicts_without_a_meaning_are_refused(
    topic: Topic, word: str, label: str | int | None, problem: str
) -> None:
    """Each with the reason."""
    name = list(topic.labels)[label] if isinstance(label, int) else label
    with pytest.raises(RasdError, match=problem):
        about(matched(topic, *topic.labels), topic, word, name)
    with pytest.raises(RasdError, match="did not flag 5"):
        about(kept(5), topic, "not")


def test_the_topic_of_a_verdict_is_the_one_that_matched(topic: Topic) -> None:
    """Unless it is named; of an article without a match it is the only one there is."""
    topics = {topic.slug: topic, "other": topic}
    article = matched(topic, *topic.labels)
    assert evaluation.topic_of_article(article, topics, None) is topic
    assert evaluation.topic_of_article(kept(5), {topic.slug: topic}, None) is topic
    with pytest.raises(RasdError, match="which topic"):
        evaluation.topic_of_article(kept(5), topics, None)


def test_the_topic_is_inferred_from_the_label_and_choices_are_named(topic: Topic) -> None:
    """A label that one topic has needs no ``--topic``; of two that matched, both are named with
    what they gave."""
    first, last = topic.labels
    lake = replace(topic, slug="lakes", labels={"lake": topic.labels[first]})
    topics = {topic.slug: topic, "lakes": lake}
    assert evaluation.topic_of_article(kept(5), topics, None, "lake") is lake
    both = replace(
        kept(5),
        matches=(
            replace(a_match(first, last), topic=topic.slug),
            replace(a_match(), topic="lakes", doubtful=("lake",)),
        ),
    )
    assert evaluation.topic_of_article(both, topics, None, "lake") is lake
    assert evaluation.topic_of_article(both, topics, "lakes") is lake
    with pytest.raises(RasdError) as caught:
        evaluation.topic_of_article(both, topics, None)
    assert str(caught.value) == (
        f"which topic? 5 has {first}, {last} of {topic.slug}; doubtful: lake of lakes; "
        f"give --topic: {topic.slug}, lakes"
    )
    with pytest.raises(RasdError, match="no topic matched 5; give --topic"):
        evaluation.topic_of_article(kept(5), topics, None)
    with pytest.raises(
        NotFoundError, match=f"no topic has a label 'x'; known: {first}, {last}, lake"
    ):
        evaluation.topic_of_article(both, topics, None, "x")


def test_yes_and_no_need_no_knowledge_of_what_the_topic_did(topic: Topic) -> None:
    """Yes is ``relevant`` where the label was given and ``missed`` where it was not."""
    first, last = topic.labels

    def said(article: ArchivedArticle, word: str, label: str | None = None) -> tuple[str, str]:
        verdict = evaluation.analyst_verdict(article, topic, word, label, NOW)
        return verdict.verdict, verdict.label

    assert said(matched(topic, first, last), "yes") == ("relevant", last)
    assert said(matched(topic, first), "yes", last) == ("missed", last)
    assert said(matched(topic, doubtful=(first,)), "yes") == ("missed", first)
    assert said(kept(5), "yes") == ("missed", first)
    assert said(matched(topic, first), "no") == ("not", first)
    assert said(matched(topic, doubtful=(first,)), "no") == ("not", first)


def a_verdict(topic: Topic, article: int, word: VerdictName, label: str) -> Verdict:
    """What an analyst said."""
    return Verdict(article_id=article, topic=topic.slug, label=label, verdict=word, said_at=NOW)


def test_the_archive_is_measured_on_what_analysts_judged(seeds: Seeds, topic: Topic) -> None:
    """A false alarm and a miss of today's topic, whichever labels were stored."""
    label = next(iter(topic.labels))
    text = next(e.text for e in topic.examples if label in e.labels)
    articles = [kept(1, text, headline=""), kept(2, "Nothing.", headline="")]
    verdicts = [a_verdict(topic, 1, "not", label), a_verdict(topic, 2, "missed", label)]
    row = evaluation.evaluated_archive(an_app(seeds, articles=articles, verdicts=verdicts), None)
    assert (row["topic"], row["items"]) == (topic.slug, 2)
    assert {(e["id"], e["wanted"]) for e in row["errors"]} == {("1", False), ("2", True)}


def test_without_verdicts_there_is_nothing_to_measure(seeds: Seeds, topic: Topic) -> None:
    """Nor if all are about labels that the topic no longer has."""
    with pytest.raises(NotFoundError, match="no article has been judged yet"):
        evaluation.evaluated_archive(an_app(seeds), None)
    gone = [a_verdict(topic, 1, "not", "gone")]
    with pytest.raises(NotFoundError, match=f"judged for {topic.slug} yet"):
        evaluation.evaluated_archive(an_app(seeds, verdicts=gone), topic.slug)
