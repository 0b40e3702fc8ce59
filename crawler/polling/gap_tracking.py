"""What a look at a feed means for its source's books: the pace it shows, the gaps it covers."""

from __future__ import annotations

from datetime import datetime, timedelta

from crawler import urls
from crawler.model import FeedWindow, Gap
from crawler.polling import article_numbers, gaps, schedule
from crawler.polling.poll import PollInProgress
from crawler.polling.window import parse_date
from crawler.ports import Coverage

SHOWN = 30  # entries before a gap by which an outlet's numbers are judged
AROUND = timedelta(hours=26)  # an interval in a site's local time is ours, so much to either side
MOST_SINCE = 20_000  # of a source's sightings, to find out which of its numbers were seen
HISTORY = timedelta(days=14)  # of a feed's dates, to guess at what a gap holds


def pace(coverage: Coverage, tally: PollInProgress, now: datetime) -> float | None:
    """Entries an hour to be ready for; None while the feed's history is too short to say."""
    first_at = tally.state.first_success_at
    if first_at is None:
        return None
    rows = coverage.sighted(tally.source.slug, now - timedelta(days=7), now, tally.feed.url)
    return schedule.pace([at for at, _ in rows], first_at, now)


def settle(coverage: Coverage, tally: PollInProgress, until_known: bool, now: datetime) -> None:
    """Hold this look against the source's open gaps, its own among them.

    A kind that reads on ``until_known`` reaches back only if its last place showed nothing new.
    """
    slug = tally.source.slug
    for gap in gaps.pending(coverage.gaps(), slug):
        back = not (until_known and tally.last_place_new) and coverage.reaches_back(
            slug, tally.keys, gap.from_at
        )
        seen = gaps.update_gap(gap, tally.look(back))
        own = gap.feed == tally.feed.url and gap.to_at == tally.started_at
        if own and seen.closed_at is not None:
            tally.overflow = False  # a later place of this very look reached back
        elif own:
            seen = gaps.proven(
                _estimated(coverage, gap, seen, tally), _numbered(coverage, gap) or 0
            )
            coverage.make_due(slug, tally.feed.url, now)
        if seen.closed_at is not None:
            seen = gaps.closed_short(seen, _numbered(coverage, gap) or 0)
        else:
            seen = gaps.proven(
                seen, max(_listed(coverage, gap, tally), _counted(coverage, gap, tally))
            )
        if seen != gap:
            coverage.write_gap(seen)


def found_late(coverage: Coverage, source: str) -> None:
    """Take what has come to light since off the gaps that were closed short."""
    for gap in coverage.short_gaps(source):
        still = _numbered(coverage, gap)
        if still is not None and still < gap.missing_at_least:
            coverage.write_gap(gaps.closed_short(gap, still))


def goes_on(coverage: Coverage, tally: PollInProgress, window: FeedWindow) -> bool:
    """Whether a listing is to be read on beyond a page without anything new: a gap began before all
    that this page shows."""
    if not tally.missing or not window.entries:
        return False
    keys = [urls.key(entry.url) for entry in window.entries]
    first = min(gap.from_at for gap in tally.missing)
    return not coverage.reaches_back(tally.source.slug, keys, first)


def _estimated(coverage: Coverage, gap: Gap, seen: Gap, tally: PollInProgress) -> Gap:
    slug, zone = tally.source.slug, tally.source.timezone
    rows = coverage.sighted(slug, gap.from_at - HISTORY, gap.from_at, tally.feed.url)
    before = [at for _, said in rows if (at := parse_date(said, zone))]
    return gaps.estimate(seen, [at for at in before if at <= gap.to_at], tally.dates)


def _numbered(coverage: Coverage, gap: Gap) -> int | None:
    """Proof by the outlet's own numbers: those between what the feed showed before the gap and what it
    showed first after it, less whatever else of the source was found since and may be among them. None where that was too much to look through."""
    since = coverage.found_since(gap.source, gap.from_at, MOST_SINCE)
    first_at = min(
        (s.first_seen_at for s in since if s.feed == gap.feed and s.first_seen_at >= gap.to_at),
        default=None,
    )
    if first_at is None or len(since) == MOST_SINCE:
        return None
    window = [s for s in since if (s.feed, s.first_seen_at) == (gap.feed, first_at)]
    others = [s for s in since if (s.feed, s.first_seen_at) != (gap.feed, first_at)]
    before = coverage.newest(gap.source, gap.feed, gap.from_at, SHOWN)
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


def _listed(coverage: Coverage, gap: Gap, tally: PollInProgress) -> int:
    """Proof by a list that was too long for one look: what it says was published in the interval,
    and nobody has seen."""
    inside = [key for key, at in tally.beyond.items() if gap.from_at < at < gap.to_at]
    return coverage.unseen(inside) if inside else 0


def _counted(coverage: Coverage, gap: Gap, tally: PollInProgress) -> int:
    """Proof by the site's own count: less all that could be among it. A site that dates old posts
    anew shows them among the new ones, and then its count proves nothing."""
    counted = tally.counted.get(gap.id, 0)
    if not counted:
        return 0
    could = coverage.count_since(gap.source, gap.from_at - AROUND)
    return max(counted - could - (tally.seen - len(tally.new)), 0)
