"""``rasd status`` as data: the level, the daemon, digests, mail, findings, counts, sources.

docs/reference/status.md describes each key; ``page`` shows them on a terminal.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from crawler.digest import schedule
from crawler.model import SINK, ConceptProgress, DaemonRun, Finding, Rematch, SourceHealth
from crawler.monitoring import canary, liveness, severity, watch_status
from crawler.monitoring.liveness import Liveness
from crawler.monitoring.mail import OPEN_STATES, as_of_now
from crawler.monitoring.watch_status import DigestState, WatchState, WatchStatus
from crawler.seeds.digests import DigestRecipe
from crawler.views import archive, coverage, outbox
from crawler.views.fields import JsonRow, iso

if TYPE_CHECKING:
    from crawler.app import App

A_DAY = timedelta(days=1)


def status_row(app: App, *, ignore_sources: bool = False) -> JsonRow:
    """Everything that ``rasd status`` says; ``ignore_sources``: findings about single sources
    are no problem."""
    now = app.clock()
    listed = app.archive.mails(OPEN_STATES)
    found = as_of_now(app.coverage.findings(), listed, now)
    mails = [mail for mail in listed if mail.channel != SINK]
    health = app.archive.health(app.seeds.sources)
    alive = app.liveness()
    state = _state(app, now, alive, [f for f in found if not (ignore_sources and f.source)], health)
    return {
        "at": iso(now),
        "status": level_row(watch_status.judge(state)),
        "daemon": daemon_row(alive),
        "last_poll_at": iso(state.last_poll_at),
        "last_24h": _last_day_row(app, now),
        "counts": app.archive.counts(without=canary.SLUG),
        "digests": {
            recipe.slug: _digest_row(app, recipe, now) for recipe in app.seeds.digests.values()
        },
        "mail": outbox.summary_row(mails, now),
        "sources": [health_row(one, found) for one in health],
        "seeds": {"broken": list(app.loaded.broken), "kept_at": iso(app.loaded.kept_at)},
        "rematches": [rematch_row(rematch) for rematch in app.rematches.unfinished()],
        "concepts": concepts_row(app.concept_index.progress()),
        "findings": coverage.finding_rows(severity.worst_first(found)),
        "findings_by_severity": severity.count(found),
        "gaps": coverage.gap_rows(g for g in app.coverage.gaps() if g.source != canary.SLUG),
        "canary": coverage.canary_row(app.canaries.heard(), now),
        "backup": archive.backup_row(app.backups.latest(), app.backups.last_checked()),
        "mail_hold": archive.hold_row(app.mail_hold.current()),
        "archive": {
            "trouble": app.trouble(),
            "bytes": app.summary.size(),
            "disk_free_bytes": state.disk_free,
        },
    }


def level_row(found: WatchStatus) -> JsonRow:
    """The level and why it is not ``ok``, the worst first."""
    problems = [{"level": problem.level, "text": problem.text} for problem in found.problems]
    return {"level": found.level, "problems": problems}


def daemon_row(found: Liveness) -> JsonRow:
    """The daemon at work, or the last one; all null but the state if there was none."""
    return {
        "state": found.state,
        **_run_row(found.run),
        "previous": _run_row(found.previous) | {"state": liveness.ended(found.previous)}
        if found.previous is not None
        else None,
    }


def _run_row(run: DaemonRun | None) -> JsonRow:
    return {
        "pid": run.pid if run else None,
        "host": run.host if run else None,
        "version": run.version if run else None,
        "started_at": iso(run.started_at) if run else None,
        "last_tick_at": iso(run.ticked_at) if run else None,
        "ended_at": iso(run.ended_at) if run else None,
        "exit_code": run.exit_code if run else None,
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


def concepts_row(progress: ConceptProgress | None) -> JsonRow | None:
    """How far the concepts are that some stored articles are still to be searched for; null if
    there are none."""
    if progress is None:
        return None
    return {"concepts": progress.concepts, "done": progress.done, "of": progress.of}


def health_row(health: SourceHealth, findings: Iterable[Finding] = ()) -> JsonRow:
    """A source's last poll and next one, null for what has not happened yet; and the kinds of its
    open findings, the worst first."""
    own = severity.worst_first(f for f in findings if f.source == health.source)
    return {
        "source": health.source,
        "last_outcome": health.last_outcome,
        "last_poll_at": iso(health.last_poll_at),
        "last_success_at": iso(health.last_success_at),
        "failures": health.failures,
        "articles": health.articles,
        "next_poll_at": iso(health.next_poll_at),
        "findings": [finding.kind for finding in own],
    }


def _last_day_row(app: App, now: datetime) -> JsonRow:
    kept, flagged = app.summary.kept_since(now - A_DAY)
    return {"kept": kept, "flagged": flagged}


def _digest_row(app: App, recipe: DigestRecipe, now: datetime) -> JsonRow:
    """When a digest goes out next and to how many, and what became of the last one."""
    last = app.summary.last_issue(recipe.slug)
    return {
        "next_at": iso(schedule.next_due_at(now, recipe.hour, recipe.timezone)),
        "recipients": len(app.outbox.recipients(recipe.slug)),
        "last": None
        if last is None
        else {
            "slot": last.slot,
            "made_at": iso(last.made_at),
            "recipients": last.recipients,
            "mailed": last.mailed,
            "sent": last.sent,
            "sent_at": iso(last.sent_at),
        },
    }


# ── what the status is judged by ───────────────────────────────────────────────────────────────


def _state(
    app: App,
    now: datetime,
    alive: Liveness,
    findings: Sequence[Finding],
    health: Sequence[SourceHealth],
) -> WatchState:
    long_ago = now - watch_status.UNPOLLED
    late = [one for one in health if one.next_poll_at is not None and one.next_poll_at < long_ago]
    return WatchState(
        now=now,
        liveness=alive,
        trouble=app.trouble(),
        findings=findings,
        digests=[_digest_state(app, recipe, now) for recipe in app.seeds.digests.values()],
        mail_on_hold=app.mail_hold.current() is not None,
        broken_seed=next(iter(app.loaded.broken), ""),
        disk_free=app.summary.disk_free(),
        heard=app.canaries.heard(),
        last_poll_at=app.summary.last_poll_at(),
        sources_due=len(late),
    )


def _digest_state(app: App, recipe: DigestRecipe, now: datetime) -> DigestState:
    due_at = schedule.due_at(now, recipe.hour, recipe.timezone)
    histories = app.archive.issue_histories(recipe.slug)
    since = {one.address: one.created_at for one in app.archive.subscriptions(recipe.slug)}
    addresses = [recipient.address for recipient in app.outbox.recipients(recipe.slug)]
    return DigestState(
        slug=recipe.slug,
        due_at=due_at,
        waiting_since=[
            since.get(address)
            for address in addresses
            if (history := histories.get(address)) is None or history.last_until < due_at
        ],
    )
