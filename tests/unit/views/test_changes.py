"""What ``rasd rematch`` and ``rasd backtest`` print."""

from __future__ import annotations

from dataclasses import replace

from crawler.matching.backtest import VerdictChange
from crawler.matching.explanation import Quote
from crawler.model import Mention
from crawler.views import changes
from tests.builders import a_match
from tests.unit.views.terminal import printed

RIVER = Mention(field="body", start=4, end=9, concept="water", term="river", text="river")
QUOTE = Quote(field="body", start=0, end=15, text="The river rose.", mentions=(RIVER, RIVER))
GAINED = VerdictChange(
    article_id=7,
    source="news",
    language="en",
    headline="Rain",
    url="http://news.test/a",
    topic="water",
    before=None,
    after=a_match("general"),
    proof=(QUOTE,),
)
LOST = replace(
    GAINED,
    article_id=8,
    before=a_match("general"),
    after=replace(a_match(), score={"general": 0.3}),
    proof=(),
    taken_away=(replace(RIVER, reason="noise sport"),),
)
SAME = replace(GAINED, article_id=9, before=a_match("general"), after=a_match("general"))


def test_only_articles_whose_labels_changed_are_listed() -> None:
    """A verdict rewritten with the same labels is counted and no more."""
    row = changes.changes_row(30, [GAINED, LOST, SAME])
    counts = {name: row[name] for name in ("articles", "rewritten", "gained", "lost")}
    assert counts == {"articles": 30, "rewritten": 3, "gained": 1, "lost": 1}
    assert [one["id"] for one in row["changes"]] == [7, 8]
    assert row["sources"] == [{"source": "news", "gained": 1, "lost": 1}]
    gained, lost = row["changes"]
    assert (gained["score_before"], gained["score_after"]) == ({}, {"general": 0.8})
    assert gained["proof"][0]["mentions"][0]["field"] == "body"
    assert lost["taken_away"][0]["reason"] == "noise sport"


def test_changes_on_a_terminal_come_with_their_proof() -> None:
    """The sentence, each word once, the scores before and after, what no longer counts."""
    text = printed(changes.changes_text(changes.changes_row(30, [GAINED, LOST])))
    assert text.startswith("30 articles: 1 labels gained, 1 lost, 2 verdicts rewritten")
    assert "+general 0.80" in text and "-general 0.80 to 0.30" in text
    assert "«The river rose.»" in text and text.count("water: river") == 1
    assert "not counted: river (noise sport)" in text


def test_a_back_test_names_its_versions() -> None:
    """A new topic has none to compare with."""
    row = {"topic": "water", "version": "v2", "current": "v1"} | changes.changes_row(0, [])
    assert printed(changes.changes_text(row)).startswith("water v2 against v1, 0 articles")
    new = printed(changes.changes_text(row | {"current": None}))
    assert new.startswith("water v2 against nothing: the topic is new")


def test_a_terminal_shows_the_first_changes() -> None:
    """It counts the others."""
    many = [replace(GAINED, article_id=n) for n in range(changes.MAX_CHANGES_SHOWN + 3)]
    text = printed(changes.changes_text(changes.changes_row(99, many)))
    assert text.count("«") == changes.MAX_CHANGES_SHOWN
    assert "and 3 articles more: --json has them all" in text
