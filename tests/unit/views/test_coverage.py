"""What ``rasd gaps``, ``findings`` and ``quarantine`` print, and the canary's line."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from crawler.model import Finding, Gap, Quarantined
from crawler.views import coverage
from tests.builders import NOW
from tests.unit.views.terminal import printed

GAP = Gap(
    source="news",
    feed="http://news.test/feed",
    from_at=NOW - timedelta(hours=2),
    to_at=NOW,
    reason="overlap",
    opened_at=NOW,
    missing_at_least=3,
    missing_estimate=9,
    estimate_low=4,
    estimate_high=15,
    found=1,
)


def test_an_open_gap_shows_proof_and_estimate_apart() -> None:
    """The estimate is marked as one, on a terminal and as data."""
    (row,) = rows = coverage.gap_rows([GAP])
    assert (row["state"], row["missing_at_least"], row["missing_estimate"]) == ("open", 3, 9)
    assert (row["from"], row["to"]) == ("2026-11-23T08:00:00+00:00", "2026-11-23T10:00:00+00:00")
    assert row["missing_estimate_is"].startswith("an estimate")
    assert "at least 3, estimated 9 (4 to 15)" in printed(coverage.gaps_table(rows))


def test_a_gap_without_an_estimate_shows_what_is_proven() -> None:
    """A closed one has nothing left to estimate."""
    unknown = replace(GAP, missing_estimate=None)
    closed = replace(GAP, closed_at=NOW, closed_by="http://news.test/map", missing_at_least=0)
    lines = printed(coverage.gaps_table(coverage.gap_rows([unknown, closed]))).splitlines()
    assert "at least 3 " in lines[1] and "estimated" not in lines[1]
    assert "closed" in lines[2] and "at least" not in lines[2]
    assert "no open gap" in printed(coverage.gaps_table([]))


def test_findings_are_shown_with_their_time() -> None:
    """Those about rasd itself say so."""
    silent = Finding(source="news", kind="silent", proof="3 days", opened_at=NOW)
    ours = Finding(source="", kind="offline", proof="all", opened_at=NOW, closed_at=NOW)
    lines = printed(coverage.findings_table(coverage.finding_rows([silent, ours]))).splitlines()
    assert "news" in lines[1] and "2026-11-23 10:00  –" in lines[1] and "3 days" in lines[1]
    assert "(us)" in lines[2] and lines[2].count("2026-11-23 10:00") == 2
    assert "nothing found wrong" in printed(coverage.findings_table([]))


def test_quarantined_pages_are_shown_with_their_size() -> None:
    """And with the verb that reads them again."""
    page = Quarantined(
        article_id=7,
        source="news",
        url="http://news.test/a",
        reason="timeout",
        since=NOW,
        size=12345,
    )
    rows = coverage.quarantine_rows([page])
    assert rows[0]["bytes"] == 12345 and rows[0]["since"] == "2026-11-23T10:00:00+00:00"
    text = printed(coverage.quarantine_table(rows))
    assert "12,345" in text and "rasd reread --quarantined" in text
    assert "no page has broken its reader" in printed(coverage.quarantine_table([]))


def test_the_canary_says_how_long_ago_it_came() -> None:
    """By language; one that never came is named, and so is one never sent."""
    row = coverage.canary_row({"fr": None, "ar": NOW - timedelta(minutes=12)}, NOW)
    assert list(row) == ["ar", "fr"] and row["ar"]["age_seconds"] == 720
    assert coverage.canary_line(row) == "canary heard: ar 12 min ago, fr never"
    assert "not sent yet" in coverage.canary_line({})
