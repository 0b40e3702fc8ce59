"""One method, one transaction; or several, of one thread, in one that they join.

Each part of the archive is a ``Transactions``; where a process may be killed in tests is named here.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

from sqlalchemy.engine import Connection, Engine

from crawler.ports import Failpoint
from storage.engine import read_connection

FAILPOINTS = (
    "sight.before_commit", "sight.after_commit", "keep.before_commit", "keep.after_commit",
    "settle.before_commit", "close_poll.before_commit", "close_poll.after_commit",
    "queue_issue.before_commit", "queue_issue.after_commit", "claim_message.after_commit",
    "close_message.before_commit",
)  # fmt: skip
"""Where a process may be killed in tests; ``open_archive`` is told when one is reached."""


_JOINED: Any = threading.local()  # this thread's transaction, which other methods' writes join


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
        """Make what this thread does meanwhile one transaction. ``apart``: each method stays all or
        nothing; else a failure must undo them all."""
        joined = _JOINED
        with self.engine.begin() as connection:
            joined.connection, joined.reached, joined.apart = connection, [], apart
            joined.engine = self.engine
            try:
                yield
            finally:
                joined.connection = None
        for name in joined.reached:
            self._reached(name)

    @contextmanager
    def _transaction(self, name: str = "") -> Iterator[Connection]:
        joined = self._joined()
        after = f"{name}.after_commit"
        with self._opened(joined) as connection:
            yield connection
            if f"{name}.before_commit" in FAILPOINTS:
                self._reached(f"{name}.before_commit")
        if after in FAILPOINTS:
            if joined is not None:
                _JOINED.reached.append(after)  # it is committed with the others
            else:
                self._reached(after)

    def _look(self) -> AbstractContextManager[Connection]:
        """To read by, and only to read: this thread's transaction, if there is one, else none at all."""
        joined = self._joined()
        return read_connection(self.engine) if joined is None else nullcontext(joined)

    def _joined(self) -> Connection | None:
        connection: Connection | None = getattr(_JOINED, "connection", None)
        return connection if connection is not None and _JOINED.engine is self.engine else None

    def _opened(self, joined: Connection | None) -> AbstractContextManager[Connection]:
        if joined is None:
            return self.engine.begin()
        return _nested(joined) if _JOINED.apart else nullcontext(joined)


@contextmanager
def _nested(connection: Connection) -> Iterator[Connection]:
    with connection.begin_nested():
        yield connection
