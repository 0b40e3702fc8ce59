"""``rasd doctor`` on a terminal and as data."""

from __future__ import annotations

from rich.cells import cell_len
from rich.console import Console

from crawler.monitoring.doctor import fail, ok, warn
from crawler.views.health import doctor as view

CHECKS = [ok("disk", "1 GB"), warn("backups", "none", "make one", "docs/x.md"), fail("m", "x", "y")]


def test_a_check_is_a_line_and_what_to_do_stands_under_it() -> None:
    """In 80 columns, whatever was found: Arabic, wide letters, an escape, a long path."""
    console = Console(width=80)
    long = f"{'/a-long-path' * 20} الخبر 新聞 \x1b[2J {'word ' * 30}"
    with console.capture() as captured:
        for check in (*CHECKS, fail("network guard", long, long, "docs/y.md")):
            console.print(view.check_line(check))
        console.print(view.summary_line(CHECKS))
    lines = captured.get().splitlines()
    assert [line.rstrip() for line in lines[:3]] == [
        "ok    disk            1 GB",
        "warn  backups         none",
        "                      → make one (docs/x.md)",
    ]
    assert max(map(cell_len, lines)) <= 80 and "\x1b" not in "".join(lines)
    assert lines[-1] == "1 failed, 1 with a warning, 1 well"


def test_the_data_says_the_same() -> None:
    """Advice and page are null where nothing is wrong."""
    report = view.report_row(CHECKS)
    assert report["summary"] == {"ok": 1, "warn": 1, "fail": 1}
    assert report["checks"][0] == {
        "name": "disk", "outcome": "ok", "found": "1 GB", "advice": None, "page": None
    }  # fmt: skip
    assert report["checks"][1]["page"] == "docs/x.md"
