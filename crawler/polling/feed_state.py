"""What a closed poll teaches about its feed: rhythm, validators, whether a 304 can be believed.
Pure.

When the feed is polled next is ``schedule``'s decision.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from crawler.model import Feed, FeedState, Poll
from crawler.polling import schedule

DISTRUST_PERIOD = timedelta(days=7)  # validators that lied are not sent for so long
MIN_DATES_OF_SPAN = 5  # printed dates; fewer do not tell the time that a window spans


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """What a poll found out about its feed, apart from its row."""

    feed: Feed
    before: FeedState  # the feed's state when the poll began
    unconditional: bool  # requested without validators
    unchanged: bool  # the same bytes as in the poll before
    partial: bool  # not all of it could be read
    dates: Sequence[datetime]  # printed by its entries
    per_hour: float | None  # entries an hour to be ready for; None: not known
    etag: str | None
    last_modified: str | None
    body_sha256: str | None
    jitter: float  # in [0, 1]
    min_wait: timedelta  # the shortest interval that the site wishes
    not_before: datetime | None  # the host's Retry-After


def after(learned: Learned, poll: Poll) -> FeedState:
    """The feed's state after this poll; validators are kept only from an answer that was read."""
    state = schedule.next_feed_state(
        _with_rhythm(learned, poll),
        poll,
        learned.feed,
        jitter=learned.jitter,
        min_wait=learned.min_wait,
        not_before=learned.not_before,
    )
    if poll.outcome not in ("new", "nothing_new"):
        return state
    if learned.unconditional:
        state = replace(state, full_at=poll.ended_at)
    if learned.partial:  # what was not read must be asked for again, whatever the server says
        return replace(state, etag=None, last_modified=None, body_sha256=None)
    if _lied(learned, poll):
        state = replace(state, lied_at=poll.ended_at)
    trusted = state.lied_at is None or poll.ended_at - state.lied_at > DISTRUST_PERIOD
    return replace(
        state,
        etag=learned.etag if trusted else None,
        last_modified=learned.last_modified if trusted else None,
        body_sha256=learned.body_sha256,
    )


def window_seconds(dates: Sequence[datetime]) -> int | None:
    """The time that a window's entries span by their dates; None if too few print one.

    The oldest tenth is left out: a pinned story would make any window look long.
    """
    if len(dates) < MIN_DATES_OF_SPAN:
        return None
    ordered = sorted(dates)[len(dates) // 10 :]
    return round((ordered[-1] - ordered[0]).total_seconds()) or None


def _with_rhythm(learned: Learned, poll: Poll) -> FeedState:
    """The state with what this poll says of the feed's rhythm, if it saw a whole window."""
    before = learned.before
    if learned.unchanged or not poll.seen:
        return before
    return replace(
        before,
        entries=poll.seen,
        unusable=poll.unusable,
        window_seconds=window_seconds(learned.dates) or before.window_seconds,
        per_hour=learned.per_hour if poll.new else before.per_hour,
    )


def _lied(learned: Learned, poll: Poll) -> bool:
    """Whether a 304 before was a lie: asked without conditions, the server shows something new
    under the validators under which it had said that nothing changed (P16)."""
    before = learned.before
    same_etag = learned.etag is not None and learned.etag == before.etag
    same_time = learned.last_modified is not None and learned.last_modified == before.last_modified
    return (
        learned.unconditional
        and bool(poll.new)
        and before.last_success_at is not None
        and (same_etag or (learned.etag is None and same_time))
    )
