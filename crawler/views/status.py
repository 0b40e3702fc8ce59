"""``rasd status``: sources, counts, next runs, findings, gaps and the canary on one page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from crawler.digest import schedule
from crawler.model import Rematch, SourceHealth
from crawler.monitoring.mail import OPEN_STATES
from crawler.views import archive, coverage, outbox, terminal
from crawler.views.fields import JsonRow, iso, short

if TYPE_CHECKING:
    from crawler.app import App


def status_row(app: App) -> JsonRow:
    """Sources with their last poll, the archive's counts, the next runs, open findings and gaps."""
    now = app.clock()
    digests = {
        recipe.slug: {
            "next_at": iso(schedule.next_due_at(now, recipe.hour, recipe.timezone)),
            "recipients": len(app.outbox.recipients(recipe.slug)),
        }
        for recipe in app.seeds.digests.values()
    }
    return {
        "at": iso(now),
        "counts": app.archive.counts(),
        "digests": digests,
        "mail": outbox.summary_row(app.archive.mails(OPEN_STATES), now),
        "sources": [health_row(health) for health in app.archive.health(app.seeds.sources)],
        "seeds": {"broken": list(app.loaded.broken), "kept_at": iso(app.loaded.kept_at)},
        "rematches": [rematch_row(rematch) for rematch in app.rematches.unfinished()],
        "findings": coverage.finding_rows(app.coverage.findings()),
        "gaps": coverage.gap_rows(app.coverage.gaps()),
        "canary": coverage.canary_row(app.canaries.heard(), now),
        "backup": archive.backup_row(app.backups.latest(), app.backups.last_checked()),
        "mail_hold": archive.hold_row(app.mail_hold.current()),
        "archive": {"trouble": app.trouble()},
    }


def rematch_row(rematch: Rematch) -> JsonRow:
    """How far the stored articles are judged by a new version of a topic."""
    return {
        "topic": rematch.topic,
        "version": rematch.version,
        "done": rematch.done,
        "of": rematch.of,
        "changed": rematch.changed,
        "began_at": iso(rematch.began_at),
    }


def health_row(health: SourceHealth) -> JsonRow:
    """A source's last poll and next one; null for what has not happened yet."""
    return {
        "source": health.source,
        "last_outcome": health.last_outcome,
        "last_poll_at": iso(health.last_poll_at),
        "last_success_at": iso(health.last_success_at),
        "failures": health.failures,
        "articles": health.articles,
        "next_poll_at": iso(health.next_poll_at),
    }


def status_text(report: JsonRow) -> Group:
    """``status_row`` for a terminal."""
    counts = Text("  ".join(f"{name} {value}" for name, value in report["counts"].items()))
    digests = Text(
        "\n".join(
            f"digest {slug}: next {short(d['next_at'])}, recipients {d['recipients']}"
            for slug, d in report["digests"].items()
        )
    )
    parts: list[RenderableType] = [_sources_table(report["sources"]), Text(), counts, digests]
    parts += [Text(rematch_line(row)) for row in report["rematches"]]
    if line := outbox.summary_line(report["mail"]):
        parts.append(Text(line, style="red"))
    if report["findings"]:
        parts += [Text(), coverage.findings_table(report["findings"])]
    if report["gaps"]:
        parts += [Text(), coverage.gaps_table(report["gaps"])]
    if trouble := report["archive"]["trouble"]:
        parts = [Text(f"the archive's trouble: {trouble}", style="red"), Text(), *parts]
    last = [coverage.canary_line(report["canary"]), archive.backup_line(report["backup"])]
    if report["mail_hold"] is not None:
        last.append(archive.hold_line(report["mail_hold"]))
    return Group(*parts, Text(), Text("\n".join(last)))


def rematch_line(row: JsonRow) -> str:
    """``rematch_row`` in a line."""
    return (
        f"rematch {row['topic']} {row['version']}: {row['done']} of {row['of']} articles, "
        f"{row['changed']} changed"
    )


def _sources_table(rows: list[JsonRow]) -> Table:
    names = ("source", "last outcome", "last poll", "failures", "articles", "next poll")
    table = terminal.bare_table(*names, right=("failures", "articles"))
    for row in rows:
        style = "red" if row["failures"] else ("dim" if row["last_outcome"] is None else "")
        table.add_row(
            row["source"],
            row["last_outcome"] or "never polled",
            short(row["last_poll_at"]),
            str(row["failures"] or ""),
            str(row["articles"]),
            short(row["next_poll_at"]),
            style=style,
        )
    return table
