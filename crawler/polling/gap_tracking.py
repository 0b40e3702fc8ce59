"""What a look at a feed means for its source's gaps: which it covers, what is proven to be missing.

Reads the archive through ``ports.Coverage`` and writes nothing: ``assess`` runs beside the event
loop, and what it found is written with the poll.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from crawler.model import Gap
from crawler.polling import article_numbers, gaps, schedule
from crawler.polling.window import parse_date
from crawler.ports import Coverage

ENTRIES_BEFORE_GAP = 30  # by which it is judged whether an outlet numbers its articles
COUNT_MARGIN = timedelta(hours=26)  # a site counts in its local time: up to a day more either side
MAX_SIGHTINGS_SINCE = 20_000  # of a source, to find out which of its numbers were seen
DATE_HISTORY = timedelta(days=14)  # of a feed's dates, to estimate what a gap holds
PACE_HISTORY = timedelta(days=7)  # of a feed's sightings, to estimate its pace


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedLook:
    """What one complete poll saw, as far as gaps are concerned."""

    source: str
    timezone: str
    feed: str
    at: datetime  # when the poll began
    since: datetime | None  # entries dated before were not looked for
    first_success_at: datetime | None
    saw_older_than_since: bool
    complete: bool  # read to its end, nothing was left out
    ends_with_new: bool  # a listing whose last page read still showed something new
    tracks_gaps: bool  # it opened a gap, or was made with open gaps in mind
    keys: Collection[str]  # url keys it saw
    dates: Sequence[datetime]  # printed by its entries
    new_dates: Sequence[datetime | None]  # printed by its new entries
    seen: int
    new: int
    listed_not_taken: Mapping[str, datetime]  # url key: date
    gap_counts: Mapping[int, int]  # gap id: posts that the site says it published

    def evidence(self, reaches_back: bool) -> gaps.GapEvidence:
        """What it can say of one gap."""
        return gaps.GapEvidence(
            feed=self.feed,
            at=self.at,
            since=self.since,
            older=self.saw_older_than_since,
            reaches_back=reaches_back,
            complete=self.complete,
            new=self.new_dates,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class GapReport:
    """What a look means: the gaps that changed, and what the poll learns from it."""

    changed: tuple[Gap, ...] = ()  # to be written
    per_hour: float | None = None  # entries an hour to be ready for; None: too short a history
    reached_back: bool = False  # a later URL of this very poll closed the gap it had opened
    opened: bool = False  # a gap stays open: the source's other feeds should look soon


def assess(coverage: Coverage, look: FeedLook, now: datetime) -> GapReport:
    """Compare this look with the archive: the feed's pace, gaps closed short, and open gaps."""
    per_hour = _pace(coverage, look, now) if look.new else None
    changed = _found_late(coverage, look.source) if look.new else []
    reached_back = opened = False
    for gap in gaps.pending(coverage.gaps(), look.source) if look.tracks_gaps else ():
        own = gap.feed == look.feed and gap.to_at == look.at
        seen = _assess_gap(coverage, gap, look, own)
        covered = seen.closed_at is not None
        reached_back |= own and covered
        opened |= own and not covered
        if seen != gap:
            changed.append(seen)
    return GapReport(
        changed=tuple(changed), per_hour=per_hour, reached_back=reached_back, opened=opened
    )


def _assess_gap(coverage: Coverage, gap: Gap, look: FeedLook, own: bool) -> Gap:
    """The gap after this look; ``own``: the look opened it.

    A kind that stops at known entries reaches back only if its last URL showed nothing new.
    """
    back = not look.ends_with_new and coverage.reaches_back(look.source, look.keys, gap.from_at)
    seen = gaps.update_gap(gap, look.evidence(back))
    if own and seen.closed_at is None:
        seen = gaps.proven(_estimated(coverage, gap, seen, look), _numbered(coverage, gap) or 0)
    if seen.closed_at is not None:
        return gaps.closed_short(seen, _numbered(coverage, gap) or 0)
    return gaps.proven(seen, max(_listed(coverage, gap, look), _counted(coverage, gap, look)))


def _pace(coverage: Coverage, look: FeedLook, now: datetime) -> float | None:
    if look.first_success_at is None:
        return None
    rows = coverage.sighted(look.source, now - PACE_HISTORY, now, look.feed)
    return schedule.pace([at for at, _ in rows], look.first_success_at, now)


def _found_late(coverage: Coverage, source: str) -> list[Gap]:
    """The gaps closed short of which more has come to light since."""
    found = []
    for gap in coverage.short_gaps(source):
        still = _numbered(coverage, gap)
        if still is not None and still < gap.missing_at_least:
            found.append(gaps.closed_short(gap, still))
    return found


def _estimated(coverage: Coverage, gap: Gap, seen: Gap, look: FeedLook) -> Gap:
    rows = coverage.sighted(look.source, gap.from_at - DATE_HISTORY, gap.from_at, look.feed)
    before = [at for _, printed in rows if (at := parse_date(printed, look.timezone))]
    return gaps.estimate(seen, [at for at in before if at <= gap.to_at], look.dates)


def _numbered(coverage: Coverage, gap: Gap) -> int | None:
    """Proof by the outlet's own numbers: those between what the feed showed before the gap and what
    it showed first after it, less whatever else of the source was found since and may be among
    them. None if there was too much to look through."""
    since = coverage.found_since(gap.source, gap.from_at, MAX_SIGHTINGS_SINCE)
    first_at = min(
        (s.first_seen_at for s in since if s.feed == gap.feed and s.first_seen_at >= gap.to_at),
        default=None,
    )
    if first_at is None or len(since) == MAX_SIGHTINGS_SINCE:
        return None
    window = [s for s in since if (s.feed, s.first_seen_at) == (gap.feed, first_at)]
    others = [s for s in since if (s.feed, s.first_seen_at) != (gap.feed, first_at)]
    before = coverage.newest(gap.source, gap.feed, gap.from_at, ENTRIES_BEFORE_GAP)
    return max(
        article_numbers.between(
            [url for url, _ in before], [s.url for s in window], [s.url for s in others]
        ),
        article_numbers.between(
            [guid or "" for _, guid in before],
            [s.guid or "" for s in window],
            [s.guid or "" for s in others],
        ),
    )


def _listed(coverage: Coverage, gap: Gap, look: FeedLook) -> int:
    """Proof by a list too long for one look: how many of its addresses are dated within the
    interval and were never sighted.
    """
    listed = look.listed_not_taken.items()
    inside = [key for key, at in listed if gap.from_at < at < gap.to_at]
    return coverage.unseen(gap.source, inside) if inside else 0


def _counted(coverage: Coverage, gap: Gap, look: FeedLook) -> int:
    """Proof by the site's own count, less all that could be among it. A site that dates old posts
    anew shows them among the new ones, and then its count proves nothing."""
    counted = look.gap_counts.get(gap.id, 0)
    if not counted:
        return 0
    could_be_counted = coverage.count_since(gap.source, gap.from_at - COUNT_MARGIN)
    return max(counted - could_be_counted - (look.seen - look.new), 0)
