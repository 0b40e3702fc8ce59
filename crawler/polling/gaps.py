"""Gaps: what is proven to be missing of an interval without polls, and what is estimated. Pure.

A gap opens when the window of a feed shows nothing that was known, so that something may have come
and gone in between. It closes when another look reaches back over the whole interval.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from crawler.model import FeedState, Gap

EARLY_DATE_MARGIN = timedelta(hours=1)  # entries dated a little early belong to a gap, too
FILL_PERIOD = timedelta(days=1)  # a source's other feeds look for what one missed so long
DATE_ONLY_TOLERANCE = timedelta(days=1)  # a date without an hour may mean any of its day
ESTIMATE_SIGMAS = 2.6  # 99 % of what a steady pace would give
UNEVENNESS_SHARE = 0.1  # of the estimate: what the hour of the day does not explain


@dataclass(frozen=True, slots=True, kw_only=True)
class GapEvidence:
    """What one poll can say of a gap of its source.

    ``older``: it saw what is dated before ``since``; ``reaches_back``: it saw what was known before
    the gap began; ``complete``: it was read to its end, nothing was left out; ``new``: what it
    found, by the dates printed (None: undated).
    """

    feed: str
    at: datetime
    since: datetime | None
    older: bool
    reaches_back: bool
    complete: bool
    new: Sequence[datetime | None]


def suspected(state: FeedState, source: str, feed: str, now: datetime) -> Gap | None:
    """The gap there is if this look shows nothing known; None for a first look."""
    if state.last_success_at is None:
        return None
    return Gap(
        source=source,
        feed=feed,
        from_at=state.last_success_at,
        to_at=now,
        reason="overlap",
        opened_at=now,
    )


def update_gap(gap: Gap, look: GapEvidence) -> Gap:
    """The gap after this look: closed if it covered the interval, else with what was proven.

    A look covers it when nothing was left out and it either overlaps with what was known before, or
    shows what is dated before the interval. What it found of the interval is missing no longer.
    """
    opens_it = look.feed == gap.feed and look.at == gap.to_at
    late = (
        0
        if opens_it
        else sum(at is None or at <= gap.to_at + DATE_ONLY_TOLERANCE for at in look.new)
    )
    found = gap.found + (late if look.feed != gap.feed else 0)
    dated_back = look.older and look.since is not None and look.since <= gap.from_at
    if look.complete and (dated_back or look.reaches_back):
        return replace(
            gap,
            closed_at=look.at,
            closed_by=look.feed,
            found=found,
            missing_at_least=0,
            missing_estimate=0,
            estimate_low=0,
            estimate_high=0,
        )
    return replace(gap, found=found, missing_at_least=max(gap.missing_at_least - late, 0))


def proven(gap: Gap, at_least: int) -> Gap:
    """The gap when so many are provably missing; what was proven before stands where it is more."""
    most = max(gap.missing_at_least, at_least)
    if gap.closed_at is not None or most == gap.missing_at_least:
        return gap
    gap = replace(gap, missing_at_least=most)
    if gap.missing_estimate is None or gap.estimate_low is None or gap.estimate_high is None:
        return gap
    return replace(
        gap,
        missing_estimate=max(gap.missing_estimate, most),
        estimate_low=max(gap.estimate_low, most),
        estimate_high=max(gap.estimate_high, most),
    )


def closed_short(gap: Gap, missing: int) -> Gap:
    """The closed gap of which so many are missing for good: every look that could cover it has,
    and the outlet's own numbers prove that there was more."""
    if gap.closed_at is None:
        return gap
    return replace(
        gap,
        missing_at_least=missing,
        missing_estimate=missing,
        estimate_low=missing,
        estimate_high=missing,
    )


def estimate(gap: Gap, before: Sequence[datetime], window: Sequence[datetime]) -> Gap:
    """The gap with a guess of how many entries are missing, from the pace before and after.

    ``before``: dates of this feed's entries known before the gap, ``window``: of the look that
    opened it. Unchanged where neither tells a pace.
    """
    old, new = sorted(before), sorted(window)
    start = old[-1] if old else gap.from_at
    end = new[0] if new else gap.to_at
    steps, hours = 0, 0.0
    for dates in (old, new):
        if len(dates) > 1:
            steps += len(dates) - 1
            hours += (dates[-1] - dates[0]) / timedelta(hours=1)
    if not steps or hours <= 0 or end <= start:
        return gap
    missing = max(steps / hours * ((end - start) / timedelta(hours=1)) - 1, 0.0)
    # The count itself is as uncertain as its root, the pace as the root of what it was told by.
    spread = (
        ESTIMATE_SIGMAS * math.sqrt(missing + missing**2 / steps) + UNEVENNESS_SHARE * missing + 1
    )
    return replace(
        gap,
        missing_estimate=round(missing),
        estimate_low=max(gap.missing_at_least, math.floor(missing - spread)),
        estimate_high=math.ceil(missing + spread),
    )


def pending(gaps: Sequence[Gap], source: str) -> Sequence[Gap]:
    """The open gaps of a source."""
    return [gap for gap in gaps if gap.source == source and gap.closed_at is None]


def to_fill(gaps: Sequence[Gap], state: FeedState) -> Sequence[Gap]:
    """The open gaps of a source that a look at this feed may still cover.

    These are other feeds' gaps, until this feed was looked through for them for a day. A gap that
    no feed can fill stays open, and costs its source no further requests.
    """
    last = state.last_success_at
    return [
        g
        for g in gaps
        if g.feed != state.feed and (last is None or last < g.opened_at + FILL_PERIOD)
    ]


def since(start: datetime | None, gaps: Sequence[Gap]) -> datetime | None:
    """From when on to look, so that the open gaps are looked through, too."""
    if start is None or not gaps:
        return start
    return min(start, *(gap.from_at - EARLY_DATE_MARGIN for gap in gaps))
