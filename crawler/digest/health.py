"""How the watch itself is doing, for the foot of a digest. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from crawler.digest.items import source_name
from crawler.digest.records import DigestInput, Health
from crawler.model import Finding, Language, Source


def summarize(given: DigestInput, language: Language) -> Health:
    """The sources counted, those that failed or were never polled named, and the findings."""
    rows, sources = given.health, given.sources
    failing = [row for row in rows if row.failures]
    unpolled = [row for row in rows if row.last_poll_at is None]
    polled = [row.last_poll_at for row in rows if row.last_poll_at is not None]
    return Health(
        sources=len(rows),
        answered=len(rows) - len(failing) - len(unpolled),
        failing=tuple(sources[row.source].name for row in failing),
        unpolled=tuple(sources[row.source].name for row in unpolled),
        last_poll_at=max(polled, default=None),
        findings=_by_kind(given.findings, sources, language),
    )


def _by_kind(
    findings: Sequence[Finding], sources: Mapping[str, Source], language: Language
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The findings of sources that are watched, and those about ourselves, by kind."""
    kinds: dict[str, list[str]] = {}
    for finding in findings:
        if finding.source in sources:
            kinds.setdefault(finding.kind, []).append(
                source_name(finding.source, sources, language)
            )
        elif not finding.source:
            kinds.setdefault(finding.kind, [])
    return tuple((kind, tuple(names)) for kind, names in sorted(kinds.items()))
