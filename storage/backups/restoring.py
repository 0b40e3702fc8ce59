"""A backup put in an archive's place, or only as if.

Nothing is touched before the backup is proved. The old archive is put aside and never removed, and
no mail leaves the restored one until an operator releases it: what it holds as unsent was probably
sent since.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError

from crawler.errors import ArchiveError, BackupError, BackupRefusedError
from crawler.model import Manifest
from storage import migrations
from storage.archive import open_archive
from storage.archive_file import give_to_owner
from storage.backups import folders, proving, transfer
from storage.backups.proving import Stopping
from storage.engine import connect, shown
from storage.mail_hold import SqlMailHold

BESIDE = ("-wal", "-shm")  # what SQLite keeps beside a database


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What was restored, and where the archive is that was there before."""

    manifest: Manifest
    aside: Path | None  # None: there was none


def restore(folder: Path, url: str, *, replace: bool, now: datetime) -> Restored:
    """Make this backup the archive at this URL; the caller holds the archive's lock.

    On SQLite an archive that is there is put aside if ``replace``; a PostgreSQL database must be
    empty. Raises BackupRefusedError if the backup is not what was written, BackupError if there is
    an archive, or if it cannot be written; then the old one is as it was.
    """
    try:
        if (parsed := sa.make_url(url)).get_backend_name() != "sqlite":
            return Restored(manifest=_into_server(folder, url, now), aside=None)
        return _into_file(folder, Path(parsed.database or ""), replace, now)
    except (DatabaseError, ArchiveError) as error:
        raise BackupError(f"{shown(url)}: {getattr(error, 'orig', error)}") from error
    except OSError as error:
        raise BackupError(f"{error.filename or shown(url)}: {error.strerror}") from error


def rehearse(folder: Path, scratch: Path | None, *, stopping: Stopping = lambda: False) -> str:
    """Restore a backup into a temporary file in ``scratch`` (None: where such files are) and open
    it as this rasd's archive; why it failed, "" if all was there. Raises Stopped."""
    try:
        with tempfile.TemporaryDirectory(prefix=".rasd-rehearsal-", dir=scratch) as place:
            copy = Path(place) / "archive.sqlite"
            manifest = proving.unpack(folder, copy, stopping=stopping)
            with closing(open_archive(_url(copy))) as opened:
                articles = opened.counts()["articles"]
            if articles != manifest.rows.get("articles"):
                return f"{folder}: {articles} articles and not {manifest.rows.get('articles')}"
    except (BackupError, BackupRefusedError, ArchiveError) as error:
        return str(error)
    except OSError as error:
        return f"{folder}: {error.strerror}"
    return ""


def _into_file(folder: Path, archive: Path, replace: bool, now: datetime) -> Restored:
    archive = archive.absolute()
    if archive.exists() and not replace:
        raise BackupError(f"{archive}: is there; --replace puts it aside and restores the backup")
    fresh = archive.with_name(f".{archive.name}.restoring")
    for leftover in (fresh, *_beside(fresh)):
        leftover.unlink(missing_ok=True)
    try:
        manifest = proving.unpack(folder, fresh)
        _make_ready(fresh, manifest, now)
        give_to_owner(fresh)
        folders.sync(fresh)
        aside = _put_aside(archive, now) if archive.exists() else None
        fresh.replace(archive)
        folders.sync(archive.parent)
    finally:
        for leftover in (fresh, *_beside(fresh)):
            leftover.unlink(missing_ok=True)
    return Restored(manifest=manifest, aside=aside)


def _into_server(folder: Path, url: str, now: datetime) -> Manifest:
    server = connect(url)
    try:
        transfer.require_empty(server, shown(url))
        with tempfile.TemporaryDirectory(prefix=".rasd-restoring-") as place:
            copy = Path(place) / "archive.sqlite"
            manifest = proving.unpack(folder, copy)
            _make_ready(copy, manifest, now)
            migrations.upgrade(server)
            source = connect(_url(copy))
            try:
                with source.connect() as reading:
                    transfer.carry(reading, server)
            finally:
                source.dispose()
    finally:
        server.dispose()
    return manifest


def _make_ready(copy: Path, manifest: Manifest, now: datetime) -> None:
    """Bring the copy to this rasd's schema, put its mail on hold, and leave one file of it."""
    with closing(open_archive(_url(copy))) as opened:
        reason = f"restored from the backup of {manifest.made_at:%Y-%m-%d %H:%M} UTC"
        SqlMailHold(opened.engine).hold(reason, now)
    with closing(sqlite3.connect(copy)) as c:
        c.execute("PRAGMA journal_mode=DELETE")


def _put_aside(archive: Path, now: datetime) -> Path:
    """Give the archive a second name, under which it stays when another takes the first.

    Its log is folded in before, or gets a name beside the second one: it must not be beside the
    restored archive.
    """
    with suppress(sqlite3.Error), closing(sqlite3.connect(archive)) as c:
        c.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    aside = archive.with_name(f"{archive.name}.replaced-{now:%Y%m%dT%H%M%SZ}")
    os.link(archive, aside)
    for old, kept in zip(_beside(archive), _beside(aside), strict=True):
        if old.exists():
            old.rename(kept)
    return aside


def _beside(database: Path) -> list[Path]:
    return [database.with_name(database.name + end) for end in BESIDE]


def _url(file: Path) -> str:
    return sa.URL.create("sqlite", database=str(file)).render_as_string()
