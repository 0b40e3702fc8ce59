"""What a look at a feed means for its source's books: the pace it shows, the gaps it covers."""

from __future__ import annotations

from datetime import datetime, timedelta

from crawler import answers, gaps, schedule
from crawler.interfaces import Ledger
from crawler.polling import Tally

HISTORY = timedelta(days=14)  # of a feed's dates, to guess at what a gap holds


def pace(ledger: Ledger, tally: Tally, now: datetime) -> float | None:
    """Entries an hour to be ready for; None while the feed's history is too short to say."""
    first_at = tally.state.first_success_at
    if first_at is None:
        return None
    rows = ledger.sighted(tally.source.slug, now - timedelta(days=7), now, tally.feed.url)
    return schedule.pace([at for at, _ in rows], first_at, now)


def settle(ledger: Ledger, tally: Tally, until_known: bool, now: datetime) -> None:
    """Hold this look against the source's open gaps, its own among them.

    A kind that reads on ``until_known`` reaches back only if its last place showed nothing new.
    """
    slug, zone = tally.source.slug, tally.source.timezone
    for gap in gaps.pending(ledger.gaps(), slug):
        back = not (until_known and tally.last_place_new) and ledger.reaches_back(
            slug, tally.keys, gap.from_at
        )
        seen = gaps.after(gap, tally.look(back))
        own = gap.feed == tally.feed.url and gap.to_at == tally.started_at
        if own and seen.closed_at is not None:
            tally.overflow = False  # a later place of this very look reached back
        elif own:
            rows = ledger.sighted(slug, gap.from_at - HISTORY, gap.from_at, tally.feed.url)
            before = [at for _, said in rows if (at := answers.date(said, zone))]
            seen = gaps.estimate(seen, [at for at in before if at <= gap.to_at], tally.dates)
            ledger.hurry(slug, tally.feed.url, now)
        if seen != gap:
            ledger.write_gap(seen)
