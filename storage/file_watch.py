"""The file that a SQLite archive was opened in: whether it is still what its path leads to.

An open file stays usable after it was deleted or another one was put in its place, and what is
written to it then is lost. SQLite doesn't notice: this looks at each transaction's beginning, which
costs some microseconds. The file itself is never opened here, for closing it would free SQLite's
own locks.
"""

from __future__ import annotations

import os
import threading
from pathlib import Path

from crawler.errors import StorageError


class ArchiveFile:
    """What stood at the archive's path, and at that of its write-ahead log, when it was opened."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._wal_path = Path(f"{path}-wal")
        self._file: tuple[int, int] | None = None
        self._wal: tuple[int, int] | None = None
        self._guard = threading.Lock()

    def require_path(self) -> None:
        """StorageError if the file is not there any more, or another one is; for a connection that
        is to be opened: SQLite would make a new file, or mix the log of one with the other."""
        with self._guard:
            now = _identity(self.path)
            if self._file is not None and now is None:
                raise StorageError("deleted", f"{self.path} was deleted")
            if self._file is not None and now != self._file:
                raise StorageError("replaced", f"{self.path} is another file than was opened")

    def require(self) -> None:
        """The same for a connection that is open, which has a log: remember both at the first
        call, and raise StorageError if one of them is not there any more."""
        self.require_path()
        with self._guard:
            self._file = self._file or _identity(self.path)
            log = _identity(self._wal_path)
            if self._wal is not None and log is None:
                raise StorageError("log_lost", f"{self._wal_path} was deleted")
            if self._wal is not None and log != self._wal:
                raise StorageError("replaced", f"{self._wal_path} is another file than was opened")
            self._wal = log

    def closed(self) -> None:
        """Note that no connection is open any more: the last one that closes deletes the log."""
        with self._guard:
            self._wal = None


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = os.stat(path)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StorageError("missing", f"{path}: {error.strerror}") from error
    return found.st_dev, found.st_ino
