"""Closing a poll in the archive, and what happens to a poll that the archive does not take. Pure.

::

    close ─► written ─► forgotten here
       │
       └► refused (disk full, database locked) ─► kept in memory ─► written again after a back-off
                                                        │
                                                        └► its feed is polled again no sooner

Nothing is lost by a refused close but the poll's row: its sightings and articles are written on
their own, and what it says of gaps is written with the feed's next poll. What is held here dies
with the process; then the archive's rows decide alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from crawler.errors import StorageError
from crawler.model import FeedState, Finding, Gap, Poll
from crawler.ports import Archive, Coverage

FIRST_RETRY = timedelta(minutes=1)  # a lock is usually gone by then, and no site is asked meanwhile
LONGEST_RETRY = timedelta(hours=1)  # a full disk is noticed within the hour once there is room
LONGEST_AHEAD = timedelta(hours=25)  # of a feed's next poll, whatever its plan
MAX_ERROR_CHARACTERS = 200  # of an error's text in logs and findings

FeedKey = tuple[str, str]  # source slug, feed url


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedPoll:
    """All that closing a poll writes."""

    poll: Poll
    state: FeedState
    gaps: tuple[Gap, ...] = ()  # the source's gaps that this poll changed
    make_due: bool = False  # the source's other feeds should look soon

    @property
    def key(self) -> FeedKey:
        """The feed that was polled."""
        return self.poll.source, self.poll.feed


def write(archive: Archive, coverage: Coverage, closed: ClosedPoll) -> None:
    """Write a closed poll; writing it twice changes the gaps no further."""
    for gap in closed.gaps:
        coverage.write_gap(gap)
    if closed.make_due:
        coverage.make_due(*closed.key, closed.poll.ended_at)
    archive.close_poll(closed.poll, closed.state)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnwrittenPoll:
    """A closed poll that could not be written."""

    closed: ClosedPoll
    error: str
    attempts: int  # in a row, of this feed
    retry_at: datetime  # when it is written again
    poll_at: datetime  # when its feed may be polled again
    by_storage: bool = False  # refused with all others, since the archive could not be used


class UnwrittenPolls:
    """The polls that could not be written, at most one a feed."""

    def __init__(self) -> None:
        self._held: dict[FeedKey, UnwrittenPoll] = {}

    def __len__(self) -> int:
        return len(self._held)

    def __contains__(self, key: FeedKey) -> bool:
        return key in self._held

    def refused(self, closed: ClosedPoll, error: BaseException, now: datetime) -> UnwrittenPoll:
        """Hold a poll that could not be written; the back-off doubles each time in a row.

        The feed's own plan still holds: it is polled when its state says, but not before the
        back-off is over. Writing the same poll again in vain does not put the feed off further. If
        a later poll of the feed is held, it stays, and is what is returned.
        """
        before = self._held.get(closed.key)
        if before is not None and _is_later(before.closed, closed):
            return before
        if isinstance(error, StorageError) and (before is None or before.closed is not closed):
            closed = _due_for_its_pages(closed)
        attempts = before.attempts + 1 if before is not None else 1
        retry_at = now + min(FIRST_RETRY * 2 ** min(attempts - 1, 16), LONGEST_RETRY)
        if before is not None and before.closed is closed:
            poll_at = before.poll_at
        else:
            poll_at = max(retry_at, closed.state.next_poll_at or retry_at)
            closed = _in_place_of(before.closed, closed) if before is not None else closed
        text = " ".join(f"{type(error).__name__}: {error}".split())[:MAX_ERROR_CHARACTERS]
        held = UnwrittenPoll(
            closed=closed,
            error=text,
            attempts=attempts,
            retry_at=retry_at,
            poll_at=poll_at,
            by_storage=isinstance(error, StorageError),
        )
        self._held[closed.key] = held
        return held

    def written(self, closed: ClosedPoll) -> None:
        """Forget what was held of this poll's feed: this poll, or a later one, was written."""
        held = self._held.get(closed.key)
        if held is not None and not _is_later(held.closed, closed):
            del self._held[closed.key]

    def to_write(self, now: datetime) -> Sequence[UnwrittenPoll]:
        """The polls to be written again now."""
        return [held for held in self._held.values() if _is_over(held.retry_at, now, LONGEST_RETRY)]

    def poll_times(self) -> dict[FeedKey, datetime]:
        """When each feed whose poll is held may be polled again."""
        return {key: held.poll_at for key, held in self._held.items()}

    def pull_back(self, now: datetime) -> None:
        """Make due what lies further ahead than any rule allows, for the clock was set."""
        for key, held in self._held.items():
            if held.poll_at > now + LONGEST_AHEAD:
                self._held[key] = replace(held, poll_at=now)

    def findings(self) -> list[Finding]:
        """One finding about ourselves if anything is held, else none."""
        if not self._held:
            return []
        first = min(self._held.values(), key=lambda held: held.closed.poll.ended_at)
        count = len(self._held)
        proof = f"{count} {'poll' if count == 1 else 'polls'} could not be written: {first.error}"
        opened_at = first.closed.poll.ended_at
        return [Finding(source="", kind="unwritten", proof=proof, opened_at=opened_at)]


def _due_for_its_pages(closed: ClosedPoll) -> ClosedPoll:
    """The poll with its feed due at once if pages of it are queued: what kept them was the archive,
    not the site."""
    if not closed.poll.queued:
        return closed
    return replace(closed, state=replace(closed.state, next_poll_at=closed.poll.ended_at))


def _is_over(at: datetime, now: datetime, longest: timedelta) -> bool:
    """Whether a wait is over; so is one that is longer than any: the clock was set meanwhile."""
    return at <= now or at > now + longest


def _in_place_of(earlier: ClosedPoll, later: ClosedPoll) -> ClosedPoll:
    """The later poll with what only the earlier one says of the source's gaps: what it proved or
    estimated of a gap that it opened, no later poll finds out."""
    known = {gap.id for gap in later.gaps}
    older = tuple(gap for gap in earlier.gaps if gap.id not in known)
    return replace(later, gaps=(*older, *later.gaps), make_due=earlier.make_due or later.make_due)


def _is_later(one: ClosedPoll, other: ClosedPoll) -> bool:
    """Whether the first is another poll of the feed, which ended after the second."""
    return one is not other and one.poll.ended_at > other.poll.ended_at
