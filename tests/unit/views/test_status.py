"""``rasd status``: the page of 80 columns, the data, and the line for monitors."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console

from crawler.model import ConceptProgress, Finding, LastIssue, Rematch, SourceHealth
from crawler.monitoring import liveness
from crawler.seeds import Seeds
from crawler.views import coverage
from crawler.views.health import page, status
from crawler.views.health.page import status_page
from tests.builders import NOW
from tests.unit.monitoring.test_liveness import a_run
from tests.unit.views.an_app import an_app, never_polled
from tests.unit.views.test_coverage import GAP

MINUTE = timedelta(minutes=1)
HEALTH = SourceHealth(
    source="news",
    last_poll_at=NOW,
    last_success_at=NOW,
    last_outcome="new",
    failures=2,
    articles=5,
    next_poll_at=None,
)
SILENT = Finding(source="news", kind="silent", proof="3 days", opened_at=NOW)
OFFLINE = Finding(source="", kind="offline", proof="all of them", opened_at=NOW)


def shown(row: dict[str, Any], *, everything: bool = False) -> str:
    """The page on a terminal of 80 columns."""
    console = Console(width=80)
    with console.capture() as captured:
        console.print(status_page(row, everything=everything))
    return captured.get()


@pytest.fixture
def row(seeds: Seeds) -> dict[str, Any]:
    """The status of a watch that was never polled, without a daemon."""
    return status.status_row(an_app(seeds))


def test_the_level_comes_first_then_what_it_rests_on(row: dict[str, Any]) -> None:
    """With a digest that went out, a gap and a rematch; each in a line that has a name."""
    row["gaps"] = coverage.gap_rows([GAP])
    going = Rematch(
        topic="water", version="v2", after_id=9, changed=3, began_at=NOW, done=40, of=90
    )
    row["rematches"] = [status.rematch_row(going)]
    row["concepts"] = status.concepts_row(ConceptProgress(concepts=90, done=1_204, of=30_000))
    row["archive"] = {"trouble": "no space left", "bytes": 2_100_000_000, "disk_free_bytes": 4_000}
    lines = shown(row).splitlines()
    assert lines[0] == "CRITICAL  at 2026-11-23 10:00 UTC"
    assert lines[1].startswith("  critical: no daemon has ever been at work")
    text = "\n".join(line.rstrip() for line in lines)
    assert "daemon     none has ever been at work on this archive: rasd run" in text
    assert "digest     daily: none yet; next 2026-11-24 07:30 to 1" in text
    assert "mail       nothing waits, nothing was refused" in text
    assert "findings   none" in text
    assert "gaps       1 open, at least 3 entries missing: rasd gaps" in text
    assert "articles   4 in 24 h, 1 flagged; 0 in all, 0 flagged" in text
    assert "rematch    water v2: 40 of 90 articles, 3 changed" in text
    assert "concepts   1,204 of 30,000 articles indexed" in text
    assert "archive    2.1 GB, 4 kB left on its disk; no space left" in text
    assert "canary     heard: not sent yet" in text
    assert "never polled" in text


def test_the_daemon_is_said_with_its_age_and_how_the_one_before_ended(seeds: Seeds) -> None:
    """Since when, which process; a clean stop differs from a daemon that vanished."""
    run = a_run(started_at=NOW - timedelta(days=4), ticked_at=NOW - MINUTE / 5)
    stopped = a_run(pid=6, ended_at=NOW - timedelta(days=4, minutes=1), exit_code=0)
    alive = liveness.judge([run, stopped], (7, "press1"), NOW)
    text = shown(status.status_row(an_app(seeds, alive=alive)))
    assert "at work since 2026-11-19 10:00 (4 d), pid 7 on press1, rasd 1.0" in text
    assert "the one before was stopped at 2026-11-19 09:59" in text
    assert "last tick  2026-11-23 09:59 (12 s ago)" in text
    killed = liveness.judge([run, replace(stopped, ended_at=None, exit_code=None)], None, NOW)
    text = shown(status.status_row(an_app(seeds, alive=killed)))
    assert "not at work: vanished after 2026-11-23 09:59, as if killed" in text
    assert "the one before vanished after" in text


def test_the_last_digest_says_when_and_to_how_many(seeds: Seeds) -> None:
    """Also one with nothing to tell."""
    sent = LastIssue(
        slot="2026-11-23", made_at=NOW, recipients=3, mailed=2, sent=1, sent_at=NOW - MINUTE
    )
    text = " ".join(shown(status.status_row(an_app(seeds, last_issue=sent))).split())
    assert "daily: last 2026-11-23 09:59, 1 of 2 mails sent; next 2026-11-24 07:30 to 1" in text
    none = replace(sent, mailed=0, sent=0, sent_at=None)
    text = shown(status.status_row(an_app(seeds, last_issue=none)))
    assert "last 2026-11-23 10:00, with nothing to tell" in text


def test_findings_are_counted_by_severity_and_stand_beside_their_source(seeds: Seeds) -> None:
    """The worst first, in the data as well."""
    slug = next(iter(seeds.sources))
    found = [replace(SILENT, source=slug), OFFLINE]
    row = status.status_row(an_app(seeds, findings=found, gaps=[GAP]))
    assert row["findings_by_severity"] == {"critical": 1, "warning": 1, "info": 0}
    assert [one["severity"] for one in row["findings"]] == ["critical", "warning"]
    assert {one["source"]: one["findings"] for one in row["sources"]}[slug] == ["silent"]
    text = shown(row)
    assert "findings   1 critical, 1 warning: rasd findings" in text
    assert "critical: offline: all of them" in text and f"warning: silent: {slug}" in text
    ours = status.status_row(an_app(seeds, findings=found[:1]), ignore_sources=True)
    assert {problem["level"] for problem in ours["status"]["problems"]} == {"critical"}


def many(number: int) -> list[dict[str, Any]]:
    """Sources with long and Arabic names, some of them with everything wrong."""
    rows = []
    for n in range(number):
        name = f"جريدة-الصباح-اليومية-المستقلة-{n}" if n % 2 else f"the-very-long-name-of-paper-{n}"
        health = replace(HEALTH, source=name, failures=n % 7, articles=10**n % 10**9)
        kinds = (
            ("blocked", "bodies_empty", "template_drift", "wrong_language") if n % 5 == 0 else ()
        )
        found = [Finding(source=name, kind=kind, proof="x", opened_at=NOW) for kind in kinds]  # type: ignore[arg-type]
        rows.append(status.health_row(health, found))
    return rows


def test_no_line_is_wider_than_80_cells(row: dict[str, Any]) -> None:
    """With 116 sources, Arabic names, wide letters, an escape in a proof and a long host's name."""
    long = "الخبر 新聞 \x1b]0;x\x07 " * 30
    row["sources"] = many(116)
    row["status"] = {
        "level": "critical",
        "problems": [{"level": "warning", "text": f"{n} {long}{'x' * 200}"} for n in range(20)],
    }
    row["daemon"] |= {"state": "running", "host": "h" * 120, "pid": 4_194_304, "version": "0.1.0"}
    row["digests"] |= {"نشرة-الصباح-" * 9: row["digests"]["daily"]}
    row["archive"]["trouble"] = long
    for everything in (False, True):
        lines = shown(row, everything=everything).splitlines()
        assert max(map(cell_len, lines)) <= 80
        assert "\x1b" not in "".join(lines)
    assert sum("the-very-long-name" in line or "جريدة" in line for line in lines) == 116


def test_what_is_wrong_with_sources_comes_first_and_the_rest_is_counted(
    row: dict[str, Any],
) -> None:
    """Fifteen of 116: warnings, failures, what was never polled, then by name."""
    fine = replace(HEALTH, failures=0)
    rows = [status.health_row(replace(fine, source=f"s{n:03}")) for n in range(113)]
    failing = status.health_row(replace(HEALTH, source="t-failing"))
    silent = status.health_row(
        replace(fine, source="u-silent"), [replace(SILENT, source="u-silent")]
    )
    row["sources"] = [*rows, failing, silent, status.health_row(never_polled("v-never"))]
    lines = [line.split() for line in shown(row).splitlines()]
    start = next(n for n, words in enumerate(lines) if words[:2] == ["source", "last"])
    table = lines[start + 1 :]
    assert [words[0] for words in table[:5]] == ["u-silent", "t-failing", "v-never", "s000", "s001"]
    assert table[0][-1] == "silent" and table[1][-3:] == ["failed", "2", "times"]
    assert len(table) == page.SHOWN_SOURCES + 1
    assert " ".join(table[-1]) == "… and 101 more: rasd status --all"
    everything = shown(row, everything=True)
    assert "more: rasd status" not in everything and "s112" in everything


def test_the_data_has_every_source_and_digest_of_the_seeds(
    seeds: Seeds, row: dict[str, Any]
) -> None:
    """Before the first poll, too; a digest's next time is one of the future. The canary is none
    of them."""
    assert [one["source"] for one in row["sources"]] == list(seeds.sources)
    assert {one["last_outcome"] for one in row["sources"]} == {None}
    assert row["digests"].keys() == seeds.digests.keys()
    assert all(
        one["next_at"] > row["at"] and one["recipients"] == 1 for one in row["digests"].values()
    )
    gaps = status.status_row(an_app(seeds, gaps=[replace(GAP, source="canary")]))["gaps"]
    assert gaps == []


def test_the_line_for_a_monitor_is_one_line_with_figures(seeds: Seeds) -> None:
    """A bar begins the figures, so none stands in the words; no proof makes a second line."""
    found = [replace(OFFLINE, proof="a|b\nc\x1b[2J")]
    row = status.status_row(an_app(seeds, findings=found))
    line = page.check_line(row)
    assert line.isprintable() and line.count("|") == 1
    assert line.startswith(
        "RASD CRITICAL - no daemon has ever been at work: rasd run; offline: a/b"
    )
    assert line.endswith("mails_waiting=0 mails_dead=0 archive_bytes=2000000B")
    assert page.exit_code(row) == 2
    run = a_run(started_at=NOW - MINUTE)
    row = status.status_row(an_app(seeds, alive=liveness.judge([run], (7, "press1"), NOW)))
    assert page.check_line(row).startswith("RASD OK - at work since 2026-11-23 09:59 UTC, 4 articl")
    assert page.exit_code(row) == 0
