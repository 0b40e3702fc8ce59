"""The place where the archive is: looked at without being used, tried by a write that changes
nothing, and its write-ahead log folded into the file."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from crawler.errors import StorageError
from crawler.model import IndexProgress
from storage import self_check, text_index
from storage.engine import read_connection, write_connection
from storage.index_state import index_state
from storage.lock import Lock
from storage.troubles import detail, trouble_of

MIN_FREE_BYTES = 16_000_000  # of the disk, to begin again after it was full: a round's pages
FOLDING_MILLISECONDS = 500  # that folding waits for readers at most; there is a next time


class SqlPlace:
    """``ports.ArchivePlace`` of an engine; ``lock`` is None for a process that holds none."""

    def __init__(self, engine: Engine, lock: Lock | None = None) -> None:
        self._engine, self._lock = engine, lock
        is_sqlite = engine.dialect.name == "sqlite"
        name = engine.url.database if is_sqlite else None
        self._path = Path(name) if name and name != ":memory:" else None

    def require_lock(self) -> None:
        """Make sure that this process holds the archive's lock, if it has taken it.

        LockHeldError if another has it now; StorageError if that can't be found out.
        """
        if self._lock is not None:
            self._lock.require()

    def note(self, trouble: str) -> None:
        """Leave word of a trouble, "" of none, for processes that ask what is wrong."""
        if self._lock is not None:
            self._lock.note(trouble)

    def look(self) -> None:
        """StorageError if the archive is not there, or another one is."""
        try:
            with read_connection(self._engine) as c:
                c.execute(sa.text("SELECT version_num FROM alembic_version"))
        except StorageError as error:
            if error.trouble == "log_lost":
                self.fold()  # open connections still have it: nothing of it is lost
            # Closing would delete the log of what is there now, or fold it into what is left.
            if error.trouble not in ("replaced", "damaged"):
                self._engine.dispose()
            raise

    def probe(self) -> None:
        """Commit something that changes nothing; StorageError if that fails, or if the disk is
        about to be full."""
        if self._path is None:
            statement = "SELECT txid_current()"  # a new transaction's number is written down
        else:
            self._require_room(self._path)
            statement = "PRAGMA user_version = 0"  # it is 0; SQLite writes it all the same
        with write_connection(self._engine) as c:
            c.execute(sa.text(statement))

    def _require_room(self, path: Path) -> None:
        try:
            found = os.statvfs(path.parent)
        except OSError as error:
            raise StorageError("missing", f"{path.parent}: {error.strerror}") from error
        if (free := found.f_bavail * found.f_frsize) < MIN_FREE_BYTES:
            raise StorageError("full", f"{path.parent}: {free // 1_000_000} MB free")

    def unfolded_bytes(self) -> int:
        """The size of the write-ahead log beside the file; 0 if there is none."""
        try:
            return os.stat(f"{self._path}-wal").st_size if self._path is not None else 0
        except OSError:
            return 0

    def fold(self) -> bool:
        """Copy the write-ahead log into the file and empty it, so that the file is the whole
        archive; False if a reader was in the way. Call it where nothing is being written."""
        if self._path is None:
            return True
        opened = self._engine.raw_connection()
        try:
            opened.info.pop("busy_seconds", None)  # the next transaction sets its own
            cursor = opened.cursor()
            cursor.execute(f"PRAGMA busy_timeout = {FOLDING_MILLISECONDS}")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            ((blocked, *_),) = cursor.fetchall()
            cursor.close()
        except sqlite3.Error as error:
            raise trouble_of(error) or StorageError("failing", detail(error)) from error
        finally:
            opened.close()
        return not blocked

    def damage(self) -> str:
        """What is damaged in the archive, in a line; "" if nothing is. Reads all of it."""
        return self_check.damage(self._engine)

    def index_damage(self) -> str:
        """What is wrong with the full-text index, in a line; "" if nothing is."""
        return self_check.index_damage(self._engine)

    @property
    def index_is_suspect(self) -> bool:
        """Whether the index was found damaged, and not well since."""
        return index_state(self._engine).is_damaged

    def fill_index(self) -> int:
        """Index the articles that were kept while the index was damaged; returns how many."""
        return text_index.fill(self._engine)

    def complete_index(self, seconds: float) -> int:
        """Go on for about so long with an index that is being made; how many articles were
        indexed, 0 if it is whole."""
        return text_index.complete(self._engine, seconds=seconds)

    def index_progress(self) -> IndexProgress | None:
        """How far the full-text index is, if it is being made; None if it is whole."""
        with read_connection(self._engine) as c:
            return text_index.progress(c)

    def rebuild_index(self) -> Iterator[int]:
        """Make the index anew from the articles; yields how many are in it, after each batch."""
        return text_index.rebuild(self._engine)
