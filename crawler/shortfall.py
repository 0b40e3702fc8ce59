"""What ``rasd gaps`` and ``rasd findings`` say: plain data first, then the same for a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from crawler.model import Finding, Gap

Row = dict[str, Any]


def gaps(known: Sequence[Gap]) -> list[Row]:
    """The gaps as data. ``missing_estimate`` is a guess and says so; ``missing_at_least`` is proven."""
    return [
        {
            "source": gap.source,
            "feed": gap.feed,
            "from": _iso(gap.from_at),
            "to": _iso(gap.to_at),
            "reason": gap.reason,
            "state": "open" if gap.closed_at is None else "closed",
            "closed_at": _iso(gap.closed_at),
            "closed_by": gap.closed_by,
            "found": gap.found,
            "missing_at_least": gap.missing_at_least,
            "missing_estimate": gap.missing_estimate,
            "missing_estimate_low": gap.estimate_low,
            "missing_estimate_high": gap.estimate_high,
            "missing_estimate_is": "an estimate from the feed's rhythm",
        }
        for gap in known
    ]


def gaps_table(rows: list[Row]) -> RenderableType:
    """``gaps`` for a terminal."""
    if not rows:
        return Text("no open gap: every look overlapped with the one before it")
    table = Table(box=None, pad_edge=False)
    for name in ("source", "from", "to", "missing", "found", "state"):
        table.add_column(name)
    for row in rows:
        missing = f"at least {row['missing_at_least']}"
        if row["missing_estimate"] is not None and row["state"] == "open":
            low, high = row["missing_estimate_low"], row["missing_estimate_high"]
            missing += f", estimated {row['missing_estimate']} ({low} to {high})"
        if row["state"] == "closed":
            missing = "0"
        table.add_row(
            row["source"], _short(row["from"]), _short(row["to"]), missing, str(row["found"]), row["state"]
        )
    return table


def findings(known: Sequence[Finding]) -> list[Row]:
    """The findings as data; ``source`` None is ourselves."""
    return [
        {
            "source": finding.source or None,
            "kind": finding.kind,
            "proof": finding.proof,
            "opened_at": _iso(finding.opened_at),
            "closed_at": _iso(finding.closed_at),
        }
        for finding in known
    ]


def findings_table(rows: list[Row]) -> RenderableType:
    """``findings`` for a terminal."""
    if not rows:
        return Text("nothing found wrong")
    table = Table(box=None, pad_edge=False)
    for name in ("source", "kind", "since", "until", "proof"):
        table.add_column(name, overflow="fold")
    for row in rows:
        since, until = _short(row["opened_at"]), _short(row["closed_at"])
        table.add_row(row["source"] or "(us)", row["kind"], since, until, row["proof"])
    return table


def _iso(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z") if at else None


def _short(iso: str | None) -> str:
    return iso[:19].replace("T", " ") if iso else "–"
