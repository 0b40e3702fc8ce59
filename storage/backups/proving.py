"""A backup read by one who believes nothing: its files, its bytes, its rows.

Nothing that the manifest names is opened: the two files have fixed names, and must be ordinary
files. The copy that is looked at is the one whose bytes were counted and hashed.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import stat
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path

from crawler.errors import BackupError, BackupRefusedError
from crawler.model import Manifest
from storage.backups import manifest as manifests

COPY, MANIFEST = "archive.sqlite", "manifest.json"  # a backup's files, and all of them
MAX_MANIFEST_BYTES = 1_000_000
CHUNK_BYTES = 1 << 20
STEPS_BETWEEN_LOOKS = 100_000  # of SQLite's machine, some milliseconds

Stopping = Callable[[], bool]
"""Whether to give up; looked at often."""


class Stopped(Exception):
    """A stop was requested."""


def _no_backup(folder: Path, found: Sequence[str]) -> str:
    """Why a folder is no backup; of one that holds backups, the newest is named."""
    if backups := [name for name in found if (folder / name / MANIFEST).is_file()]:
        return f"{folder}: is a folder of backups; name one of them: {folder / backups[-1]}"
    return f"{folder}: has {', '.join(found) or 'nothing'} in it"


def manifest_of(folder: Path) -> Manifest:
    """What a backup's manifest says; BackupRefusedError if this is no backup, or was changed."""
    try:
        found = sorted(entry.name for entry in folder.iterdir())
        if found != [COPY, MANIFEST]:
            raise BackupRefusedError(_no_backup(folder, found))
        with open(_opened(folder / MANIFEST), "rb") as file:
            text = file.read(MAX_MANIFEST_BYTES)
    except OSError as error:
        raise BackupRefusedError(f"{folder}: {error.strerror}") from error
    try:
        return manifests.read(text)
    except BackupRefusedError as error:
        raise BackupRefusedError(f"{folder}: {error}") from error


def unpack(folder: Path, to: Path, *, stopping: Stopping = lambda: False) -> Manifest:
    """Copy a backup's archive to ``to``, a file that is not there yet, and prove the copy.

    Raises BackupRefusedError if anything differs from the manifest, BackupError if it cannot be
    written, Stopped; then the copy is gone.
    """
    manifest = manifest_of(folder)
    try:
        _copy(folder / COPY, to, manifest, stopping)
        prove(to, manifest, stopping=stopping)
    except OSError as error:
        to.unlink(missing_ok=True)
        raise BackupError(f"{to}: {error.strerror}") from error
    except (BackupRefusedError, Stopped) as error:
        to.unlink(missing_ok=True)
        if isinstance(error, Stopped):
            raise
        raise BackupRefusedError(f"{folder}: {error}") from error
    return manifest


def prove(copy: Path, manifest: Manifest, *, stopping: Stopping = lambda: False) -> None:
    """Open this SQLite file, check its pages and count its rows; BackupRefusedError if it is not
    what the manifest says."""
    try:
        with closing(sqlite3.connect(f"{copy.absolute().as_uri()}?mode=ro", uri=True)) as c:
            c.set_progress_handler(stopping, STEPS_BETWEEN_LOOKS)
            found = c.execute("PRAGMA quick_check(1)").fetchone()[0]
            if found != "ok":
                raise BackupRefusedError(f"its pages are damaged: {found}")
            rows = count(c)
    except sqlite3.Error as error:
        if stopping():
            raise Stopped from error
        raise BackupRefusedError(f"it cannot be opened: {error}") from error
    if rows != dict(manifest.rows):
        raise BackupRefusedError(f"its rows are not those of the manifest: {_odd(rows, manifest)}")


def count(connection: sqlite3.Connection) -> dict[str, int]:
    """The rows of each table, but for those in which SQLite keeps its own."""
    names = connection.execute(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'virtual') "
        "AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
    ).fetchall()
    return {
        name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]
        for (name,) in sorted(names)
    }


def sha256(path: Path, stopping: Stopping = lambda: False) -> str:
    """The file's hash."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            if stopping():
                raise Stopped
            digest.update(chunk)
    return digest.hexdigest()


def _opened(path: Path) -> int:
    """A descriptor of an ordinary file; a link, a pipe or a device is refused."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise BackupRefusedError(f"{path}: no ordinary file: {error.strerror}") from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise BackupRefusedError(f"{path}: no ordinary file")
    return descriptor


def _copy(source: Path, to: Path, manifest: Manifest, stopping: Stopping) -> None:
    """Copy while counting and hashing: what was proved is what is there."""
    digest, left = hashlib.sha256(), manifest.size
    with open(_opened(source), "rb") as packed:
        size = os.fstat(packed.fileno()).st_size
        if size != manifest.size:
            raise BackupRefusedError(f"{COPY} has {size:,} bytes and not {manifest.size:,}")
        with open(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            while left and (chunk := packed.read(min(left, CHUNK_BYTES))):
                if stopping():
                    raise Stopped
                digest.update(chunk)
                file.write(chunk)
                left -= len(chunk)
            file.flush()
            os.fsync(file.fileno())
    if left or digest.hexdigest() != manifest.sha256:
        raise BackupRefusedError(f"{COPY} was changed: its bytes are not those that were written")


def _odd(rows: Mapping[str, int], manifest: Manifest) -> str:
    names = sorted(rows.keys() | manifest.rows.keys())
    return ", ".join(
        f"{name} {rows.get(name, 'missing')} and not {manifest.rows.get(name, 'there')}"
        for name in names
        if rows.get(name) != manifest.rows.get(name)
    )
