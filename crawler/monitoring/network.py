"""Whether the network is there: said once when it is gone and once when it is back. Pure.

A source out of reach is a source; none in reach is our own network. What tells is a round in which
no source of several was reached, however many feeds each has, or so many sources in a row, one
round after the other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic

from crawler.model import NO_CONNECTION, Poll

SOURCES_IN_A_ROW = 3  # out of reach, in rounds of one source each: two may be down at once


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkChange:
    """The network was lost, with so many sources out of reach; or is back after so many seconds."""

    is_back: bool
    sources: int = 0
    seconds: int = 0


class Network:
    """What the rounds of one process say of the network."""

    def __init__(self, ticks: Callable[[], float] = monotonic) -> None:
        self._ticks = ticks
        self._lost: set[str] = set()  # sources in a row
        self._gone_since: float | None = None

    @property
    def is_there(self) -> bool:
        """False from when it was found gone until a source is reached."""
        return self._gone_since is None

    def judge(self, polls: Sequence[Poll]) -> NetworkChange | None:
        """What a round changes; None if nothing."""
        if not polls:
            return None
        if not all(map(is_unreachable, polls)):
            return self._reached()
        lost = {poll.source for poll in polls}
        self._lost |= lost
        if not self.is_there or (len(lost) == 1 and len(self._lost) < SOURCES_IN_A_ROW):
            return None
        self._gone_since = self._ticks()
        return NetworkChange(is_back=False, sources=len(self._lost))

    def _reached(self) -> NetworkChange | None:
        self._lost.clear()
        since, self._gone_since = self._gone_since, None
        if since is None:
            return None
        return NetworkChange(is_back=True, seconds=round(self._ticks() - since))


def is_unreachable(poll: Poll) -> bool:
    """Whether the poll came to no connection at all; a feed of which a later URL could not be
    reached was answered."""
    return poll.outcome == "failed" and poll.reason in NO_CONNECTION
