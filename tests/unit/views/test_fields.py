"""One shape each for article, date, match, mention and finding, whichever verb prints it."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone

from crawler.matching.explanation import Explanation, Texts
from crawler.model import Finding, Mention, Reading
from crawler.views import archive, coverage, explanation, fields, page
from tests.builders import NOW, a_date, a_match, kept, prepared

MENTION = Mention(field="body", start=4, end=9, concept="river", term="river", text="river")
TRAP = Mention(
    field="body", start=0, end=3, concept="", term="The", text="The", reason="trap of river"
)


def test_a_time_is_utc_to_the_second() -> None:
    """Whatever zone it came in; no time is null, and a dash on a terminal."""
    at = datetime(2026, 11, 23, 9, 30, 15, 250, tzinfo=timezone(timedelta(hours=1)))
    assert fields.iso(at) == "2026-11-23T08:30:15+00:00"
    assert fields.short(fields.iso(at)) == "2026-11-23 08:30"
    assert (fields.iso(None), fields.short(None)) == (None, "–")


def test_an_article_has_one_shape() -> None:
    """What search, show, explain and doubtful have in common has the same keys and values."""
    match = a_match("water", mentions=(MENTION,))
    article = kept(7, "The river rose.", "water", published=a_date())
    rows = [
        archive.found_rows([(article, match)], {})[0],
        archive.article_row(article),
        explanation.explanation_row(article, []),
    ]
    common = fields.archived_row(article)
    assert all(row | common == row for row in rows)
    assert common.keys() >= {"id", "headline", "url", "source", "language", "published_at"}
    tried = page.page_row(prepared(Reading(article=article.article, fingerprint=b"")), None, 0.1)
    shown = rows[1]
    assert tried.keys() - shown.keys() == {"ruled", "seconds"}
    assert {k: tried[k] for k in fields.date_row(None)} == {
        k: shown[k] for k in fields.date_row(None)
    }


def test_a_date_that_is_not_known_is_null() -> None:
    """Every key stays."""
    row = fields.date_row(None)
    assert set(row.values()) == {None} and row.keys() == fields.date_row(a_date()).keys()


def test_a_mention_has_one_shape() -> None:
    """With texts, its sentence; if it did not count, the reason."""
    texts: Texts = {"body": "The river rose. It fell."}
    plain = fields.mention_row(MENTION)
    assert fields.mention_row(MENTION, texts) == plain | {"sentence": "The river rose."}
    assert fields.taken_away_row(TRAP).keys() - plain.keys() == {"reason"}
    assert fields.sentence(MENTION, {}) == ""


def test_a_verdict_has_one_shape() -> None:
    """In match, show, explain and eval; explain adds what a replay gives, and the cards."""
    match = a_match("water", mentions=(MENTION,))
    one = Explanation(topic="water", state="gone", verdict=match, today=None)
    (explained,) = explanation.explanation_row(kept(7, "The river rose."), [one])["verdicts"]
    assert explained.keys() - fields.verdict_row(match).keys() == {"cards", "replay", "today"}
    assert fields.verdict_row(match) | fields.match_row(match) == fields.verdict_row(match)
    assert json.loads(json.dumps(fields.verdict_row(match))) == fields.verdict_row(match)


def test_a_finding_has_one_shape() -> None:
    """Without a source it is about rasd itself."""
    finding = Finding(source="", kind="lost", proof="x", opened_at=NOW)
    assert coverage.finding_rows([finding]) == [fields.finding_row(finding)]
    assert fields.finding_row(finding)["source"] is None
