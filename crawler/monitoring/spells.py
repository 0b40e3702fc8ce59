"""What fails again and again has a line when it begins and one when it ends, not each time.

::

    works ──fails──► a spell: a line ──fails alike──► counted ──works──► a line: how often, how long

A failure of another kind within a spell has a line of its own.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from time import monotonic


@dataclass(slots=True, kw_only=True)
class Spell:
    """A time in which something failed whenever it was tried."""

    began: float  # by the monotonic clock
    times: int = 0
    kinds: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A spell that is over: how often it failed, and for how long."""

    times: int
    seconds: int


class Spells:
    """The spells of one process. Any thread may report."""

    def __init__(self, ticks: Callable[[], float] = monotonic) -> None:
        self._ticks = ticks
        self._guard = threading.Lock()
        self._open: dict[Hashable, Spell] = {}

    def failed(self, what: Hashable, kind: str = "") -> bool:
        """Count a failure of this; whether it has a line: the first of its kind in the spell."""
        with self._guard:
            if (spell := self._open.get(what)) is None:
                spell = self._open[what] = Spell(began=self._ticks())
            spell.times += 1
            is_new = kind not in spell.kinds
            spell.kinds.add(kind)
            return is_new

    def worked(self, what: Hashable) -> Ended | None:
        """End the spell of this; None if there was none."""
        with self._guard:
            spell = self._open.pop(what, None)
            seconds = self._ticks() - spell.began if spell is not None else 0.0
        return Ended(times=spell.times, seconds=round(seconds)) if spell is not None else None


def kind_of(error: BaseException) -> str:
    """The error's class and the line of code that raised it: its text may differ each time."""
    frame = error.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    place = f"{frame.tb_frame.f_code.co_filename}:{frame.tb_lineno}" if frame is not None else ""
    return f"{type(error).__name__} {place}"
