"""Each method of the archive is one transaction, or joins the one that its thread has opened.

The parts of ``SqlArchive`` derive from ``Transactions``. FAILPOINTS names the places where tests
kill a process.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from sqlalchemy.engine import Connection, Engine

from crawler.ports import Failpoint
from storage.engine import (
    joined_connection,
    read_connection,
    shared_transaction,
    write_connection,
)

FAILPOINTS = (
    "sight.before_commit", "sight.after_commit", "keep.before_commit", "keep.after_commit",
    "settle.before_commit", "close_poll.before_commit", "close_poll.after_commit",
    "queue_issue.before_commit", "queue_issue.after_commit", "claim_message.after_commit",
    "close_message.before_commit",
)  # fmt: skip
"""Where tests kill a process; ``open_archive`` takes the function that is called at each."""


class _Passed(threading.local):
    """The failpoints after a commit that were passed in this thread's ``together``."""

    names: list[str]

    def __init__(self) -> None:
        self.names = []


_passed = _Passed()


class Transactions:
    """An engine, and how the methods of the archive's parts begin and end their transactions.

    Every part over the same engine joins the transaction that ``together`` of any of them opened in
    this thread: a second one would wait for the first.
    """

    def __init__(self, engine: Engine, reached: Failpoint = lambda name: None) -> None:
        self.engine = engine
        self._reached = reached

    def close(self) -> None:
        """Close the engine's connections."""
        self.engine.dispose()

    @contextmanager
    def together(self, *, savepoints: bool = True) -> Iterator[None]:
        """Make one transaction of all that this thread reads and writes meanwhile on this engine.

        With ``savepoints``, a method that fails undoes its own writes only; without, the caller
        must let its error undo everything. Failpoints after a commit are reached when this one is
        committed.
        """
        _passed.names = []
        with shared_transaction(self.engine, savepoints=savepoints):
            yield
        for name in _passed.names:
            self._reached(name)

    @contextmanager
    def _transaction(self, name: str = "") -> Iterator[Connection]:
        joined = joined_connection(self.engine) is not None
        after = f"{name}.after_commit"
        with write_connection(self.engine) as connection:
            yield connection
            if f"{name}.before_commit" in FAILPOINTS:
                self._reached(f"{name}.before_commit")
        if after in FAILPOINTS:
            if joined:
                _passed.names.append(after)  # it is committed with the others
            else:
                self._reached(after)

    def _reading(self) -> AbstractContextManager[Connection]:
        """A connection to read with: that of this thread's transaction, if one is open."""
        return read_connection(self.engine)
