"""One method, one transaction; or several, of one thread, in one that they join.

Each part of the archive is a ``Transactions``; where a process may be killed in tests is named here.
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
"""Where a process may be killed in tests; ``open_archive`` is told when one is reached."""


class _Passed(threading.local):
    """The failpoints after a commit that were passed in this thread's ``together``."""

    names: list[str]

    def __init__(self) -> None:
        self.names = []


_passed = _Passed()


class Transactions:
    """An archive's engine, and how its methods begin and end.

    Every part of the archive that is made over the same engine joins the transaction that
    ``together`` of any of them opened in this thread: a second one would wait for the first.
    """

    def __init__(self, engine: Engine, reached: Failpoint = lambda name: None) -> None:
        self.engine = engine
        self._reached = reached

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()

    @contextmanager
    def together(self, *, apart: bool = True) -> Iterator[None]:
        """Make what this thread reads and writes meanwhile, by any class of ``storage`` on this engine,
        one transaction. ``apart``: each method stays all or nothing; else a failure must undo them all."""
        _passed.names = []
        with shared_transaction(self.engine, savepoints=apart):
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

    def _look(self) -> AbstractContextManager[Connection]:
        """To read by, and only to read: this thread's transaction, if there is one, else none at all."""
        return read_connection(self.engine)
