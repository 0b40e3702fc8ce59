"""Whether the archive can be used: its troubles said once, tried again at growing intervals.

::

    sound ──a StorageError, anywhere──► out ──look and probe succeed──► sound
                                         │
                                         └─ they don't: next attempt after 5 s, 10, 20 … 5 min

While the archive is out, no feed is polled and no mail queued: nothing of it could be kept. A
damaged one stays out until it was read as a whole and no damage found. Waits are measured by a
clock that no one sets.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from time import monotonic

import structlog

from crawler.errors import LockHeldError, StorageError
from crawler.ports import ArchivePlace, Clock

log = structlog.get_logger("rasd")
FIRST_RETRY_SECONDS = 5.0
LONGEST_RETRY_SECONDS = 300.0
LONGEST_RECONNECT_SECONDS = 20.0  # a server that is away is asked by one connection, no more
CALM_SECONDS = 600.0  # sound for so long, the next outage begins with short waits again


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """A time in which the archive can't be used."""

    error: StorageError  # the first one
    since: datetime
    began: float  # by the monotonic clock, as is the next
    retry_at: float
    attempts: int = 0  # in vain

    @property
    def text(self) -> str:
        """What is wrong, since when, in one line."""
        error = self.error
        return f"{error.trouble} since {self.since:%Y-%m-%d %H:%M} UTC: {error.detail}"


class ArchiveWatch:
    """Knows whether the archive can be used; any thread may report, one asks."""

    def __init__(
        self, place: ArchivePlace, clock: Clock, ticks: Callable[[], float] = monotonic
    ) -> None:
        self._place, self._clock, self._ticks = place, clock, ticks
        self._guard = threading.Lock()
        self._ended_at = -CALM_SECONDS
        self._attempts_before = 0
        # Called with the error, since when, and for how many seconds, once an outage is over.
        self.on_over: Callable[[StorageError, datetime, float], None] = lambda *of: None
        self.outage: Outage | None = None
        self.lost: LockHeldError | StorageError | None = None  # why this process has to end

    def report(self, error: StorageError) -> None:
        """Begin an outage, and log it, unless there is one."""
        with self._guard:
            if self.outage is not None:
                return
            now = self._ticks()
            attempts = self._attempts_before if now - self._ended_at < CALM_SECONDS else 0
            wait = _wait(error, attempts)
            self.outage = Outage(
                error=error, since=self._clock(), began=now, retry_at=now + wait, attempts=attempts
            )
        self._place.note(self.outage.text)
        log.error(
            "the archive can't be used",
            trouble=error.trouble,
            error=error.detail,
            retry_seconds=round(wait),
        )

    def require(self) -> None:
        """For whoever is about to write: StorageError if the archive is out, or if its lock is
        lost; then this process has to end."""
        if self.lost is not None:
            raise StorageError("not_ours", str(self.lost))
        try:
            self._place.require_lock()
        except LockHeldError as error:
            self._lose(error)
            raise StorageError("not_ours", str(error)) from error
        except StorageError as error:
            self.report(error)
            raise

    def is_usable(self) -> bool:
        """Look at the archive, or, if it is out and its wait is over, try to use it. Blocks."""
        if self.lost is not None:
            return False
        outage = self.outage
        if outage is not None and self._ticks() < outage.retry_at:
            return False
        try:
            self._place.require_lock()
            self._place.look()
            if outage is not None:
                self._require_sound(outage)
                self._place.probe()
        except LockHeldError as error:
            self._lose(error)
        except StorageError as error:
            if error.trouble == "replaced":
                self._lose(error)
            self.report(error)
            self._put_off()
        else:
            self._over()
        return self.outage is None and self.lost is None

    def _require_sound(self, outage: Outage) -> None:
        """What was found damaged is read as a whole before it is written to again."""
        if outage.error.trouble == "damaged" and (problem := self._place.damage()):
            raise StorageError("damaged", problem)

    def _put_off(self) -> None:
        with self._guard:
            if (outage := self.outage) is not None and self._ticks() >= outage.retry_at:
                attempts = outage.attempts + 1
                at = self._ticks() + _wait(outage.error, attempts)
                self.outage = replace(outage, attempts=attempts, retry_at=at)

    def _over(self) -> None:
        with self._guard:
            if (outage := self.outage) is None:
                return
            self.outage, self._ended_at = None, self._ticks()
            self._attempts_before = outage.attempts + 1
        self._place.note("")
        seconds = self._ticks() - outage.began
        trouble = outage.error.trouble
        log.warning("the archive can be used again", trouble=trouble, seconds=round(seconds))
        self.on_over(outage.error, outage.since, seconds)

    def _lose(self, error: LockHeldError | StorageError) -> None:
        with self._guard:
            known, self.lost = self.lost, self.lost or error
        if known is None and isinstance(error, LockHeldError):
            log.error("the archive's lock is lost", error=str(error))


def _wait(error: StorageError, attempts: int) -> float:
    longest = LONGEST_RETRY_SECONDS
    if error.trouble == "unreachable":
        longest = LONGEST_RECONNECT_SECONDS
    return float(min(FIRST_RETRY_SECONDS * 2 ** min(attempts, 10), longest))
