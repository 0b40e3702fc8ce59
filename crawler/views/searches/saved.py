"""``rasd saved``: saved searches in words, each with an estimate of what it brings. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from crawler.query.estimate import DAYS, Estimate
from crawler.views import terminal
from crawler.views.fields import JsonRow


def estimate_row(of: Estimate) -> JsonRow:
    """An estimate as data; days are ISO dates of UTC."""
    return {
        "since": of.since.isoformat(),
        "until": of.until.isoformat(),
        "found": of.found,
        "is_exact": of.is_exact,
        "worst": of.worst,
        "worst_on": _day(of.worst_on),
        "doubtful": of.doubtful,
        "archive_begins": _day(of.archive_begins),
        "days_archived": of.days_archived,
    }


def estimate_line(row: JsonRow) -> str:
    """``estimate_row`` in a line: ``34 articles in the last 100 days, 9 on the worst (2026-11-03);
    3 of them doubtful``; of an archive that has not all of these days it says how many."""
    said = f"{_least(row)}{_articles(row['found'])} in the last {DAYS} days"
    if row["worst_on"] is not None:
        said += f", {row['worst']} on the worst ({row['worst_on']})"
    if row["doubtful"]:
        said += f"; {row['doubtful']} of them doubtful"
    if row["archive_begins"] is None:
        return f"{said}; the archive has no article of these days"
    if row["days_archived"] < DAYS:
        said += f"; the archive has {row['days_archived']} of these days"
    return said


def estimate_text(row: JsonRow) -> Text:
    """``estimate_line`` for a terminal."""
    return Text(estimate_line(row))


def saved_row(
    slug: str, path: str, titles: Any, written: str, means: str, estimate: Estimate
) -> JsonRow:
    """A saved search as data."""
    return {
        "slug": slug,
        "file": path,
        "title": dict(titles),
        "query": written,
        "means": means,
        "estimate": estimate_row(estimate),
    }


def saved_table(rows: Sequence[JsonRow]) -> RenderableType:
    """``saved_row`` of each for a terminal."""
    if not rows:
        return Text("the seeds have no saved search; rasd saved save SLUG QUERY makes one")
    found = f"in {DAYS} days"
    table: Table = terminal.bare_table("slug", "means", found, "worst day", right={found})
    for row in rows:
        of = row["estimate"]
        worst = f"{of['worst']} on {of['worst_on']}" if of["worst_on"] else "–"
        table.add_row(f"@{row['slug']}", Text(row["means"]), f"{_least(of)}{of['found']}", worst)
    return table


def one_text(row: JsonRow) -> RenderableType:
    """``saved_row`` with ``used_by`` for a terminal."""
    lines = [
        ("title", " · ".join(row["title"].values())),
        ("file", row["file"]),
        ("query", row["query"]),
        ("means", row["means"]),
        ("used by", ", ".join(row["used_by"]) or "nothing in the seeds"),
        ("found", estimate_line(row["estimate"])),
    ]
    table = terminal.bare_table("", "")
    table.show_header = False
    for name, value in lines:
        table.add_row(Text(name, style="dim"), Text(value))
    return table


def _least(of: JsonRow) -> str:
    return "" if of["is_exact"] else "at least "


def _articles(number: int) -> str:
    return f"{number:,} article{'' if number == 1 else 's'}" if number else "nothing"


def _day(of: Any) -> str | None:
    return of.isoformat() if of is not None else None
