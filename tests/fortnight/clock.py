"""The desk's time: that of the world, and that of the machine's clock, which may be wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

LOOK = timedelta(milliseconds=1)  # no two looks at a clock show the same time


class VirtualClock:
    """Stands still but for a millisecond a look, until it is set forward.

    While it is ``live`` it is the system's, for processes that know no other.
    """

    def __init__(self, start: datetime) -> None:
        self._start = self.world = start
        self.skew = timedelta(0)  # how far the machine's clock is ahead of the world
        self.live = False

    def __call__(self) -> datetime:
        """What the machine's clock shows."""
        self.world += LOOK
        return self.now() + self.skew

    def now(self) -> datetime:
        """The world's time, by which outlets publish."""
        return max(self.world, datetime.now(UTC)) if self.live else self.world

    def elapsed(self) -> float:
        """Seconds by the clock that no one sets."""
        return (self.world - self._start).total_seconds()

    def forward_to(self, moment: datetime) -> None:
        """Let time pass until then; a moment that is over changes nothing."""
        self.world = max(self.world, moment)
