"""``rasd gaps``, ``findings`` and ``quarantine``: what the watch missed or could not read. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from rich.console import RenderableType
from rich.text import Text

from crawler.model import Finding, Gap, Quarantined
from crawler.views import fields, terminal
from crawler.views.fields import JsonRow, iso, short


def gap_rows(gaps: Iterable[Gap]) -> list[JsonRow]:
    """The gaps as data: ``missing_at_least`` is proven, ``missing_estimate`` marked as a guess."""
    return [
        {
            "source": gap.source,
            "feed": gap.feed,
            "from": iso(gap.from_at),
            "to": iso(gap.to_at),
            "reason": gap.reason,
            "state": "open" if gap.closed_at is None else "closed",
            "closed_at": iso(gap.closed_at),
            "closed_by": gap.closed_by,
            "found": gap.found,
            "missing_at_least": gap.missing_at_least,
            "missing_estimate": gap.missing_estimate,
            "missing_estimate_low": gap.estimate_low,
            "missing_estimate_high": gap.estimate_high,
            "missing_estimate_is": "an estimate from the feed's rhythm",
        }
        for gap in gaps
    ]


def gaps_table(rows: Sequence[JsonRow]) -> RenderableType:
    """``gap_rows`` for a terminal."""
    if not rows:
        return Text("no open gap: every look overlapped with the one before it")
    table = terminal.bare_table("source", "from", "to", "missing", "found", "state")
    for row in rows:
        interval = (short(row["from"]), short(row["to"]))
        table.add_row(row["source"], *interval, _missing(row), str(row["found"]), row["state"])
    return table


def _missing(row: JsonRow) -> str:
    if row["state"] == "closed":
        return str(row["missing_at_least"])
    proven = f"at least {row['missing_at_least']}"
    if row["missing_estimate"] is None:
        return proven
    low, high = row["missing_estimate_low"], row["missing_estimate_high"]
    return f"{proven}, estimated {row['missing_estimate']} ({low} to {high})"


def finding_rows(findings: Iterable[Finding]) -> list[JsonRow]:
    """The findings as data."""
    return [fields.finding_row(finding) for finding in findings]


def findings_table(rows: Sequence[JsonRow]) -> RenderableType:
    """``finding_rows`` for a terminal."""
    if not rows:
        return Text("nothing found wrong")
    table = terminal.bare_table("source", "kind", "since", "until", "proof")
    for row in rows:
        since, until = short(row["opened_at"]), short(row["closed_at"])
        table.add_row(row["source"] or "(us)", row["kind"], since, until, row["proof"])
    return table


def quarantine_rows(pages: Iterable[Quarantined]) -> list[JsonRow]:
    """The pages that broke the reader as data."""
    return [
        {
            "article": page.article_id,
            "source": page.source,
            "url": page.url,
            "reason": page.reason,
            "since": iso(page.since),
            "bytes": page.size,
        }
        for page in pages
    ]


def quarantine_table(rows: Sequence[JsonRow]) -> RenderableType:
    """``quarantine_rows`` for a terminal."""
    if not rows:
        return Text("no page has broken its reader")
    table = terminal.bare_table("article", "source", "reason", "since", "bytes", "url")
    table.caption = "rasd reread --quarantined tries them again"
    table.caption_justify = "left"
    for row in rows:
        since, size = short(row["since"]), f"{row['bytes']:,}"
        table.add_row(str(row["article"]), row["source"], row["reason"], since, size, row["url"])
    return table


def canary_row(heard: Mapping[str, datetime | None], now: datetime) -> dict[str, JsonRow]:
    """By language, when the canary last came the whole way, and how long ago."""
    return {
        language: {
            "heard_at": iso(at),
            "age_seconds": round((now - at).total_seconds()) if at else None,
        }
        for language, at in sorted(heard.items())
    }


def canary_line(row: Mapping[str, JsonRow]) -> str:
    """``canary_row`` in a line."""
    ages = [
        f"{language} " + (f"{one['age_seconds'] // 60} min ago" if one["heard_at"] else "never")
        for language, one in row.items()
    ]
    return f"canary heard: {', '.join(ages) or 'not sent yet; rasd run sends one every hour'}"
