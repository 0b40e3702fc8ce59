"""What a look at a feed means for its source's gaps; the archive is a small table in memory."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from crawler.model import Gap, SeenAddress
from crawler.polling import gap_tracking
from crawler.polling.gap_tracking import FeedLook, GapReport
from tests.builders import NOW
from tests.unit.polling.driver import FEED, a_gap

BEFORE, AFTER = NOW - timedelta(hours=2), NOW - timedelta(hours=1)
OTHER = "http://news.test/other"


@dataclass
class Rows:
    """The rows that gap tracking reads."""

    open_gaps: Sequence[Gap] = ()
    closed_short: Sequence[Gap] = ()
    known: Collection[str] = ()  # url keys known before any gap
    seen: Sequence[SeenAddress] = ()
    shown_before: Sequence[tuple[str, str | None]] = ()
    never_seen: int = 0
    counted_since: int = 0
    asked: list[str] = field(default_factory=list)

    def gaps(self, *, everything: bool = False) -> Sequence[Gap]:
        return self.open_gaps

    def short_gaps(self, source: str) -> Sequence[Gap]:
        return self.closed_short

    def reaches_back(self, source: str, keys: Collection[str], at: datetime) -> bool:
        return bool(set(keys) & set(self.known))

    def sighted(self, *about: Any) -> Sequence[tuple[datetime, str | None]]:
        self.asked.append("sighted")
        return [(s.first_seen_at, None) for s in self.seen]

    def newest(self, *about: Any) -> Sequence[tuple[str, str | None]]:
        return self.shown_before

    def found_since(self, source: str, since: datetime, most: int) -> Sequence[SeenAddress]:
        return list(self.seen)[:most]

    def count_since(self, source: str, since: datetime) -> int:
        return self.counted_since

    def unseen(self, source: str, keys: Collection[str]) -> int:
        return self.never_seen


def a_look(**changes: Any) -> FeedLook:
    """A complete look at the source's other feed, with something new and a gap in mind."""
    plain = FeedLook(
        source="news",
        timezone="Africa/Casablanca",
        feed=FEED,
        at=NOW,
        since=None,
        first_success_at=NOW - timedelta(days=9),
        saw_older_than_since=False,
        complete=True,
        ends_with_new=False,
        tracks_gaps=True,
        keys=frozenset({"a", "b"}),
        dates=(),
        new_dates=(),
        seen=2,
        new=1,
        listed_not_taken={},
        gap_counts={},
    )
    return replace(plain, **changes)


def assess(rows: Rows, look: FeedLook) -> GapReport:
    """The report on this look."""
    return gap_tracking.assess(rows, look, NOW)  # type: ignore[arg-type]


def numbered(first: int, last: int, feed: str = OTHER, at: datetime = AFTER) -> list[SeenAddress]:
    """Articles that the outlet numbers one by one."""
    return [
        SeenAddress(feed=feed, first_seen_at=at, url=f"http://news.test/story/{n}", guid=None)
        for n in range(first, last)
    ]


def shown(first: int, last: int) -> list[tuple[str, str | None]]:
    """What the feed showed before the gap."""
    return [(s.url, s.guid) for s in numbered(first, last)]


def test_a_look_that_reaches_back_closes_the_gap() -> None:
    """Nothing is missing then."""
    report = assess(Rows(open_gaps=[a_gap()], known=["b"]), a_look())
    (gap,) = report.changed
    assert (gap.closed_at, gap.closed_by, gap.missing_at_least) == (NOW, FEED, 0)


def test_a_look_that_does_not_reach_back_changes_nothing() -> None:
    """An unchanged gap is not written."""
    assert assess(Rows(open_gaps=[a_gap()]), a_look()).changed == ()


def test_a_listing_that_ends_with_new_entries_does_not_reach_back() -> None:
    """Its next page might have shown more of the gap."""
    rows = Rows(open_gaps=[a_gap()], known=["b"])
    assert assess(rows, a_look(ends_with_new=True)).changed == ()


def test_an_incomplete_look_closes_nothing() -> None:
    """What was left out may be what is missing."""
    assert assess(Rows(open_gaps=[a_gap()], known=["b"]), a_look(complete=False)).changed == ()


def test_another_sources_gap_is_none_of_ours() -> None:
    """Gaps are tracked by source."""
    rows = Rows(open_gaps=[a_gap(source="else")], known=["b"])
    assert assess(rows, a_look()) == assess(Rows(), a_look())


def test_a_look_without_gaps_in_mind_reads_only_its_pace() -> None:
    """And one that found nothing new not even that."""
    rows = Rows(open_gaps=[a_gap()], known=["b"])
    assert assess(rows, a_look(tracks_gaps=False)).changed == ()
    assert rows.asked == ["sighted"]
    assert assess(rows, a_look(tracks_gaps=False, new=0)) == GapReport()
    assert rows.asked == ["sighted"]


def test_the_pace_is_unknown_without_a_history() -> None:
    """A first look has none."""
    assert assess(Rows(), a_look(first_success_at=None)).per_hour is None


def test_a_gap_that_this_look_opened_makes_the_other_feeds_due() -> None:
    """They may know what this one missed."""
    own = a_gap(feed=FEED, to_at=NOW)
    report = assess(Rows(open_gaps=[own]), a_look())
    assert (report.opened, report.reached_back) == (True, False)


def test_a_later_url_of_the_same_look_may_close_its_own_gap() -> None:
    """Then nothing has overflowed."""
    own = a_gap(feed=FEED, to_at=NOW)
    report = assess(Rows(open_gaps=[own], known=["b"]), a_look())
    assert (report.opened, report.reached_back) == (False, True)


def test_consecutive_numbers_prove_what_is_missing() -> None:
    """Those between what the feed showed before and what it showed first after."""
    own = a_gap(feed=FEED, from_at=BEFORE, to_at=NOW)
    rows = Rows(open_gaps=[own], shown_before=shown(100, 130), seen=numbered(300, 330, FEED, NOW))
    (gap,) = assess(rows, a_look()).changed
    assert 100 < gap.missing_at_least <= 170


def test_what_comes_to_light_later_is_missing_no_longer() -> None:
    """A gap that was closed short is written with what is still missing, and never with more."""
    short = a_gap(closed_at=NOW, missing_at_least=150, to_at=AFTER)
    first = numbered(300, 330)
    rows = Rows(closed_short=[short], shown_before=shown(100, 130), seen=first)
    few = replace(short, missing_at_least=1)
    (gap,) = assess(replace(rows, seen=[*first, *numbered(200, 240, FEED)]), a_look()).changed
    assert gap.missing_at_least < 150
    assert assess(replace(rows, closed_short=[few]), a_look()).changed == ()


def test_a_list_that_was_too_long_proves_what_nobody_has_seen() -> None:
    """Only what it dates within the interval counts."""
    inside, outside = BEFORE + timedelta(minutes=5), NOW
    rows = Rows(open_gaps=[a_gap()], never_seen=9)
    (gap,) = assess(rows, a_look(listed_not_taken={"x": inside})).changed
    assert gap.missing_at_least == 9
    assert assess(rows, a_look(listed_not_taken={"x": outside})).changed == ()


def test_the_sites_own_count_proves_the_difference() -> None:
    """Less all that could be among it: what was seen since, and old entries dated anew."""
    rows = Rows(open_gaps=[a_gap()], counted_since=30)
    (gap,) = assess(rows, a_look(gap_counts={7: 100}, seen=12, new=2)).changed
    assert gap.missing_at_least == 100 - 30 - 10
    assert assess(rows, a_look(gap_counts={7: 20})).changed == ()
