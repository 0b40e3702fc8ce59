"""How much each kind of finding asks of people."""

from __future__ import annotations

from typing import get_args

from crawler.model import Finding, FindingKind
from crawler.monitoring import severity
from crawler.monitoring.severity import SEVERITIES, SEVERITY, Severity
from tests.builders import NOW


def a_finding(kind: FindingKind, source: str = "") -> Finding:
    """A finding about a source, or about rasd itself."""
    return Finding(source=source, kind=kind, proof=f"{kind} of {source}", opened_at=NOW)


def test_every_kind_of_finding_has_one_severity() -> None:
    """A new kind is decided on when it is made; none is of two."""
    assert sorted(SEVERITY) == sorted(get_args(FindingKind))
    assert sum(map(len, severity._KINDS.values())) == len(SEVERITY)
    assert get_args(Severity) == SEVERITIES and set(SEVERITY.values()) == set(SEVERITIES)


def test_what_is_worst_comes_first_and_rasd_itself_before_its_sources() -> None:
    """Of two that are alike, the one that was opened first."""
    given = [
        a_finding("burst", "a"),
        a_finding("blocked", "b"),
        a_finding("mail_dead"),
        a_finding("silent", "c"),
        a_finding("canary"),
    ]
    kinds = [finding.kind for finding in severity.worst_first(given)]
    assert kinds == ["canary", "mail_dead", "blocked", "silent", "burst"]
    assert severity.count(given) == {"critical": 1, "warning": 3, "info": 1}
