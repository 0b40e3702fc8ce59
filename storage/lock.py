"""One rasd at a time works on an archive.

The system frees the lock when the process dies, however. A lock can be lost while its process
lives: PostgreSQL frees it with the connection, and a file can be replaced. So its holder asks
(``require``) before it writes, and stops writing if another one has it.

On SQLite the lock's file also says what is wrong with the archive, for the archive itself can't.
"""

from __future__ import annotations

import fcntl
import os
import threading
import zlib
from pathlib import Path
from time import sleep
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from crawler.errors import LockHeldError, StorageError
from storage.archive_file import give_to_owner, make_folder, sqlite_file
from storage.engine import connect, unopened

_KEY = zlib.crc32(b"rasd archive")  # of PostgreSQL's advisory lock
# A process that asks who holds a file's lock has it for a moment itself: that is no reason not to
# start, so the lock is tried again.
TRIES, TRY_AGAIN_SECONDS = 10, 0.02
NOTE_BYTES = 1_024  # of the lock's file, written at once: later notes need no room on a full disk


class Lock(Protocol):
    """A lock that is held until it is released or its process ends."""

    def require(self) -> None:
        """Make sure that it is held, by taking it again if it was lost and no other process has it.

        LockHeldError if another process has it; StorageError if that can't be found out now.
        """

    def note(self, trouble: str) -> None:
        """Leave word of what is wrong with the archive, "" if nothing is, where ``trouble_of``
        finds it."""

    def release(self) -> None:
        """Release the lock; releasing it again does nothing."""


def hold(url: str, *, pid: int, host: str) -> Lock:
    """Take the archive's lock.

    Raises LockHeldError, naming the holder's pid and host, if it is taken, ArchiveError if the
    archive is out of reach, and StorageError if that may pass.
    """
    try:
        if (file := sqlite_file(url)) is not None:
            return _FileLock(_lock_path(file), f"{pid} {host}")
        return _AdvisoryLock(url, f"{pid} {host}")
    except StorageError as error:
        raise unopened(url, error) from error


def trouble_of(url: str) -> str:
    """What the process at work on this archive says is wrong with it; "" if nothing is, if no
    process is at work, or if the archive is no file."""
    archive = sqlite_file(url)
    return _note_of(archive).partition("\n")[2].strip() if archive is not None else ""


def holder_of(url: str) -> tuple[int, str] | None:
    """The process at work on this archive, (pid, host); None if there is none.

    Raises StorageError if a server does not answer. Its lock's name may cut the host short.
    """
    if (archive := sqlite_file(url)) is not None:
        name = _note_of(archive)
    else:
        engine = connect(url)
        try:
            with engine.connect() as connection:
                name = _advisory_holder(connection)
        finally:
            engine.dispose()
    pid, _, host = name.partition("\n")[0].strip().partition(" ")
    return (int(pid), host) if pid.isdecimal() else None


def _note_of(archive: Path) -> str:
    """What the process that holds this file's lock wrote into it; "" if none holds it."""
    try:
        file = os.open(_lock_path(archive), os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return ""
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return os.read(file, NOTE_BYTES).decode(errors="replace")
    finally:
        os.close(file)
    return ""


def _advisory_holder(connection: Connection) -> str:
    """``pid host`` of the process that holds the lock of this database; "" if none does."""
    statement = (
        "SELECT a.application_name FROM pg_locks l JOIN pg_stat_activity a USING (pid) "
        "WHERE l.locktype = 'advisory' AND l.granted AND l.objid = :k "
        "AND a.datname = current_database()"
    )
    name = connection.execute(sa.text(statement), {"k": _KEY}).scalar() or ""
    return str(name).removeprefix("rasd ")


def _lock_path(archive: Path) -> Path:
    """Beside the file itself, whatever links lead there: an archive has one lock."""
    return Path(f"{archive.resolve()}.lock")


def _held(holder: str) -> LockHeldError:
    pid, _, host = holder.partition("\n")[0].strip().partition(" ")
    return LockHeldError(
        f"the archive is held by pid {pid or '?'} on {host or '?'}; stop that rasd first"
    )


class _FileLock:
    """``flock`` on a file beside the archive; the file stays, the lock ends with the process."""

    def __init__(self, path: Path, holder: str) -> None:
        self._path, self._holder, self._guard = path, holder, threading.Lock()
        self._file, self._trouble = -1, ""
        self._take()

    def require(self) -> None:
        """Make sure that it is held: the file may have been deleted or replaced."""
        with self._guard:
            if self._file < 0 or _same(self._file, self._path):
                return
            lost = self._file
            self._take()
            os.close(lost)

    def note(self, trouble: str) -> None:
        """Leave word of what is wrong with the archive."""
        with self._guard:
            self._trouble = trouble
            if self._file >= 0:
                self._write(trouble)

    def release(self) -> None:
        """Release the lock; releasing it again does nothing."""
        with self._guard:
            if self._file >= 0:
                self._write("")
                os.close(self._file)
                self._file = -1

    def _take(self) -> None:
        try:
            make_folder(self._path.parent)
            is_new = not self._path.exists()
            file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            if is_new:
                give_to_owner(self._path)
        except OSError as error:
            raise StorageError("missing", f"{self._path}: {error.strerror}") from error
        if not _locked(file):
            other = os.read(file, NOTE_BYTES).decode(errors="replace")
            os.close(file)
            raise _held(other)
        self._file = file
        self._write(self._trouble)

    def _write(self, trouble: str) -> None:
        text = f"{self._holder}\n{trouble}".encode()[: NOTE_BYTES - 1]
        try:
            os.pwrite(self._file, text.ljust(NOTE_BYTES - 1) + b"\n", 0)
        except OSError:  # a full disk: the lock holds all the same, its holder is not named
            return


def _locked(file: int) -> bool:
    """Whether the lock of this file is ours now."""
    for attempt in range(TRIES):
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if attempt + 1 < TRIES:
                sleep(TRY_AGAIN_SECONDS)
        else:
            return True
    return False


def _same(file: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file), os.stat(path))
    except OSError:
        return False


class _AdvisoryLock:
    """A PostgreSQL advisory lock on a connection of its own, whose application name is the
    holder.
    """

    def __init__(self, url: str, holder: str) -> None:
        self._url, self._holder, self._guard = url, holder, threading.Lock()
        self._engine: Engine = connect(url)
        self._connection: Connection | None = None
        self._take()

    def require(self) -> None:
        """Make sure that it is held: PostgreSQL frees it when its connection ends."""
        with self._guard:
            try:
                if self._connection is not None:
                    self._connection.execute(sa.text("SELECT 1"))
                    self._connection.commit()
                    return
            except StorageError:
                self._close()
            self._take()

    def note(self, trouble: str) -> None:
        """Nothing: if the server doesn't answer, no one can ask it for the trouble."""

    def release(self) -> None:
        """Release the lock; releasing it again does nothing."""
        with self._guard:
            self._close()
            self._engine.dispose()

    def _take(self) -> None:
        connection = self._engine.connect()
        try:
            self._ask(connection)
        except BaseException:
            _end(connection)
            raise
        self._connection = connection

    def _ask(self, connection: Connection) -> None:
        application_name = f"rasd {self._holder}"[:63]  # PostgreSQL cuts application names there
        connection.execute(
            sa.text("SELECT set_config('application_name', :n, false)"), {"n": application_name}
        )
        got = connection.execute(sa.text("SELECT pg_try_advisory_lock(:k)"), {"k": _KEY}).scalar()
        if not got:
            raise _held(_advisory_holder(connection))
        connection.commit()  # the lock is the session's, not the transaction's

    def _close(self) -> None:
        if self._connection is not None:
            _end(self._connection)
            self._connection = None


def _end(connection: Connection) -> None:
    """End a connection, on the server too: back in its pool it would hold the lock."""
    if not connection.closed and not connection.invalidated:
        connection.invalidate()
    connection.close()
