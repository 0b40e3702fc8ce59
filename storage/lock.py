"""One rasd at a time works on an archive.

The system frees the lock when the process dies, however.
"""

from __future__ import annotations

import fcntl
import os
import zlib
from pathlib import Path
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from crawler.errors import ArchiveError, LockHeldError
from storage.archive_file import make_folder, sqlite_file
from storage.engine import connect, unusable


class Lock(Protocol):
    """A lock that is held until it is released or its process ends."""

    def release(self) -> None:
        """Release the lock; releasing it again does nothing."""


def hold(url: str, *, pid: int, host: str) -> Lock:
    """Take the archive's lock.

    Raises LockHeldError, naming the holder's pid and host, if it is taken, and ArchiveError if the
    archive is out of reach.
    """
    holder = f"{pid} {host}"
    try:
        if (file := sqlite_file(url)) is not None:
            return _FileLock(Path(f"{file}.lock"), holder)
        return _AdvisoryLock(url, holder)
    except OSError as error:
        raise ArchiveError(f"{file}.lock: {error.strerror}") from error
    except DBAPIError as error:
        raise unusable(url, error) from error


def _held(holder: str) -> LockHeldError:
    pid, _, host = holder.strip().partition(" ")
    return LockHeldError(
        f"the archive is held by pid {pid or '?'} on {host or '?'}; stop that rasd first"
    )


class _FileLock:
    """``flock`` on a file beside the archive; the file stays, the lock ends with the process."""

    def __init__(self, path: Path, holder: str) -> None:
        make_folder(path.parent)
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            other = os.read(self._file, 500).decode(errors="replace")
            os.close(self._file)
            raise _held(other) from None
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, holder.encode(), 0)

    def release(self) -> None:
        """Release the lock; releasing it again does nothing."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


class _AdvisoryLock:
    """A PostgreSQL advisory lock on a connection of its own, whose application name is the
    holder.
    """

    def __init__(self, url: str, holder: str) -> None:
        self._engine = connect(url)
        self._connection: Connection = self._engine.connect()
        key = zlib.crc32(b"rasd archive")
        application_name = f"rasd {holder}"[:63]  # PostgreSQL cuts application names there
        self._connection.execute(
            sa.text("SELECT set_config('application_name', :n, false)"), {"n": application_name}
        )
        got = self._connection.execute(
            sa.text("SELECT pg_try_advisory_lock(:k)"), {"k": key}
        ).scalar()
        if not got:
            statement = (
                "SELECT a.application_name FROM pg_locks l JOIN pg_stat_activity a USING (pid) "
                "WHERE l.locktype = 'advisory' AND l.granted AND l.objid = :k "
                "AND a.datname = current_database()"
            )
            name = self._connection.execute(sa.text(statement), {"k": key}).scalar() or ""
            self.release()
            raise _held(str(name).removeprefix("rasd "))
        self._connection.commit()  # the lock is the session's, not the transaction's

    def release(self) -> None:
        """Release the lock; releasing it again does nothing."""
        self._connection.close()
        self._engine.dispose()
