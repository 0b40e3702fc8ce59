"""Whether an archive's full-text index is known to be damaged."""

from __future__ import annotations

import threading

from sqlalchemy.engine import Connection, Engine


class IndexState:
    """Whether the index of an engine's archive is known to be damaged; set by whoever meets it."""

    def __init__(self) -> None:
        self._damaged = threading.Event()

    @property
    def is_damaged(self) -> bool:
        """Whether rows of the index are neither written nor deleted just now."""
        return self._damaged.is_set()

    def set(self, damaged: bool) -> None:
        """Note what was found out."""
        (self._damaged.set if damaged else self._damaged.clear)()


def index_state(bound: Engine | Connection) -> IndexState:
    """The state that all users of this engine share."""
    found: IndexState = bound.get_execution_options()["rasd_index"]
    return found
