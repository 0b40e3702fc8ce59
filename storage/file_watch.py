"""The file that a SQLite archive was opened in: whether it is still what its path leads to.

An open file stays usable after it was deleted or another one was put in its place, and what is
written to it then is lost. One that is cut short, or that another's bytes are copied over, stays
usable as far as its pages are in memory. SQLite doesn't notice: this looks at each transaction's
beginning, which costs some microseconds. The file itself is never opened here, for closing it would
free SQLite's own locks.

What the file's size says: between two looks it only grows, by pages that are folded in from the
log, up to the pages that the archive has; or it shrinks to just these, after a VACUUM.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path

from crawler.errors import StorageError


class ArchiveFile:
    """What stood at the archive's path, and at that of its write-ahead log, when it was opened."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._wal_path = Path(f"{path}-wal")
        self._file: tuple[int, int] | None = None
        self._wal: tuple[int, int] | None = None
        self._size: int | None = None  # in bytes
        self._guard = threading.Lock()

    def require_path(self) -> None:
        """StorageError if the file is not there any more, or another one is; for a connection that
        is to be opened: SQLite would make a new file, or mix the log of one with the other."""
        with self._guard:
            self._look()

    def require(self, whole: Callable[[], int]) -> None:
        """The same for a connection that is open, which has a log: remember both at the first
        call, and raise StorageError if one of them is not there any more, or if the file's size is
        none that it can have. ``whole`` asks the connection how many bytes the archive's pages
        are; it is asked only when the size is another than at the last look."""
        with self._guard:
            found = self._look()
            self._file = self._file or _identity(found)
            log = _identity(_stat(self._wal_path))
            if self._wal is not None and log is None:
                raise StorageError("log_lost", f"{self._wal_path} was deleted")
            if self._wal is not None and log != self._wal:
                raise StorageError("replaced", f"{self._wal_path} is another file than was opened")
            self._wal = log
            if found is not None and found.st_size != self._size:
                self._require_size(found.st_size, whole())

    def _look(self) -> os.stat_result | None:
        found = _stat(self.path)
        if self._file is not None and found is None:
            raise StorageError("deleted", f"{self.path} was deleted")
        if self._file is not None and _identity(found) != self._file:
            raise StorageError("replaced", f"{self.path} is another file than was opened")
        return found

    def _require_size(self, size: int, whole: int) -> None:
        known = size if self._size is None else self._size
        if size < known and size < whole:
            raise StorageError("damaged", f"{self.path} was cut: {size} bytes of {whole} are left")
        if size > known and size > whole:
            raise StorageError(
                "damaged", f"{self.path} was written over: {size} bytes, the archive has {whole}"
            )
        self._size = size

    def closed(self) -> None:
        """Note that no connection is open any more: the last one that closes deletes the log."""
        with self._guard:
            self._wal = None


def _stat(path: Path) -> os.stat_result | None:
    try:
        return os.stat(path)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StorageError("missing", f"{path}: {error.strerror}") from error


def _identity(found: os.stat_result | None) -> tuple[int, int] | None:
    return None if found is None else (found.st_dev, found.st_ino)
