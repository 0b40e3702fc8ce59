"""What can be wrong with the place where the archive is, told from a database's error. Pure.

A statement that is wrong, a row that is refused or a lock that another process holds for a while
are no troubles of the place: they concern the work that met them.
"""

from __future__ import annotations

import sqlite3
from typing import Any

from crawler.errors import StorageError

MAX_DETAIL_CHARACTERS = 200

# SQLite's primary result code → the trouble (https://sqlite.org/rescode.html).
_OF_SQLITE = {
    sqlite3.SQLITE_READONLY: "unwritable",
    sqlite3.SQLITE_IOERR: "failing",
    sqlite3.SQLITE_CORRUPT: "damaged",
    sqlite3.SQLITE_FULL: "full",
    sqlite3.SQLITE_CANTOPEN: "missing",
    sqlite3.SQLITE_NOTADB: "damaged",
}
# The beginning of an SQLSTATE → the trouble (PostgreSQL's appendix A).
_OF_POSTGRES = {
    "08": "unreachable",  # connection exceptions
    "25006": "unwritable",  # a standby, or a server that was made read-only
    "53100": "full",
    "53": "unreachable",  # too many connections, out of memory
    "57P": "unreachable",  # shut down, starting up, terminated by an administrator
    "58030": "failing",  # I/O error
    "XX001": "damaged",
    "XX002": "damaged",  # an index
}
TROUBLES = frozenset({
    *_OF_SQLITE.values(), *_OF_POSTGRES.values(), "deleted", "replaced", "log_lost", "not_ours",
})  # fmt: skip
"""Every trouble, those that no database's error tells among them: the file was deleted or replaced,
its write-ahead log was deleted, the lock is lost."""


def trouble_of(error: BaseException, *, disconnected: bool = False) -> StorageError | None:
    """The trouble that a driver's error tells; None if it tells none. ``disconnected``: the driver
    says that the connection is lost."""
    code = getattr(error, "sqlite_errorcode", None)
    word = _OF_SQLITE.get(code & 0xFF) if code is not None else _of_postgres(error, disconnected)
    return StorageError(word, detail(error)) if word else None


def detail(error: BaseException) -> str:
    """An error in one line."""
    return " ".join(str(error).split())[:MAX_DETAIL_CHARACTERS] or type(error).__name__


def _of_postgres(error: Any, disconnected: bool) -> str | None:
    state = getattr(error, "sqlstate", None) or ""
    known = max((start for start in _OF_POSTGRES if state.startswith(start)), key=len, default="")
    if known:
        return _OF_POSTGRES[known]
    unconnected = not state and type(error).__name__ in ("OperationalError", "ConnectionTimeout")
    is_postgres = type(error).__module__.startswith("psycopg")
    return "unreachable" if disconnected or (is_postgres and unconnected) else None
