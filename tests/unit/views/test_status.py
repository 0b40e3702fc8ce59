"""What ``rasd status`` prints on a terminal."""

from __future__ import annotations

from crawler.model import Finding, Rematch, SourceHealth
from crawler.seeds import Seeds
from crawler.views import coverage, outbox, status
from tests.builders import NOW
from tests.unit.views.an_app import an_app, never_polled
from tests.unit.views.terminal import printed
from tests.unit.views.test_coverage import GAP

HEALTH = SourceHealth(
    source="news",
    last_poll_at=NOW,
    last_success_at=NOW,
    last_outcome="new",
    failures=2,
    articles=5,
    next_poll_at=None,
)


def test_one_page_says_how_the_watch_is_doing() -> None:
    """Findings and gaps only if there are any."""
    row = {
        "sources": [status.health_row(HEALTH), status.health_row(never_polled("odd"))],
        "counts": {"articles": 5, "flagged": 1},
        "digests": {"daily": {"next_at": "2026-11-24T06:00:00+00:00", "recipients": 2}},
        "mail": outbox.summary_row([], NOW),
        "rematches": [],
        "findings": [],
        "gaps": [],
        "canary": {},
        "backup": None,
        "mail_hold": None,
        "archive": {"trouble": "full since 08:00: no space left"},
    }
    text = printed(status.status_text(row))
    assert "news    new           2026-11-23 10:00         2         5" in text
    assert "odd     never polled  –" in text
    assert "articles 5  flagged 1" in text
    assert "digest daily: next 2026-11-24 06:00, recipients 2" in text
    assert "proof" not in text and "missing" not in text and "canary heard: not sent yet" in text
    assert "no space left" in text
    assert "rematch" not in text
    going = Rematch(
        topic="water", version="v2", after_id=9, changed=3, began_at=NOW, done=40, of=90
    )
    text = printed(status.status_text(row | {"rematches": [status.rematch_row(going)]}))
    assert "rematch water v2: 40 of 90 articles, 3 changed" in text
    finding = Finding(source="news", kind="silent", proof="3 days", opened_at=NOW)
    row |= {"findings": coverage.finding_rows([finding]), "gaps": coverage.gap_rows([GAP])}
    text = printed(status.status_text(row))
    assert "3 days" in text and "at least 3" in text


def test_the_page_has_every_source_and_digest_of_the_seeds(seeds: Seeds) -> None:
    """Before the first poll, too; a digest's next time is one of the future."""
    finding = Finding(source="", kind="offline", proof="all", opened_at=NOW)
    row = status.status_row(an_app(seeds, findings=[finding], gaps=[GAP]))
    assert [one["source"] for one in row["sources"]] == list(seeds.sources)
    assert {one["last_outcome"] for one in row["sources"]} == {None}
    assert row["digests"].keys() == seeds.digests.keys()
    assert all(
        one["next_at"] > row["at"] and one["recipients"] == 1 for one in row["digests"].values()
    )
    assert (len(row["findings"]), len(row["gaps"])) == (1, 1)
    assert "never polled" in printed(status.status_text(row))
