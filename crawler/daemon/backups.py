"""The weekly proof that the latest backup can be restored: into a temporary file, and counted."""

from __future__ import annotations

import asyncio
import threading
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from sqlalchemy.engine import make_url

from crawler.app import App
from crawler.model import Backup, Finding
from storage.backups.proving import Stopped
from storage.backups.restoring import rehearse

CHECK_EVERY = timedelta(days=7)
CHECK_AGAIN = timedelta(days=1)  # after one that failed
log = structlog.get_logger("rasd")


def due(latest: Backup | None, last_checked: Backup | None, now: datetime) -> Backup | None:
    """The backup to be restored as a test now; None if it is not time, or there is none."""
    if latest is None or last_checked is None or last_checked.checked_at is None:
        return latest
    wait = CHECK_AGAIN if last_checked.failure else CHECK_EVERY
    age = now - last_checked.checked_at
    # A check that lies ahead was written under a clock that was wrong: it counts for nothing.
    return None if timedelta(0) <= age < wait else latest


async def check(app: App, stop: threading.Event) -> None:
    """Restore the latest backup as a test if it is time, in a thread, and write what came of it.

    ``stop`` ends it soon; then the next start tries again.
    """
    chosen = await asyncio.to_thread(_due, app)
    if chosen is None:
        return
    begun = app.clock()
    try:
        failure = await asyncio.to_thread(
            rehearse, Path(chosen.folder), _scratch(app), stopping=stop.is_set
        )
    except Stopped:
        return
    await app.writer.soon(lambda: app.backups.checked(chosen, app.clock(), failure))
    seconds = round((app.clock() - begun).total_seconds(), 1)
    if failure:
        log.error("a backup cannot be restored", folder=chosen.folder, why=failure)
    else:
        log.info("backup_checked", folder=chosen.folder, articles=chosen.articles, seconds=seconds)


def warn_of_hold(app: App) -> None:
    """Log that mail is on hold, if it is: a daemon that starts must not be silently mute."""
    if (hold := app.mail_hold.current()) is not None:
        since = hold.since_at.isoformat(timespec="seconds")
        log.warning("mail is on hold", since=since, reason=hold.reason)


def findings(app: App, now: datetime) -> list[Finding]:
    """What is wrong with backups and mail: the last test failed; mail is still on hold."""
    found = []
    last = app.backups.last_checked()
    if last is not None and last.failure:
        found.append(Finding(source="", kind="backup", proof=last.failure, opened_at=now))
    if (hold := app.mail_hold.current()) is not None:
        proof = f"no mail leaves since {hold.since_at:%Y-%m-%d %H:%M} UTC: {hold.reason}"
        found.append(Finding(source="", kind="mail_on_hold", proof=proof, opened_at=now))
    return found


def _due(app: App) -> Backup | None:
    return due(app.backups.latest(), app.backups.last_checked(), app.clock())


def _scratch(app: App) -> Path | None:
    """Beside the archive, where there is room for one more; None if it is on a server."""
    url = make_url(app.config.archive)
    beside = url.get_backend_name() == "sqlite" and url.database
    return Path(url.database or "").absolute().parent if beside else None
