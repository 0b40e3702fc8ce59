"""What ``rasd gaps``, ``findings`` and ``quarantine`` say: plain data first, then the same for a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from crawler.model import Finding, Gap, Quarantined

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
            missing = str(row["missing_at_least"])
        table.add_row(
            row["source"],
            _short(row["from"]),
            _short(row["to"]),
            missing,
            str(row["found"]),
            row["state"],
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


def quarantine(known: Sequence[Quarantined]) -> list[Row]:
    """The pages that broke their readers as data."""
    return [
        {
            "article": page.article_id,
            "source": page.source,
            "url": page.url,
            "reason": page.reason,
            "since": _iso(page.since),
            "bytes": page.size,
        }
        for page in known
    ]


def quarantine_table(rows: list[Row]) -> RenderableType:
    """``quarantine`` for a terminal."""
    if not rows:
        return Text("no page has broken its reader")
    table = Table(
        box=None,
        pad_edge=False,
        caption="rasd reread --quarantined tries them again",
        caption_justify="left",
    )
    for name in ("article", "source", "reason", "since", "bytes", "url"):
        table.add_column(name, overflow="fold")
    for row in rows:
        since, size = _short(row["since"]), f"{row['bytes']:,}"
        table.add_row(str(row["article"]), row["source"], row["reason"], since, size, row["url"])
    return table


def canary(heard: Mapping[str, datetime | None], now: datetime) -> dict[str, Row]:
    """By language, when the canary last came the whole way, and how long ago."""
    return {
        language: {
            "heard_at": _iso(at),
            "age_seconds": round((now - at).total_seconds()) if at else None,
        }
        for language, at in sorted(heard.items())
    }


def canary_line(heard: dict[str, Row]) -> str:
    """``canary`` in a line."""
    said = [
        f"{language} " + (f"{row['age_seconds'] // 60} min ago" if row["heard_at"] else "never")
        for language, row in heard.items()
    ]
    return f"canary heard: {', '.join(said) or 'not sent yet; rasd run sends one every hour'}"


def _iso(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z") if at else None


def _short(iso: str | None) -> str:
    return iso[:19].replace("T", " ") if iso else "–"
