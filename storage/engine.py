"""Engines with our settings (SQLite: WAL, FULL, immediate writes; or PostgreSQL), and how the
methods of ``storage`` get a connection: one to read, or one to write, which joins the transaction
that its thread has open on the same engine."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection, Engine, ExceptionContext, make_url
from sqlalchemy.exc import DBAPIError

from crawler.errors import ArchiveError, IndexDamagedError, NoArchiveError, StorageError
from storage.archive_file import make_private, refusal, sqlite_file
from storage.file_watch import ArchiveFile
from storage.index_state import IndexState, index_state
from storage.troubles import trouble_of

# Troubles that a later start may find gone. A refused login is among them: of a connection that was
# not made, libpq gives no SQLSTATE, only prose.
_PASSING = frozenset({"full", "failing", "unreachable"})
_OF_RIGHTS = frozenset({"missing", "unwritable"})  # troubles that a lack of rights looks like
_READS_ONLY = "rasd_reads_only"  # the execution option of a connection that will not write
BUSY_SECONDS = 30  # a write waits so long for another process's transaction, then it fails
BUSY_SECONDS_ON_LOOP = 1  # … but on an event loop's thread, where all downloads would wait with it

# A server that has vanished without a word is noticed within half a minute, not after hours.
_POSTGRES_TIMEOUTS = {
    "connect_timeout": 10, "keepalives_idle": 15, "keepalives_interval": 5, "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}  # fmt: skip


class _OpenTransaction(threading.local):
    """The transaction of this thread that its writes join, if there is one."""

    connection: Connection | None = None
    savepoints = False


_open_transaction = _OpenTransaction()


OnTrouble = Callable[[StorageError], None]
"""Called in any thread with each trouble of the archive's place, before it is raised."""


def connect(
    url: str, on_trouble: OnTrouble = lambda error: None, *, busy_seconds: int = BUSY_SECONDS
) -> Engine:
    """An engine with our settings; a SQLite file and its folder are made.

    Errors of the place, such as a full disk, are raised as StorageError. ``busy_seconds``: how long
    it waits for another process's transaction.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        engine = _sqlite(url, on_trouble, busy_seconds)
    else:
        engine = _postgres(url, parsed)
    engine.update_execution_options(rasd_index=IndexState())
    sa.event.listen(engine, "handle_error", partial(_raise_trouble, on_trouble))
    return engine


def _sqlite(url: str, on_trouble: OnTrouble, busy_seconds: int) -> Engine:
    if (path := sqlite_file(url)) is not None:
        if why := refusal(path):
            raise ArchiveError(why)
        try:
            make_private(path)
        except OSError as error:
            raise ArchiveError(f"{path}: {error.strerror}") from error
    engine = sa.create_engine(
        url, connect_args={"timeout": busy_seconds, "check_same_thread": False}
    )
    if path is not None:
        _watch_file(engine, ArchiveFile(path), on_trouble)
    sa.event.listen(engine, "connect", _prepare_sqlite)
    sa.event.listen(engine, "begin", partial(_begin, busy_seconds))
    return engine


def _postgres(url: str, parsed: URL) -> Engine:
    if parsed.drivername in ("postgresql", "postgres"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    try:
        return sa.create_engine(parsed, pool_pre_ping=True, connect_args=_POSTGRES_TIMEOUTS)
    except ModuleNotFoundError as error:
        raise ArchiveError(f"{shown(url)}: this archive needs the extra 'postgres'") from error


@contextmanager
def opening(url: str) -> Iterator[None]:
    """Raises what people see, in one line, for what keeps an archive from being opened within: the
    ``unopened`` of its place, ArchiveError if the database refuses it."""
    try:
        yield
    except StorageError as error:
        raise unopened(url, error) from error
    except DBAPIError as error:
        raise ArchiveError(f"{shown(url)}: {' '.join(str(error.orig).split())}") from error


def unopened(url: str, error: StorageError) -> ArchiveError | StorageError:
    """The error that people see when the archive's place keeps it from being opened: StorageError
    if a later start may succeed, as after a boot at which the server came up last, else
    ArchiveError."""
    file = sqlite_file(url)
    if file is not None and error.trouble in _OF_RIGHTS and (why := refusal(file, writing=True)):
        return ArchiveError(why)
    detail = f"{shown(url)}: {error.detail}"
    if error.trouble in _PASSING:
        return StorageError(error.trouble, detail)
    return ArchiveError(detail)


def missing(url: str) -> NoArchiveError:
    """The error that people see when there is no archive."""
    return NoArchiveError(f"{shown(url)}: no archive yet; rasd run or rasd poll makes it")


def require_file(url: str) -> None:
    """Raises NoArchiveError if the archive is a file, and not there or empty: SQLite would make
    one; ArchiveError if this user has no right to find that out."""
    if not has_file(url):
        raise missing(url)


def has_file(url: str) -> bool:
    """Whether there is something where the archive is, as far as files tell: of a server, True.

    ArchiveError if this user has no right to find that out.
    """
    if (file := sqlite_file(url)) is None:
        return True
    if why := refusal(file):
        raise ArchiveError(why)
    return file.is_file() and file.stat().st_size > 0


def _watch_file(engine: Engine, file: ArchiveFile, on_trouble: OnTrouble) -> None:
    """Have every connection and every transaction begin with a look at the archive's file."""

    def required(look: Callable[[], None]) -> None:
        try:
            look()
        except StorageError as error:
            on_trouble(error)
            raise

    def begins(connection: Connection) -> None:
        required(lambda: file.require(lambda: _whole_bytes(connection)))

    sa.event.listen(engine, "do_connect", lambda *of: required(file.require_path))
    sa.event.listen(engine, "begin", begins)
    sa.event.listen(engine, "engine_disposed", lambda engine: file.closed())


def _whole_bytes(connection: Connection) -> int:
    """How many bytes the archive's pages are, those included that are only in its log so far."""
    pages, size = (
        connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
        for name in ("page_count", "page_size")
    )
    return int(pages) * int(size)


def _raise_trouble(on_trouble: OnTrouble, context: ExceptionContext) -> None:
    error = trouble_of(context.original_exception, disconnected=context.is_disconnect)
    if (
        error is not None
        and error.trouble == "damaged"
        and "article_text" in f"{context.statement}"
    ):
        if context.engine is not None:
            index_state(context.engine).set(True)
        raise IndexDamagedError() from context.original_exception
    if error is not None:
        on_trouble(error)
        raise error from context.original_exception


def shown(url: str) -> str:
    """The URL as people may see it, without its password."""
    return make_url(url).render_as_string(hide_password=True)


def connect_read_only(url: str) -> Engine:
    """An engine that cannot write: SQLite's file is opened so, PostgreSQL's transactions begin so.
    The file has to be there."""
    parsed, file = make_url(url), sqlite_file(url)
    if file is not None:
        uri = f"{file.absolute().as_uri()}?mode=ro"
        engine = sa.create_engine(
            "sqlite://",
            creator=lambda: sqlite3.connect(
                uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
            ),
            poolclass=sa.QueuePool,
        )
        sa.event.listen(engine, "begin", lambda c: c.exec_driver_sql("BEGIN"))
    else:
        engine = _postgres(url, parsed)
        engine.update_execution_options(postgresql_readonly=True)
    engine.update_execution_options(rasd_index=IndexState())
    sa.event.listen(engine, "handle_error", partial(_raise_trouble, lambda error: None))
    return engine


@contextmanager
def shared_transaction(engine: Engine, *, savepoints: bool) -> Iterator[Connection]:
    """One transaction that all reads and writes of this thread on this engine join, until it ends.

    ``savepoints``: each write is undone by itself if it fails; otherwise the caller must let the
    error of any of them undo all. ArchiveError if the database undid all of it by itself.
    """
    with engine.begin() as connection:
        _open_transaction.connection, _open_transaction.savepoints = connection, savepoints
        try:
            yield connection
            _require_open(connection)
        finally:
            _open_transaction.connection = None


def joined_connection(engine: Engine) -> Connection | None:
    """The connection of this thread's ``shared_transaction`` on this engine; None if none is
    open."""
    connection = _open_transaction.connection
    return connection if connection is not None and connection.engine is engine else None


def write_connection(engine: Engine) -> AbstractContextManager[Connection]:
    """A connection in a transaction of its own, committed at the end; or, while this thread has a
    ``shared_transaction`` open, the connection of that one. ArchiveError if that is lost."""
    joined = joined_connection(engine)
    if joined is None:
        return engine.begin()
    _require_open(joined)
    return _savepoint(joined) if _open_transaction.savepoints else nullcontext(joined)


def _require_open(connection: Connection) -> None:
    """ArchiveError if SQLite has undone the transaction: of a full disk, an I/O error or a lack of
    memory it undoes everything, also what earlier savepoints hold, and would commit each later
    statement by itself."""
    raw: Any = connection.connection.dbapi_connection
    if connection.dialect.name == "sqlite" and not raw.in_transaction:
        raise ArchiveError("the database undid the transaction")


@contextmanager
def _savepoint(connection: Connection) -> Iterator[Connection]:
    with connection.begin_nested():
        yield connection


@contextmanager
def read_connection(engine: Engine) -> Iterator[Connection]:
    """A read-only connection that sees the archive as it is now: on SQLite it neither blocks the
    writer nor waits for it. While this thread has a ``shared_transaction`` open, its connection,
    which sees what was written there."""
    if (joined := joined_connection(engine)) is not None:
        yield joined
        return
    with engine.connect().execution_options(**{_READS_ONLY: True}) as connection:
        yield connection


def reading(engine: Engine) -> Engine:
    """The same engine for connections that only read, as ``read_connection`` opens them."""
    return engine.execution_options(**{_READS_ONLY: True})


def _prepare_sqlite(connection: Any, record: object) -> None:
    connection.isolation_level = None  # SQLAlchemy's recipe: we say BEGIN, the driver doesn't
    # The log is folded into the file every 16 MB and not every 4: what is written again in between
    # (indexes are, all the time) is copied once, which is 7 % of what a page costs.
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "wal_autocheckpoint=4000",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin(busy_seconds: int, connection: Connection) -> None:
    # A deferred transaction that turns into a writer fails at once under WAL (M28), so whoever may
    # write takes his turn at the beginning.
    reads_only = connection.get_execution_options().get(_READS_ONLY, False)
    _limit_wait(connection, busy_seconds)
    connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")


def _limit_wait(connection: Connection, busy_seconds: int) -> None:
    """Set SQLite's busy timeout for the thread that uses this pooled connection now."""
    seconds = BUSY_SECONDS_ON_LOOP if _runs_a_loop() else busy_seconds
    if connection.info.get("busy_seconds") != seconds:
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {1000 * seconds}")
        connection.info["busy_seconds"] = seconds


def _runs_a_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
