"""A backup made while the archive is in use: one snapshot, copied, counted, hashed, opened again.

It gets its name only when it is whole and proved; older ones are removed only then.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.exc import DatabaseError

from crawler.errors import BackupError, BackupRefusedError
from crawler.model import Backup, Manifest
from storage.archive_file import sqlite_file
from storage.backups import folders, manifest, proving, transfer
from storage.backups.proving import COPY, MANIFEST
from storage.engine import BUSY_SECONDS, require_file, shown

PAGES = 2048  # copied at a time, 8 MB


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A backup that was just made, and the older ones that were removed for it."""

    backup: Backup
    manifest: Manifest
    removed: tuple[Path, ...]


def make(url: str, place: Path, *, keep: int, rasd: str, now: datetime) -> Made:
    """Back up the archive at this URL into a new folder in ``place``; ``keep`` backups of this
    archive are left there, the new one among them.

    Neither the daemon nor a reader waits. Raises NoArchiveError, and BackupError, also if the
    archive is damaged; then nothing is left of the attempt, and all older backups are there.
    """
    folder = folders.begin(place, now)
    try:
        rows, schema = _copied(url, folder / COPY)
        written = Manifest(
            made_at=now, rasd=rasd, archive=shown(url), schema=schema, rows=rows,
            size=(folder / COPY).stat().st_size, sha256=proving.sha256(folder / COPY),
        )  # fmt: skip
        proving.prove(folder / COPY, written)
        _write(folder / MANIFEST, manifest.written(written))
        whole = folders.finish(folder)
    except (sqlite3.Error, DatabaseError, BackupRefusedError) as error:
        raise BackupError(f"{shown(url)}: {getattr(error, 'orig', error)}") from error
    except OSError as error:
        raise BackupError(f"{place}: {error.strerror}") from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    backup = Backup(
        folder=str(whole), made_at=now, size=written.size, articles=rows.get("articles", 0)
    )
    removed = folders.rotate(whole.parent, written.archive, keep)
    return Made(backup=backup, manifest=written, removed=tuple(removed))


def _copied(url: str, to: Path) -> tuple[Mapping[str, int], str]:
    """Write the archive to an SQLite file; its rows by table, and the version of its schema."""
    to.touch(mode=0o600)
    if (file := sqlite_file(url)) is None:
        transfer.export(url, to)
    else:
        require_file(url)
        _copy_sqlite(file, to)
    with closing(sqlite3.connect(to)) as copy:
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, which needs no other beside it
        rows = proving.count(copy)
        versions = copy.execute("SELECT version_num FROM alembic_version").fetchone()
    folders.sync(to)
    return rows, versions[0] if versions else ""


def _copy_sqlite(archive: Path, to: Path) -> None:
    """By SQLite's backup API, within one read transaction: what others commit meanwhile neither
    gets into the copy nor has it begin anew."""
    uri = f"{archive.absolute().as_uri()}?mode=rw"  # never creates one
    with (
        closing(sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS)) as source,
        closing(sqlite3.connect(to)) as copy,
    ):
        source.isolation_level = None
        source.execute("BEGIN")
        before = proving.count(source)
        source.backup(copy, pages=PAGES, sleep=0)
        source.execute("ROLLBACK")
        if proving.count(copy) != before:
            raise BackupError(f"{archive}: the copy has other rows than the archive")


def _write(path: Path, text: bytes) -> None:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
