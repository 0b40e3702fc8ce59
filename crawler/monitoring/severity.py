"""How much a finding asks of people: a monitor wakes someone, waits for the morning, or is silent.

The one place where that is decided. docs/how-to/read-the-logs.md says it for people.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from crawler.model import Finding, FindingKind

Severity = Literal["critical", "warning", "info"]
"""``critical``: the watch is broken. ``warning``: a person has to do something, not at night.
``info``: it passes, or it is for whoever edits the seeds."""
SEVERITIES: tuple[Severity, ...] = ("critical", "warning", "info")  # the worst first

_KINDS: Mapping[Severity, tuple[FindingKind, ...]] = {
    "critical": ("canary", "damaged", "mail_held", "offline"),
    "warning": (
        "backup", "blocked", "bodies_empty", "bodies_shrunk", "clock", "empty", "failing", "index",
        "mail_dead", "mail_on_hold", "mail_unknown", "mail_waiting", "not_a_feed",
        "office_expired", "seeds", "silence", "silent", "storage", "tls", "unwritten",
    ),
    "info": (
        "burst", "endless", "etag_lie", "garbled", "low_text", "moved", "overflow", "stuck",
        "suspicious", "template_drift", "undated", "wrong_language",
    ),
}  # fmt: skip
SEVERITY: Mapping[FindingKind, Severity] = {
    kind: severity for severity, kinds in _KINDS.items() for kind in kinds
}
"""The severity of every kind of finding."""
_OF: Mapping[str, Severity] = {str(kind): found for kind, found in SEVERITY.items()}


def of(kind: str) -> Severity:
    """The severity of a kind; ``info`` for one that another version of rasd wrote."""
    return _OF.get(kind, "info")


def count(findings: Iterable[Finding]) -> dict[Severity, int]:
    """How many of these findings are of each severity, the worst first."""
    found = [of(finding.kind) for finding in findings]
    return {severity: found.count(severity) for severity in SEVERITIES}


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """The findings by severity; of one severity those about rasd itself first, then as given."""
    return sorted(findings, key=lambda f: (SEVERITIES.index(of(f.kind)), f.source != ""))
