"""Office-holders whose term is over without a successor in the lexicon, as a finding. Pure.

Their names no longer count, and no others do in their place: stories are missed quietly.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from crawler.matching.topics import Concept, Office
from crawler.model import Finding

MAX_NAMED = 5  # offices in the proof


def findings(concepts: Iterable[Concept], now: datetime) -> list[Finding]:
    """One finding for all vacant offices; none if every office has a holder."""
    vacant = [(c, office) for c in concepts for office in c.vacant_offices(now.date())]
    if not vacant:
        return []
    named = "; ".join(f"{concept.name}: {describe(one)}" for concept, one in vacant[:MAX_NAMED])
    more = f" and {len(vacant) - MAX_NAMED} more" if len(vacant) > MAX_NAMED else ""
    proof = f"no successor in the lexicon: {named}{more}"
    return [Finding(source="", kind="office_expired", proof=proof, opened_at=now)]


def describe(office: Office) -> str:
    """The office, its last holder and the last day."""
    return f"{office.role} ({office.holder} until {office.until})"
