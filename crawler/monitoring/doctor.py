"""What ``rasd doctor`` makes of what it measured: each check's outcome, and what to do. Pure.

``crawler.doctor`` measures. ``fail``: rasd can't work, or loses what it should bring. ``warn``: it
works, and someone should look.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from crawler.matching.topics import Concept
from crawler.model import Backup, Finding
from crawler.monitoring import offices
from crawler.monitoring.liveness import Liveness
from crawler.monitoring.watch_status import FILLING_BYTES, FULL_BYTES

CheckOutcome = Literal["ok", "warn", "fail"]
OUTCOMES: tuple[CheckOutcome, ...] = ("ok", "warn", "fail")
CLOCK_OFF = timedelta(minutes=2)  # a digest's hour and a mail's date are of the minute
CLOCK_WRONG = timedelta(hours=1)  # certificates of servers expire, digests go out twice
CERTIFICATE_DAYS = 14  # left: they are renewed a month ahead
BACKUP_AGE = timedelta(days=8)  # a weekly one, and a day
ANSWER_AGE = timedelta(days=1)  # feeds are polled many times a day
LARGE_LOG = 500_000_000  # bytes of a write-ahead log: a reader has been in its way for hours
_SERVICE = "docs/how-to/run-as-a-service.md"
_BACKUPS = "docs/how-to/back-up-and-upgrade.md"
ZONE_TABLES_YEARS = 1  # a table of the year before last knows nothing of this year's decrees


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What was found of one thing."""

    name: str
    outcome: CheckOutcome
    found: str  # for people, in a line
    advice: str = ""  # what to do; "" if nothing is wrong
    page: str = ""  # of the documentation, which says more


def ok(name: str, found: str) -> Check:
    """Nothing is wrong."""
    return Check(name=name, outcome="ok", found=found)


def warn(name: str, found: str, advice: str, page: str = "") -> Check:
    """Someone should look."""
    return Check(name=name, outcome="warn", found=found, advice=advice, page=page)


def fail(name: str, found: str, advice: str, page: str = "") -> Check:
    """rasd can't work like this."""
    return Check(name=name, outcome="fail", found=found, advice=advice, page=page)


def summary(checks: Iterable[Check]) -> dict[CheckOutcome, int]:
    """How many checks have each outcome."""
    outcomes = [check.outcome for check in checks]
    return {outcome: outcomes.count(outcome) for outcome in OUTCOMES}


# ── the machine ───────────────────────────────────────────────────────────────────────────────


def disk(free: int) -> Check:
    """``free``: bytes left on the archive's disk."""
    found = f"{free / 1e9:.1f} GB left on the archive's disk"
    if free >= FILLING_BYTES:
        return ok("disk", found)
    made = fail if free < FULL_BYTES else warn
    return made("disk", found, "make room: a full disk stops the watch", _SERVICE)


def clock(
    now: datetime, synchronized: bool | None, offsets: Sequence[timedelta], released: date
) -> Check:
    """``offsets``: our clock minus the clock of each server that answered lately; a cached answer
    makes ours look late, so the nearest counts. ``synchronized``: what the system's time service
    says; None if it says nothing. ``released``: no correct clock is before that day.
    """
    name, advice = "clock", "have a time service set it (systemd-timesyncd, chrony)"
    if now.date() < released:
        return fail(name, f"it says {now:%Y-%m-%d}, before this rasd was made", advice)
    nearest = min(offsets, key=abs, default=None)
    seen = "no server has answered lately" if nearest is None else _offset(nearest, len(offsets))
    said = {True: "synchronised", False: "not synchronised", None: "time service unknown"}
    found = f"{now:%Y-%m-%d %H:%M} UTC, {said[synchronized]}; {seen}"
    if nearest is not None and abs(nearest) >= CLOCK_OFF:
        made = fail if abs(nearest) >= CLOCK_WRONG else warn
        return made(name, found, advice)
    if synchronized is False and nearest is None:
        return warn(name, found, advice)
    return ok(name, found)


def _offset(nearest: timedelta, number: int) -> str:
    seconds = nearest.total_seconds()
    direction = "ahead of" if seconds > 0 else "behind"
    return f"{abs(seconds):.0f} s {direction} the nearest of {number} servers"


def zones(
    missing: Sequence[str],
    differing: Mapping[str, date],
    tables: tuple[str, str],
    number: int,
    now: datetime,
) -> Check:
    """``missing``: zones of the seeds without a table; ``differing``: those of which the system's
    table, which is used, and Python's ``tzdata`` differ within a year, since when; ``tables``:
    versions of tzdata and of the system's tables, such as 2026a, "" if they are not known.
    """
    name, advice = "time zones", "pip install --upgrade tzdata, and upgrade the system's tzdata"
    if missing:
        return fail(name, f"no table of {', '.join(missing)}", advice)
    packaged, of_system = tables
    found = f"{number} zones, tzdata {packaged or 'not installed'}, system {of_system or 'unknown'}"
    if differing:
        which = ", ".join(f"{zone} from {day}" for zone, day in sorted(differing.items())[:5])
        text = f"{found}: the system's tables are used, and differ for {which}"
        return warn(name, text, advice)
    newest = max(packaged[:4], of_system[:4])
    if newest.isdecimal() and int(newest) < now.year - ZONE_TABLES_YEARS:
        return warn(name, f"{found}: clocks may have been changed by decree since", advice)
    return ok(name, found)


# ── the archive ───────────────────────────────────────────────────────────────────────────────


def modes(readable: Sequence[str], number: int) -> Check:
    """``readable``: the archive's files that everybody may read or write, with their modes."""
    if readable:
        advice = "chmod o-rwx: the archive says who is watched and who reads about it"
        return warn("file modes", f"open to everybody: {', '.join(readable)}", advice)
    return ok("file modes", f"{number} files and folders, none open to everybody")


def damage(proof: str, read: str) -> Check:
    """``proof``: what is damaged; ``read``: what was looked at."""
    if proof:
        advice = "stop rasd, look at the disk (dmesg), restore the last backup"
        return fail("integrity", proof, advice, _BACKUPS)
    return ok("integrity", read)


def write_ahead_log(mode: str, size: int) -> Check:
    """SQLite's journal mode, and the bytes of the log beside the file."""
    found = f"journal mode {mode}, log of {size / 1e6:.1f} MB"
    if mode != "wal":
        advice = "start rasd once: it sets the mode; a network folder can't have it"
        return warn("archive log", found, advice, _SERVICE)
    if size > LARGE_LOG:
        return warn("archive log", found, "look for a program that keeps the archive open")
    return ok("archive log", found)


def backups(latest: Backup | None, checked: Backup | None, now: datetime) -> Check:
    """The newest backup, and the one that was last restored as a test."""
    if latest is None:
        return warn("backups", "none was ever made", "rasd backup FOLDER, daily", _BACKUPS)
    age = now - latest.made_at
    found = f"the newest of {latest.made_at:%Y-%m-%d %H:%M} UTC in {latest.folder}"
    if checked is not None and checked.failure:
        text = f"restoring one as a test failed: {checked.failure}"
        return fail("backups", text, "rasd backup anew; look at the disk", _BACKUPS)
    if age > BACKUP_AGE:
        return warn("backups", f"{found}, {age.days} days old", "have a timer make them", _BACKUPS)
    tested = f", tested {checked.checked_at:%Y-%m-%d}" if checked and checked.checked_at else ""
    return ok("backups", found + tested)


def saved_searches(checked: Sequence[tuple[str, datetime]], version: str) -> Check:
    """Whether this version of rasd has checked what the saved searches find: ``checked`` are the
    version and the time of each one's last check."""
    name = "saved searches"
    if not checked:
        return ok(name, "never checked; rasd saved check remembers what they find")
    others = sorted({by for by, _ in checked if by != version})
    if others:
        found = f"checked by rasd {', '.join(others)} last, this is {version}"
        return warn(name, found, "rasd saved check compares what they find", _BACKUPS)
    oldest = min(at for _, at in checked)
    return ok(name, f"{len(checked)} checked by this version, since {oldest:%Y-%m-%d %H:%M} UTC")


def daemon(found: Liveness) -> Check:
    """The daemon at work, or how the last one ended."""
    run = found.run
    if run is None:
        return warn("daemon", "none was ever at work", "rasd run, or a service", _SERVICE)
    if found.is_alive:
        return ok("daemon", f"at work since {run.started_at:%Y-%m-%d %H:%M} UTC, pid {run.pid}")
    last = run.ended_at or run.ticked_at
    text = f"not at work: {found.state}, {last:%Y-%m-%d %H:%M} UTC"
    return warn("daemon", text, "start the service; read its log", "docs/how-to/read-the-logs.md")


def answers(last_success: Mapping[str, datetime | None], now: datetime) -> Check:
    """When a poll of each source last succeeded: whether names are resolved and the network is
    there, without sending anything."""
    fresh = [at for at in last_success.values() if at is not None and now - at <= ANSWER_AGE]
    newest = max((at for at in last_success.values() if at is not None), default=None)
    if newest is None:
        return warn("network", "no source was ever polled with success", "rasd poll, rasd findings")
    found = f"{len(fresh)} of {len(last_success)} sources answered within a day"
    if not fresh:
        since = f"{found}; the last at {newest:%Y-%m-%d %H:%M} UTC"
        return warn("network", since, "look at the network, then at rasd findings")
    return ok("network", found)


def findings(found: Sequence[Finding]) -> Check:
    """The open findings about rasd itself."""
    ours = [finding for finding in found if not finding.source]
    if not ours:
        return ok("findings", "none about rasd itself")
    said = "; ".join(f"{finding.kind}: {finding.proof}" for finding in ours)
    return warn("findings", said, "what each asks for", "docs/how-to/read-the-logs.md")


# ── seeds and mail ────────────────────────────────────────────────────────────────────────────


def office_holders(concepts: Iterable[Concept], now: datetime) -> Check:
    """Offices of the lexicon whose last holder's term is over."""
    vacant = offices.findings(concepts, now)
    if vacant:
        advice = "add the successors under actors: in seeds/lexicon"
        return warn("office-holders", vacant[0].proof, advice, "docs/how-to/build-a-topic.md")
    return ok("office-holders", "every office has a holder")


def certificate(expires_at: datetime | None, now: datetime) -> tuple[str, bool]:
    """The mail server's certificate in words, and whether it expires soon."""
    if expires_at is None:
        return "no certificate", False
    left = expires_at - now
    return f"certificate until {expires_at:%Y-%m-%d}", left < timedelta(days=CERTIFICATE_DAYS)
