"""``rasd status`` on a terminal of 80 columns: the level first, then what it rests on, then the
sources, those with something wrong first. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from crawler.monitoring import severity
from crawler.monitoring.severity import SEVERITIES
from crawler.monitoring.watch_status import LEVELS
from crawler.views import archive, coverage, outbox, terminal
from crawler.views.fields import JsonRow, short

SHOWN_SOURCES, SHOWN_PROBLEMS = 15, 8  # a page of a terminal; --all shows all
SLUG_CELLS = 24  # of a source's slug: longer ones are cut
_STYLE = {"ok": "bold green", "warning": "bold yellow", "critical": "bold red"}
_STATES = {
    "running": "at work since {started}{age}",
    "stuck": "HANGS: no tick for five minutes; began {started}",
    "stopped": "not at work: stopped at {ended}",
    "failed": "not at work: ended at {ended} with code {code}",
    "vanished": "not at work: vanished after {ticked}, as if killed",
    "never": "none has ever been at work on this archive: rasd run",
}
_BEFORE = {
    "stopped": "the one before was stopped at {ended}",
    "failed": "the one before ended at {ended} with code {code}",
    "vanished": "the one before vanished after {ticked}",
}


def status_page(report: JsonRow, *, everything: bool = False) -> Group:
    """``status.status_row`` for a terminal; ``everything``: all problems and all sources."""
    row: JsonRow = terminal.on_one_line(
        report
    )  # names and proofs are of the outside: their widths are known
    head: list[RenderableType] = list(_head_lines(row, everything))
    return Group(*head, Text(), _summary(row), Text(), *_sources(row, everything))


def _head_lines(row: JsonRow, everything: bool) -> Iterator[Text]:
    level, problems = row["status"]["level"], row["status"]["problems"]
    head = Text.assemble((level.upper(), _STYLE[level]), f"  at {short(row['at'])} UTC")
    yield head if problems else head.append(", nothing is wrong")
    shown = problems if everything else problems[:SHOWN_PROBLEMS]
    for problem in shown:
        yield Text.assemble((f"  {problem['level']}: ", _STYLE[problem["level"]]), problem["text"])
    if len(shown) < len(problems):
        yield Text(f"  … and {len(problems) - len(shown)} more: rasd status --all", style="dim")


def _summary(row: JsonRow) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for name, text in _facts(row):
        table.add_row(name, Text(text))
    return table


def _facts(row: JsonRow) -> Iterator[tuple[str, str]]:
    """(name, text) of each fact, a line or several."""
    yield from _daemon_facts(row)
    for slug, digest in row["digests"].items():
        yield "digest", f"{slug}: {_digest_line(digest)}"
    yield "mail", _mail_line(row)
    yield "findings", _findings_line(row["findings_by_severity"])
    if row["gaps"]:
        missing = sum(gap["missing_at_least"] for gap in row["gaps"])
        yield "gaps", f"{len(row['gaps'])} open, at least {missing} entries missing: rasd gaps"
    day, counts = row["last_24h"], row["counts"]
    all_in_all = f"{counts['articles']:,} in all, {counts['flagged']:,} flagged"
    yield "articles", f"{day['kept']:,} in 24 h, {day['flagged']:,} flagged; {all_in_all}"
    fates = ", ".join(f"{counts[name]:,} {name}" for name in ("queued", "rejected", "failed"))
    yield "addresses", f"{counts['sightings']:,} seen in {counts['polls']:,} polls: {fates}"
    for rematch in row["rematches"]:
        yield "rematch", rematch_line(rematch)
    if (concepts := row["concepts"]) is not None:
        yield "concepts", f"{concepts['done']:,} of {concepts['of']:,} articles indexed"
    yield "archive", _archive_line(row["archive"])
    yield "backup", archive.backup_line(row["backup"]).removeprefix("backup: ")
    yield "canary", coverage.canary_line(row["canary"]).removeprefix("canary ")


def _daemon_facts(row: JsonRow) -> Iterator[tuple[str, str]]:
    daemon = row["daemon"]
    where = f", pid {daemon['pid']} on {daemon['host']}, rasd {daemon['version']}"
    is_there = daemon["state"] in ("running", "stuck")
    yield "daemon", _run_line(_STATES, daemon, row["at"]) + (where if is_there else "")
    if daemon["previous"] is not None:
        yield "", _run_line(_BEFORE, daemon["previous"], row["at"])
    tick, poll = daemon["last_tick_at"], row["last_poll_at"]
    yield "last tick", f"{short(tick)}{_ago(tick, row['at'])}"
    yield "last poll", f"{short(poll)}{_ago(poll, row['at'])}"


def _run_line(words: dict[str, str], run: JsonRow, at: str) -> str:
    return words[run["state"]].format(
        started=short(run["started_at"]),
        age=_ago(run["started_at"], at).removesuffix(" ago)") + ")" if run["started_at"] else "",
        ended=short(run["ended_at"]),
        ticked=short(run["last_tick_at"]),
        code=run["exit_code"],
    )


def _ago(then: str | None, at: str) -> str:
    """`` (12 s ago)``; "" of what has not happened."""
    if then is None:
        return ""
    seconds = (datetime.fromisoformat(at) - datetime.fromisoformat(then)).total_seconds()
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f" ({seconds // size:.0f} {unit} ago)"
    return f" ({max(seconds, 0):.0f} s ago)"


def _digest_line(digest: JsonRow) -> str:
    last, ahead = digest["last"], f"next {short(digest['next_at'])} to {digest['recipients']}"
    if last is None:
        return f"none yet; {ahead}"
    if not last["mailed"]:
        return f"last {short(last['made_at'])}, with nothing to tell; {ahead}"
    when = short(last["sent_at"] or last["made_at"])
    return f"last {when}, {last['sent']} of {last['mailed']} mails sent; {ahead}"


def _mail_line(row: JsonRow) -> str:
    if row["mail_hold"] is not None:
        return archive.hold_line(row["mail_hold"]).removeprefix("mail ")
    if line := outbox.summary_line(row["mail"]):
        return line.removeprefix("mail: ")
    waiting = row["mail"]["waiting"]
    return f"{waiting} under way" if waiting else "nothing waits, nothing was refused"


def _findings_line(by_severity: JsonRow) -> str:
    named = [f"{by_severity[name]} {name}" for name in SEVERITIES if by_severity[name]]
    return f"{', '.join(named)}: rasd findings" if named else "none"


def _archive_line(row: JsonRow) -> str:
    free = row["disk_free_bytes"]
    left = f", {_bytes(free)} left on its disk" if free is not None else ""
    trouble = f"; {row['trouble']}" if row["trouble"] else ""
    return f"{_bytes(row['bytes'])}{left}{trouble}"


def _bytes(number: int) -> str:
    for size, unit in ((10**12, "TB"), (10**9, "GB"), (10**6, "MB")):
        if number >= size:
            return f"{number / size:.1f} {unit}"
    return f"{number / 1000:.0f} kB"


def rematch_line(row: JsonRow) -> str:
    """``rematch_row`` in a line."""
    return (
        f"{row['topic']} {row['version']}: {row['done']} of {row['of']} articles, "
        f"{row['changed']} changed"
    )


# ── sources ───────────────────────────────────────────────────────────────────────────────────


def _sources(row: JsonRow, everything: bool) -> Iterator[RenderableType]:
    ranked = sorted(row["sources"], key=_rank)
    shown = ranked if everything else ranked[:SHOWN_SOURCES]
    if not ranked:
        yield Text("no source is watched: rasd seeds check")
        return
    yield _sources_table(shown)
    if len(shown) < len(ranked):
        yield Text(f"… and {len(ranked) - len(shown)} more: rasd status --all", style="dim")


def _rank(row: JsonRow) -> tuple[int, int, int, str]:
    """What is wrong first, by severity; then failures, then what was never polled."""
    worst = min(
        (SEVERITIES.index(severity.of(k)) for k in row["findings"]), default=len(SEVERITIES)
    )
    return worst, -row["failures"], row["last_outcome"] is not None, row["source"]


def _sources_table(rows: Sequence[JsonRow]) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("source", no_wrap=True, overflow="ellipsis", max_width=SLUG_CELLS)
    table.add_column("last poll", no_wrap=True)
    table.add_column("outcome", no_wrap=True)
    table.add_column("articles", justify="right", no_wrap=True)
    table.add_column("wrong", overflow="fold")
    for row in rows:
        table.add_row(
            row["source"],
            short(row["last_poll_at"])[5:] if row["last_poll_at"] else "never",
            row["last_outcome"] or "never polled",
            f"{row['articles']:,}",
            _wrong(row),
            style=_source_style(row),
        )
    return table


def _wrong(row: JsonRow) -> str:
    failures = row["failures"]
    failed = [f"failed {failures} times" if failures > 1 else "failed once"] if failures else []
    return ", ".join([*row["findings"], *failed])


def _source_style(row: JsonRow) -> str:
    worst = next(iter(row["findings"]), None)
    if worst is not None and severity.of(worst) != "info":
        return "red"
    return "dim" if row["last_outcome"] is None else ""


# ── one line for a monitor ────────────────────────────────────────────────────────────────────


def check_line(report: JsonRow) -> str:
    """The status in one line, as monitoring plug-ins print it: the level, why, and after a bar
    the figures that a monitor may draw."""
    row: JsonRow = terminal.on_one_line(report)
    level, problems = row["status"]["level"], row["status"]["problems"]
    said = "; ".join(problem["text"] for problem in problems[:SHOWN_PROBLEMS]) or _well(row)
    if len(problems) > SHOWN_PROBLEMS:
        said += f"; and {len(problems) - SHOWN_PROBLEMS} more"
    line = f"RASD {level.upper()} - {said.replace('|', '/')}"
    return f"{line} | {_figures(row)}" if "counts" in row else line


def exit_code(report: JsonRow) -> int:
    """The level as the exit code of a monitoring plug-in."""
    return LEVELS.index(report["status"]["level"])


def _well(row: JsonRow) -> str:
    daemon, day = row["daemon"], row["last_24h"]
    return (
        f"at work since {short(daemon['started_at'])} UTC, {day['kept']} articles in 24 h, "
        f"{day['flagged']} flagged"
    )


def _figures(row: JsonRow) -> str:
    figures = {
        "articles_24h": row["last_24h"]["kept"],
        "flagged_24h": row["last_24h"]["flagged"],
        **{f"findings_{name}": number for name, number in row["findings_by_severity"].items()},
        "mails_waiting": row["mail"]["waiting"],
        "mails_dead": row["mail"]["dead"],
        "archive_bytes": f"{row['archive']['bytes']}B",
    }
    return " ".join(f"{name}={value}" for name, value in figures.items())
