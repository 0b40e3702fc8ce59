"""The archive: reached, of the right version, private, whole; and what it knows of the watch."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import sqlalchemy as sa

from crawler import __version__
from crawler.config import Config, archive_url
from crawler.errors import NoArchiveError, OldArchiveError, RasdError
from crawler.monitoring import canary, doctor, liveness
from crawler.monitoring.doctor import Check, fail, ok, warn
from storage import lock, self_check
from storage.archive import SqlArchive
from storage.archive_file import sqlite_file
from storage.backups.history import SqlBackups
from storage.coverage import SqlCoverage
from storage.daemon_runs import SqlDaemonRuns
from storage.engine import connect, read_connection
from storage.opening import require_usable
from storage.saved_answers import SqlSavedAnswers
from storage.summary import SqlSummary

QUICK_BYTES = 1_000_000_000  # a larger archive takes minutes to read
ANSWERS = 30  # of servers, the newest, that the clock is held against
_SERVICE = "docs/how-to/run-as-a-service.md"


class Place:
    """An archive that is opened only if it can be read as it is."""

    def __init__(self, chosen: Config, *, thorough: bool) -> None:
        self.url, self.shown = chosen.archive, archive_url.shown(chosen.archive)
        self.file, self.thorough = sqlite_file(chosen.archive), thorough
        self.refused: RasdError | None = None
        try:
            require_usable(self.url)
        except RasdError as error:
            self.refused = error

    def subscriptions(self) -> Sequence[tuple[str, str]]:
        """(channel, address) of who gets a digest; none if it can't be read."""
        if self.refused is not None:
            return ()
        archive = SqlArchive(connect(self.url))
        try:
            return [(one.channel, one.address) for one in archive.subscriptions()]
        finally:
            archive.close()

    def offsets(self) -> Sequence[timedelta]:
        """Our clock minus that of each server that answered within a day."""
        if self.refused is not None:
            return ()
        engine = connect(self.url)
        try:
            answers = SqlSummary(engine, without=canary.SLUG).dated_answers(ANSWERS)
        finally:
            engine.dispose()
        return [at - then for at, said in answers if (then := _date(said)) is not None]


def _date(said: str) -> datetime | None:
    """An HTTP date; None if it is none."""
    try:
        found = parsedate_to_datetime(said)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


def checks(place: Place, now: datetime) -> Iterator[Check]:
    """Every check of the archive; only the first ones if it can't be read."""
    if place.file is not None:
        yield _modes(place.file)  # before it is opened: that mends them
        yield doctor.disk(_free(place.file))
    yield _opened(place)
    if place.refused is None:
        yield from _contents(place, now)


def _modes(file: Path) -> Check:
    paths = [Path(f"{file}{end}") for end in ("", "-wal", "-shm", ".lock")]
    found = [(path, stat.S_IMODE(path.stat().st_mode)) for path in paths if os.path.exists(path)]
    open_to_all = [f"{path} ({mode:o})" for path, mode in found if mode & stat.S_IRWXO]
    return doctor.modes(open_to_all, len(found))


def _free(file: Path) -> int:
    nearest = next(path for path in file.absolute().parents if os.path.exists(path))
    found = os.statvfs(nearest)
    return found.f_bavail * found.f_frsize


def _opened(place: Place) -> Check:
    name, error = "archive", place.refused
    if isinstance(error, NoArchiveError):
        return warn(name, f"{place.shown}: there is none yet", "rasd run makes it")
    if isinstance(error, OldArchiveError):
        return warn(name, str(error), "restart the daemon", "docs/how-to/back-up-and-upgrade.md")
    if error is not None:
        return fail(name, str(error), "look at its place and its rights", _SERVICE)
    if place.file is not None and not os.access(place.file, os.W_OK):
        advice = "run rasd as the archive's owner"
        return fail(name, f"{place.shown}: can't be written by this user", advice, _SERVICE)
    return ok(name, f"{place.shown}, of this version, can be written")


def _contents(place: Place, now: datetime) -> Iterator[Check]:
    engine = connect(place.url)
    try:
        if place.file is not None:
            yield _log(engine, place.file)
        yield _damage(engine, place)
        backups = SqlBackups(engine)
        yield doctor.backups(backups.latest(), backups.last_checked(), now)
        saved = SqlSavedAnswers(engine).all().values()
        yield doctor.saved_searches([(one.rasd, one.checked_at) for one in saved], __version__)
        runs, trouble = SqlDaemonRuns(engine).latest(), lock.trouble_of(place.url)
        yield doctor.daemon(liveness.judge(runs, lock.holder_of(place.url), now, trouble))
        yield doctor.findings(SqlCoverage(engine).findings())
        yield doctor.answers(SqlSummary(engine, without=canary.SLUG).last_successes(), now)
    finally:
        engine.dispose()


def _log(engine: sa.Engine, file: Path) -> Check:
    with read_connection(engine) as c:
        mode = str(c.exec_driver_sql("PRAGMA journal_mode").scalar_one())
    ahead = Path(f"{file}-wal")
    return doctor.write_ahead_log(mode, ahead.stat().st_size if ahead.exists() else 0)


def _damage(engine: sa.Engine, place: Place) -> Check:
    if place.file is None:
        return ok("integrity", "PostgreSQL looks after it (checksums, amcheck)")
    size = place.file.stat().st_size
    if size > QUICK_BYTES and not place.thorough:
        text = f"{size / 1e9:.1f} GB were not read; the daemon does it daily, --thorough now"
        return ok("integrity", text)
    proof = self_check.damage(engine) or self_check.index_damage(engine)
    return doctor.damage(proof, f"{size / 1e6:.0f} MB read, no damage")
