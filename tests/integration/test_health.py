"""Findings in the archive: each is opened once and closed once."""

from __future__ import annotations

from datetime import timedelta

from crawler.model import Finding
from storage.archive import SqlArchive
from storage.coverage import SqlCoverage
from tests.builders import NOW


def test_findings_open_once_and_close(archive: SqlArchive) -> None:
    """With time and proof, kept for good; only what was looked at is closed."""
    coverage = SqlCoverage(archive.engine)
    found = [Finding(source=s, kind="silent", proof="p", opened_at=NOW) for s in ("a", "b")]
    coverage.update_findings({"a", "b"}, found, NOW)
    coverage.update_findings({"a", "b"}, found, NOW + timedelta(hours=1))
    assert [(f.source, f.opened_at) for f in coverage.findings()] == [("a", NOW), ("b", NOW)]
    coverage.update_findings({"a"}, [], NOW + timedelta(hours=2))
    assert [f.source for f in coverage.findings()] == ["b"]
    assert [f.closed_at for f in coverage.findings(everything=True)] == [
        NOW + timedelta(hours=2),
        None,
    ]


def test_the_last_finding_of_a_kind_is_known_when_it_is_closed(archive: SqlArchive) -> None:
    """Of several the newest; None if there was none."""
    coverage = SqlCoverage(archive.engine)
    for hours in (0, 10):
        opened_at = NOW + timedelta(hours=hours)
        found = Finding(source="", kind="offline", proof="p", opened_at=opened_at)
        coverage.update_findings({""}, [found], opened_at)
        coverage.update_findings({""}, [], opened_at + timedelta(hours=1))
    last = coverage.last_finding("", "offline")
    assert last is not None
    assert (last.opened_at, last.closed_at) == (
        NOW + timedelta(hours=10),
        NOW + timedelta(hours=11),
    )
    assert coverage.last_finding("", "canary") is None
