"""``rasd doctor`` on a terminal and as JSON. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from crawler.monitoring import doctor
from crawler.monitoring.doctor import Check
from crawler.views import terminal
from crawler.views.fields import JsonRow

_STYLE = {"ok": "green", "warn": "bold yellow", "fail": "bold red"}
_NAME_CELLS = 14  # of the longest name


def check_row(check: Check) -> JsonRow:
    """One check as data; ``advice`` and ``page`` are null if nothing is wrong."""
    return {
        "name": check.name,
        "outcome": check.outcome,
        "found": check.found,
        "advice": check.advice or None,
        "page": check.page or None,
    }


def report_row(checks: Sequence[Check]) -> JsonRow:
    """All checks in their order, and how many have each outcome."""
    return {"checks": [check_row(one) for one in checks], "summary": doctor.summary(checks)}


def check_line(check: Check) -> Table:
    """A check, and under it what to do; as wide as the terminal, with the same columns each."""
    row: JsonRow = terminal.on_one_line(check_row(check))
    table = Table.grid(padding=(0, 2))
    table.add_column(width=4, no_wrap=True)
    table.add_column(width=_NAME_CELLS, no_wrap=True)
    table.add_column(overflow="fold")
    table.add_row(
        Text(row["outcome"], style=_STYLE[check.outcome]), row["name"], Text(row["found"])
    )
    if row["advice"]:
        more = f" ({row['page']})" if row["page"] else ""
        table.add_row("", "", Text(f"→ {row['advice']}{more}", style="bold"))
    return table


def summary_line(checks: Sequence[Check]) -> Text:
    """How many checks failed, warn and are well."""
    count = doctor.summary(checks)
    words = f"{count['fail']} failed, {count['warn']} with a warning, {count['ok']} well"
    return Text(words, style=_STYLE["fail" if count["fail"] else "warn" if count["warn"] else "ok"])
