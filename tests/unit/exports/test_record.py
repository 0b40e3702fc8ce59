"""The one record of an archived article."""

from __future__ import annotations

import json
from dataclasses import fields as fields_of
from dataclasses import replace
from datetime import timedelta, timezone
from pathlib import Path

import pytest

from crawler.exports.record import ArticleRecord, article_record, country_of
from crawler.model import Actor, ArchivedArticle, HeldEvidence, Match, Mention
from crawler.views import fields
from tests.builders import NOW, a_date, a_match, a_source, an_article, kept

BODY = "Rain fell.\n\nThe river rose by a metre. It fell again."
RIVER = Mention(field="body", start=16, end=21, concept="water", term="river", text="river")
HEAD = Mention(field="headline", start=0, end=4, concept="water", term="dam", text="Dams")
MINISTER = Actor(name="A. Minister", role="minister", side="water")
ROSE = HeldEvidence(
    label="general", name="a river rises", points=12, field="body", start=16, end=21
)
ABSENT = HeldEvidence(label="general", name="no drought", points=-3)
PAGE = Path(__file__).parents[3] / "docs" / "reference" / "article-record.md"


def flagged() -> ArchivedArticle:
    """An article that two topics flagged, one of them for one label only nearly."""
    water = replace(
        a_match("general", mentions=(RIVER,)),
        score={"general": 0.8, "floods": 0.4},
        doubtful=("floods", "security"),
        evidence=(ROSE, ABSENT),
        themes=("rain",),
        actors=(MINISTER,),
    )
    security = Match(
        topic="security",
        version="v2",
        labels=("general", "security"),
        score={"general": 0.9, "security": 0.6},
        mentions=(),
        themes=("rain", "police"),
        actors=(MINISTER,),
    )
    article = kept(7, BODY, headline="Dams are full", published=a_date(), authors=("B", "A"))
    return replace(article, matches=(security, water))


def test_what_topics_say_is_said_once() -> None:
    """Labels, themes and actors of all topics; the highest score; doubtful is what none gave."""
    record = article_record(flagged())
    assert record.labels == ("general", "security") and record.doubtful == ("floods",)
    assert record.score == {"general": 0.9, "security": 0.6, "floods": 0.4}
    assert record.themes == ("rain", "police") and record.actors == (MINISTER,)


def test_evidence_comes_with_its_sentence() -> None:
    """None where a line asks for what is not there."""
    record = article_record(flagged())
    assert [(e.topic, e.label, e.name, e.points, e.sentence) for e in record.evidence] == [
        ("water", "general", "a river rises", 12, "The river rose by a metre."),
        ("water", "general", "no drought", -3, ""),
    ]


def test_a_search_adds_its_answer() -> None:
    """The mentions, and the first one's sentence unless the headline has it."""
    found = article_record(flagged(), answer=a_match(mentions=(RIVER,)))
    assert (found.mentions, found.sentence) == ((RIVER,), "The river rose by a metre.")
    found = article_record(flagged(), answer=a_match(mentions=(HEAD, RIVER)))
    assert (found.mentions, found.sentence) == ((HEAD, RIVER), "")
    assert article_record(flagged()) == replace(found, mentions=())


@pytest.mark.parametrize("article", [flagged(), kept(8)], ids=["flagged", "bare"])
def test_a_row_is_json_with_every_field(article: ArchivedArticle) -> None:
    """In the order of the fields, and with the keys and values that other answers have."""
    answer = a_match(mentions=(RIVER,))
    row = article_record(article, country="MA", answer=answer).row()
    assert json.loads(json.dumps(row)) == row
    assert list(row) == [field.name for field in fields_of(ArticleRecord)]
    assert row == row | fields.archived_row(article) | fields.text_row(article.article)
    assert row["matches"] == [fields.match_row(match) for match in article.matches]
    assert row["mentions"] == [fields.mention_row(RIVER)] and row["country"] == "MA"


def test_times_of_a_row_are_utc() -> None:
    """Whatever zone they came in."""
    at = NOW.astimezone(timezone(timedelta(hours=1)))
    article = replace(kept(7), kept_at=at, article=an_article(published=a_date(at)))
    row = article_record(article).row()
    assert row["kept_at"] == row["published_at"] == "2026-11-23T10:00:00+00:00"


def test_the_country_is_that_of_the_seeds() -> None:
    """None once the source is gone from them."""
    source = a_source(country="IQ")
    assert country_of("news", {"news": source}) == "IQ" and country_of("gone", {}) is None


def test_the_page_describes_every_field() -> None:
    """In its order."""
    text = PAGE.read_text(encoding="utf-8")
    described = [line.split("`")[1] for line in text.splitlines() if line.startswith("| `")]
    assert described == [field.name for field in fields_of(ArticleRecord)]
