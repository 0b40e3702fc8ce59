"""One moment of the archive: all that is read within sees the same articles, whoever writes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.engine import Connection, Engine

from storage.engine import joined_connection, read_connection


@contextmanager
def one_moment(engine: Engine) -> Iterator[Connection]:
    """A read-only connection in one transaction, which sees the archive as it is at its first
    statement: SQLite's deferred transaction, PostgreSQL's REPEATABLE READ.

    While this thread has a transaction of its own open, the connection of that one.
    """
    with read_connection(engine) as connection:
        if engine.dialect.name == "sqlite" or joined_connection(engine) is not None:
            yield connection
        else:
            yield connection.execution_options(isolation_level="REPEATABLE READ")
