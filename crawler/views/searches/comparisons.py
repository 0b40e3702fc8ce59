"""``rasd saved check``: what each saved search found before and finds now, and why. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from crawler.query.comparison import Comparison
from crawler.views import terminal
from crawler.views.fields import JsonRow, iso, short

MAX_IDS = 8  # of articles in a line; --json has them all


def comparison_row(of: Comparison) -> JsonRow:
    """A comparison as data."""
    return {
        "slug": of.slug,
        "before": of.before,
        "after": of.after,
        "since": iso(of.since),
        "by": of.by,
        "new": of.new,
        "deleted": of.deleted,
        "changed": of.changed,
        "edited": list(of.edited),
        "by_edit": of.by_edit,
        "lost": list(of.lost),
        "found": list(of.found),
        "is_explained": of.is_explained,
    }


def comparisons_text(rows: Sequence[JsonRow]) -> RenderableType:
    """``comparison_row`` of each for a terminal, with a verdict."""
    table = terminal.bare_table("slug", "before", "now", "why", right={"before", "now"})
    for row in rows:
        before = "–" if row["before"] is None else str(row["before"])
        style = "" if row["is_explained"] else "red"
        table.add_row(f"@{row['slug']}", before, str(row["after"]), Text(why(row), style=style))
    return Group(table, Text(verdict(rows)))


def verdict(rows: Sequence[JsonRow]) -> str:
    """The last line: how many searches were checked, and what to do about those that differ."""
    odd = [row for row in rows if not row["is_explained"]]
    said = f"{len(rows)} saved search{'' if len(rows) == 1 else 'es'} checked"
    if not odd:
        return f"{said}: nothing differs without a reason"
    return (
        f"{said}: {len(odd)} differ{'s' if len(odd) == 1 else ''} and nothing explains why;"
        " rasd explain ID --query @SLUG judges one of the articles,"
        " rasd archive rebuild-index makes the index anew,"
        " rasd saved check --accept takes the new answers for right"
    )


def why(row: JsonRow) -> str:
    """What explains the difference; what nothing explains comes first."""
    if row["before"] is None:
        return "first check"
    parts = [
        *(f"NO REASON: {how} {_ids(row[key])}" for key, how in _ODD if row[key]),
        *(f"{row[key]} {key}" for key in ("new", "deleted", "changed") if row[key]),
    ]
    if row["edited"]:
        parts.append(f"edited: {', '.join(row['edited'])} ({row['by_edit']} by it)")
    since = f"since {short(row['since'])} UTC"
    return f"{'; '.join(parts)} {since}" if parts else f"the same {since}"


_ODD = (("lost", "no longer found:"), ("found", "found now:"))


def _ids(numbers: Iterable[int]) -> str:
    given = [str(number) for number in numbers]
    more = f" and {len(given) - MAX_IDS} more" if len(given) > MAX_IDS else ""
    return ", ".join(given[:MAX_IDS]) + more
