"""Is all well with the watch, and if not, why: what ``rasd status --check`` answers. Pure.

``critical``: it is broken, so that stories or digests are missed now. ``warning``: a person has to
do something. What a finding asks is decided in ``severity``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from crawler.model import Finding
from crawler.monitoring import severity
from crawler.monitoring.liveness import Liveness, LivenessState

Level = Literal["ok", "warning", "critical"]
LEVELS: tuple[Level, ...] = ("ok", "warning", "critical")
"""Their places are the exit codes that monitoring plug-ins have for them."""
FULL_BYTES, FILLING_BYTES = 100_000_000, 1_000_000_000  # left on the archive's disk
OVERDUE = timedelta(hours=1)  # after a digest's hour; a mail server that is down delays no issue
UNHEARD = timedelta(hours=3)  # the canary is sent hourly, and a finding after two hours
UNPOLLED = timedelta(hours=3)  # while feeds are due
MAX_SOURCES = 5  # named in a problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something that is wrong."""

    level: Level
    text: str  # for people, in a line


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestState:
    """One digest and its recipients."""

    slug: str
    due_at: datetime  # its latest hour
    # Of recipients without an issue since that hour: since when each is one. None: not known.
    waiting_since: Sequence[datetime | None] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchState:
    """What the status is judged by, at one moment."""

    now: datetime
    liveness: Liveness
    trouble: str = ""  # with the archive, as the daemon says it
    findings: Sequence[Finding] = ()  # the open ones
    digests: Sequence[DigestState] = ()
    mail_on_hold: bool = False
    broken_seed: str = ""  # the first mistake in the seeds; "": they are good
    disk_free: int | None = None  # bytes; None: not on a disk of this machine
    heard: Mapping[str, datetime | None] | None = None  # the canary by language; None: not known
    last_poll_at: datetime | None = None
    sources_due: int = 0  # with a feed that is due for longer than UNPOLLED


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchStatus:
    """How the watch is: the worst level of its problems, and these, the worst first."""

    level: Level
    problems: tuple[Problem, ...] = ()


def judge(state: WatchState) -> WatchStatus:
    """The status in this state."""
    return of_problems([*_of_daemon(state), *_of_findings(state), *_of_rest(state)])


def of_problems(problems: Iterable[Problem]) -> WatchStatus:
    """The status that these problems make."""
    worst_first = sorted(problems, key=lambda problem: -LEVELS.index(problem.level))
    level = worst_first[0].level if worst_first else "ok"
    return WatchStatus(level=level, problems=tuple(worst_first))


def _of_daemon(state: WatchState) -> Iterator[Problem]:
    if state.trouble:
        yield Problem(level="critical", text=f"the archive can't be used: {state.trouble}")
    if not state.liveness.is_alive:
        yield Problem(level="critical", text=_not_alive(state.liveness))
        return
    since = state.now - UNPOLLED
    if state.sources_due and (state.last_poll_at is None or state.last_poll_at < since):
        text = f"nothing is polled, though {state.sources_due} sources have been due for hours"
        yield Problem(level="critical", text=text)


_NOT_ALIVE: Mapping[LivenessState, str] = {
    "never": "no daemon has ever been at work: rasd run",
    "stopped": "no daemon is at work: it was stopped at {ended}",
    "failed": "no daemon is at work: it ended at {ended} with code {code}",
    "vanished": "no daemon is at work: it vanished after {ticked}",
    "stuck": "the daemon (pid {pid}) hangs: its last tick was at {ticked}",
}


def _not_alive(found: Liveness) -> str:
    run = found.run
    return _NOT_ALIVE[found.state].format(
        pid=run.pid if run else "",
        ended=_minute(run.ended_at) if run else "",
        ticked=_minute(run.ticked_at) if run else "",
        code=run.exit_code if run else "",
    )


def _minute(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC" if at is not None else "?"


def _of_findings(state: WatchState) -> Iterator[Problem]:
    """A problem for each finding about rasd itself, and one for all sources of one kind."""
    of_sources: dict[str, list[Finding]] = {}
    levels: dict[str, Level] = {}
    for finding in severity.worst_first(state.findings):
        if (level := severity.of(finding.kind)) == "info":
            continue
        if finding.source:
            of_sources.setdefault(finding.kind, []).append(finding)
            levels[finding.kind] = level
        else:
            yield Problem(level=level, text=f"{finding.kind}: {finding.proof}")
    for kind, found in of_sources.items():
        named = ", ".join(finding.source for finding in found[:MAX_SOURCES])
        more = f" and {len(found) - MAX_SOURCES} more" if len(found) > MAX_SOURCES else ""
        yield Problem(level=levels[kind], text=f"{kind}: {named}{more}")


def _of_rest(state: WatchState) -> Iterator[Problem]:
    kinds = {finding.kind for finding in state.findings if not finding.source}
    if not state.mail_on_hold:
        yield from _overdue(state)
    elif "mail_on_hold" not in kinds:
        yield Problem(level="warning", text="mail is on hold: rasd mail release")
    if state.broken_seed and "seeds" not in kinds:
        yield Problem(level="warning", text=f"seeds are broken: {state.broken_seed}")
    if state.disk_free is not None and state.disk_free < FILLING_BYTES:
        level: Level = "critical" if state.disk_free < FULL_BYTES else "warning"
        text = f"{state.disk_free // 1_000_000} MB are left on the archive's disk"
        yield Problem(level=level, text=text)
    if "canary" not in kinds and (unheard := _unheard(state)):
        text = f"canary: not heard for {UNHEARD // timedelta(hours=1)} hours: {', '.join(unheard)}"
        yield Problem(level="critical", text=text)


def _overdue(state: WatchState) -> Iterator[Problem]:
    """Digests that a recipient should have had; a daemon that has just begun is given its time."""
    if (run := state.liveness.run) is None:
        return
    began = run.started_at if state.liveness.is_alive else None
    for digest in state.digests:
        late = 0
        for since in digest.waiting_since:
            begins = max(at for at in (digest.due_at, since, began) if at is not None)
            late += state.now - begins > OVERDUE
        if late:
            text = f"digest {digest.slug}: due {_minute(digest.due_at)}, {late} without an issue"
            yield Problem(level="critical", text=text)


def _unheard(state: WatchState) -> list[str]:
    """The languages whose canary has not come through, though a daemon is at work long enough."""
    run = state.liveness.run
    if state.heard is None or not state.liveness.is_alive or run is None:
        return []
    since = state.now - UNHEARD
    if run.started_at > since:
        return []
    if not state.heard:
        return ["all"]
    return sorted(name for name, at in state.heard.items() if at is None or at < since)
