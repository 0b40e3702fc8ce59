"""What ``rasd search``, ``show`` and ``match`` print."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from crawler import seeds
from crawler.errors import UsageError
from crawler.matching.topics import Topic
from crawler.model import ArchivedArticle, FoundArticles, HeldEvidence, Mention
from crawler.views import archive
from tests.builders import a_date, a_match, kept
from tests.unit.views.terminal import printed

BODY = "Rain fell.\n\nThe river rose by a metre."
RIVER = Mention(field="body", start=16, end=21, concept="water", term="river", text="river")
HEAD = Mention(field="headline", start=0, end=4, concept="water", term="dam", text="Dams")


def flagged(*mentions: Mention, **changes: object) -> ArchivedArticle:
    """An article that the topic ``water`` flagged for these mentions."""
    article = kept(7, BODY, headline="Dams are full", lead="Rain fell.", **changes)
    return replace(article, matches=(a_match("general", mentions=mentions),))


def test_a_search_result_quotes_the_first_answer() -> None:
    """Its sentence, unless it stands in the headline, which is shown anyway."""
    article = flagged(RIVER)
    (row,) = archive.found_rows([(article, a_match(mentions=(RIVER,)))], {})
    assert row["sentence"] == "The river rose by a metre."
    assert [m["text"] for m in row["mentions"]] == ["river"]
    assert row["matches"][0]["labels"] == ["general"]
    (row,) = archive.found_rows([(article, a_match(mentions=(HEAD,)))], {})
    assert row["sentence"] == ""
    (row,) = archive.found_rows([(article, None)], {})
    assert (row["mentions"], row["sentence"]) == ([], "")


def test_search_results_on_a_terminal() -> None:
    """Headline, date, source, labels or doubtful ones, sentence; an empty answer says so."""
    doubtful = replace(a_match(), doubtful=("general",), score={"general": 0.4})
    rows = archive.found_rows(
        [
            (flagged(RIVER, published=a_date()), a_match(mentions=(RIVER,))),
            (replace(kept(8, headline=""), matches=(doubtful,)), None),
        ],
        {},
    )
    text = printed(archive.found_text(rows))
    assert "     7  Dams are full" in text and "2026-11-23 10:00 · news  general" in text
    assert "The river rose by a metre." in text
    plain = printed(archive.found_text(archive.found_rows([(kept(9), None)], {})))
    assert all(line == line.rstrip() for line in plain.splitlines())  # nothing stands for no label
    assert "     8  http://news.test/a" in text and "doubtful: general" in text
    assert "nothing found" in printed(archive.found_text([]))


def test_an_article_on_a_terminal_is_made_of_its_data() -> None:
    """The text with the lead only once, the reasons by concept, what did not count."""
    trap = replace(RIVER, text="River Plate", reason="trap of water")
    article = flagged(HEAD, RIVER)
    match = replace(article.matches[0], taken_away=(trap, trap))
    row = archive.article_row(replace(article, matches=(match,)))
    assert json.loads(json.dumps(row)) == row
    text = printed(archive.article_text(row))
    assert text.count("Rain fell.") == 1
    assert "water: general 0.80  (version v1)" in text and "  water: Dams · river" in text
    assert text.count("not counted: River Plate (trap of water)") == 1


def test_the_lines_of_a_card_stand_below_their_label() -> None:
    """Two labels of a topic each have a sum: a reader can add up each."""
    held = [
        HeldEvidence(label="general", name="a river", points=9),
        HeldEvidence(label="dams", name="a dam", points=20),
        HeldEvidence(label="general", name="no drought", points=-4),
    ]
    article = flagged(RIVER)
    match = replace(article.matches[0], evidence=tuple(held))
    text = printed(archive.article_text(archive.article_row(replace(article, matches=(match,)))))
    assert "  general:\n      +9  a river\n      -4  no drought\n  dams:\n     +20  a dam" in text
    assert "7 · news · " in text  # its id: what explain and judge ask for


def test_an_article_without_a_text_or_a_match_says_so() -> None:
    """With the lead that its feed gave."""
    article = kept(7, "", lead="Rain fell.", extraction="timeout", oddities=("garbled",))
    text = printed(archive.article_text(archive.article_row(article)))
    assert "(no text: timeout)" in text and "Rain fell." in text and "odd: garbled" in text
    assert "no topic flagged this" in text


def test_a_date_is_shown_with_its_origin() -> None:
    """A day is marked as one, and a missing date is marked as missing."""
    dated = archive.article_row(kept(7, published=a_date()))
    assert archive.date_origin(dated).startswith("published 2026-11-23 10:00 UTC, from json-ld: '")
    day = archive.article_row(kept(7, published=replace(a_date(), has_time=False)))
    assert "UTC (a day only), from" in archive.date_origin(day)
    none = archive.article_row(kept(7))
    assert archive.date_origin(none) == "no date that can be trusted; first seen 2026-11-23 10:00"


def test_the_proof_is_marked_where_it_stands() -> None:
    """In the field of each mention only."""
    headline, *_, body = archive.article_text(
        archive.article_row(flagged(HEAD, RIVER))
    ).renderables[:5]
    assert [(s.start, s.end) for s in headline.spans] == [(0, 4)]  # type: ignore[union-attr]
    assert [(s.start, s.end) for s in body.spans] == [(16, 21)]  # type: ignore[union-attr]


def test_a_line_is_judged_with_its_proof(topic: Topic) -> None:
    """The answer has the line's id, whatever that is."""
    example = next(e for e in topic.examples if e.labels)
    line = json.dumps({"id": [1], "text": example.text})
    row = archive.judged_row(line, topic, "x:1")
    assert row["id"] == [1] and set(row["labels"]) == set(example.labels) and row["mentions"]


def test_an_exported_article_is_a_line(topic: Topic) -> None:
    """What search writes can be judged again; a line without text says what it has."""
    example = next(e for e in topic.examples if e.labels)
    record = {"id": 7, "headline": "x", "lead": "", "body": example.text, "language": "fr"}
    row = archive.judged_row(json.dumps(record), topic, "x:1")
    assert row["id"] == 7 and set(row["labels"]) == set(example.labels)
    with pytest.raises(UsageError, match='x:1: no "title" and no "text"; it has id, titel'):
        archive.judged_row('{"id": 1, "titel": "Flood"}', topic, "x:1")


def test_a_line_may_name_its_papers_country() -> None:
    """A bare office is that country's own."""
    files = {
        "lexicon/o.yml": "title: {en: o}\ncountry: MA\ndomestic: {en: [interior ministry]}\n",
        "topics/t.yml": "title: {en: T}\nlabels: {o: {title: {en: o}, rule: concept:o}}\n",
    }
    ours = seeds.load(files, kinds=[]).topics["t"]
    lines = [
        json.dumps({"text": "The interior ministry agreed.", "country": country})
        for country in ("MA", "IQ")
    ]
    assert [archive.judged_row(line, ours, "x:1")["labels"] for line in lines] == [["o"], []]


@pytest.mark.parametrize("line", ["", "[]", "{", '{"id": 1}', "[" * 100_000], ids=range(5))
def test_any_other_line_is_a_usage_error(line: str, topic: Topic) -> None:
    """It names the place."""
    with pytest.raises(UsageError, match=r"^x:1: "):
        archive.judged_row(line, topic, "x:1")


@pytest.mark.parametrize(
    ("shown", "count", "is_exact", "goes_on", "after", "line"),
    [
        (2, 2, True, False, None, "2 found, newest first"),
        (2, 312, True, True, None, "2 of 312, newest first; the next ones: --after 2"),
        (2, 57, False, True, None, "2 of at least 57, newest first; the next ones: --after 2"),
        (2, 2, False, True, None, "2 of at least 2, newest first; the next ones: --after 2"),
        (2, 312, True, False, 9, "2 more of 312, newest first"),
        (0, 312, True, False, 9, "nothing behind 9"),
    ],
)
def test_the_number_found_is_exact_or_called_a_least(
    shown: int, count: int, is_exact: bool, goes_on: bool, after: int | None, line: str
) -> None:
    """And the line says how to see the next page."""
    articles = tuple((kept(n), None) for n in range(1, shown + 1))
    found = FoundArticles(articles=articles, count=count, is_exact=is_exact, goes_on=goes_on)
    assert archive.count_line(found, "newest", after) == line
