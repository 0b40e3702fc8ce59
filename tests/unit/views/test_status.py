"""What ``rasd status`` prints on a terminal."""

from __future__ import annotations

from crawler.model import Finding, SourceHealth
from crawler.views import coverage, status
from tests.builders import NOW
from tests.unit.views.terminal import printed
from tests.unit.views.test_coverage import GAP

HEALTH = SourceHealth(
    source="news", last_poll_at=NOW, last_success_at=NOW, last_outcome="new", failures=2,
    articles=5, next_poll_at=None,
)  # fmt: skip
NEVER = SourceHealth(
    source="odd", last_poll_at=None, last_success_at=None, last_outcome=None, failures=0,
    articles=0, next_poll_at=None,
)  # fmt: skip


def test_one_page_says_how_the_watch_is_doing() -> None:
    """Findings and gaps only if there are any."""
    row = {
        "sources": [status.health_row(HEALTH), status.health_row(NEVER)],
        "counts": {"articles": 5, "flagged": 1},
        "digests": {"daily": {"next_at": "2026-11-24T06:00:00+00:00", "recipients": 2}},
        "findings": [],
        "gaps": [],
        "canary": {},
    }
    text = printed(status.status_text(row))
    assert "news    new           2026-11-23 10:00         2         5" in text
    assert "odd     never polled  –" in text
    assert "articles 5  flagged 1" in text
    assert "digest daily: next 2026-11-24 06:00, recipients 2" in text
    assert "proof" not in text and "missing" not in text and "canary heard: not sent yet" in text
    finding = Finding(source="news", kind="silent", proof="3 days", opened_at=NOW)
    row |= {"findings": coverage.finding_rows([finding]), "gaps": coverage.gap_rows([GAP])}
    text = printed(status.status_text(row))
    assert "3 days" in text and "at least 3" in text
