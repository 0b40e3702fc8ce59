"""Polls that the archive does not take: held, written again, and never polled too soon."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from crawler.errors import StorageError
from crawler.model import FeedState, Gap, Poll
from crawler.polling import closing
from crawler.polling.closing import ClosedPoll, UnwrittenPolls
from tests.builders import NOW

FULL = OSError("the disk is full")


def closed(next_poll_at: datetime | None = None, feed: str = "http://news.test/feed") -> ClosedPoll:
    """A poll of one feed, closed now."""
    row = Poll(source="news", feed=feed, started_at=NOW, ended_at=NOW, outcome="nothing_new")
    return ClosedPoll(
        poll=row, state=FeedState(source="news", feed=feed, next_poll_at=next_poll_at)
    )


def test_the_back_off_doubles_up_to_an_hour() -> None:
    """However often a poll is refused in a row."""
    unwritten, now, waits = UnwrittenPolls(), NOW, []
    for _ in range(40):
        held = unwritten.refused(closed(), FULL, now)
        waits.append(held.retry_at - now)
        now = held.retry_at
    assert waits[:4] == [timedelta(minutes=n) for n in (1, 2, 4, 8)]
    assert waits[-1] == closing.LONGEST_RETRY


def test_a_feed_is_polled_again_after_its_own_plan_and_the_back_off() -> None:
    """Whichever is later: a full disk is no reason to ask a site more often."""
    later = NOW + timedelta(minutes=15)
    for planned, expected in ((None, NOW + closing.FIRST_RETRY), (later, later)):
        unwritten = UnwrittenPolls()
        unwritten.refused(closed(planned), FULL, NOW)
        assert list(unwritten.poll_times().values()) == [expected]


def test_pages_left_for_the_archives_sake_are_read_as_soon_as_it_takes_them() -> None:
    """When the poll is written, its feed is due at once, rather than at its own plan; a poll that
    left no page keeps the plan, and so does one that the site's own trouble cut short."""
    later, away = NOW + timedelta(minutes=15), StorageError("unreachable", "the server is away")
    left = replace(closed(later), poll=replace(closed().poll, new=3, queued=3, seen=3))
    for poll, error, due_at in (
        (left, away, NOW),
        (closed(later), away, later),
        (left, FULL, later),
    ):
        held = UnwrittenPolls().refused(poll, error, NOW)
        assert held.closed.state.next_poll_at == due_at
    unwritten = UnwrittenPolls()
    first = unwritten.refused(left, away, NOW)
    second = unwritten.refused(first.closed, away, first.retry_at)
    assert second.closed is first.closed
    unwritten.written(second.closed)
    assert len(unwritten) == 0


def test_writing_in_vain_does_not_put_the_feed_off() -> None:
    """Else a poll that can never be written would silence its feed for good."""
    unwritten, poll = UnwrittenPolls(), closed()
    first = unwritten.refused(poll, FULL, NOW)
    second = unwritten.refused(poll, FULL, first.retry_at)
    assert second.poll_at == first.poll_at
    assert second.retry_at > first.retry_at


def test_a_poll_is_written_again_when_its_time_has_come() -> None:
    """Not at every tick."""
    unwritten = UnwrittenPolls()
    held = unwritten.refused(closed(), FULL, NOW)
    assert unwritten.to_write(NOW) == []
    assert unwritten.to_write(held.retry_at) == [held]


def test_what_was_written_is_forgotten() -> None:
    """And the finding goes with it."""
    unwritten = UnwrittenPolls()
    unwritten.refused(closed(), FULL, NOW)
    unwritten.written(closed())
    assert (len(unwritten), unwritten.findings(), unwritten.poll_times()) == (0, [], {})


def test_a_poll_that_is_written_late_leaves_a_later_one_held() -> None:
    """Both may be on their way to the writer at once; the later one must not be forgotten."""
    unwritten, first = UnwrittenPolls(), closed()
    later = replace(closed(), poll=replace(first.poll, ended_at=NOW + closing.FIRST_RETRY))
    unwritten.refused(first, FULL, NOW)
    held = unwritten.refused(later, FULL, NOW)
    unwritten.written(first)
    assert unwritten.to_write(held.retry_at) == [held]
    assert unwritten.refused(first, FULL, NOW) is held
    unwritten.written(later)
    assert len(unwritten) == 0


def test_what_was_found_out_of_a_gap_outlives_its_poll() -> None:
    """A later poll of the feed that cannot be written either takes it over."""
    unwritten = UnwrittenPolls()
    opened, other, seen_since = (
        Gap(id=n, source="news", feed="f", from_at=NOW, to_at=NOW, reason="overlap",
            opened_at=NOW, missing_at_least=missing)
        for n, missing in ((1, 94), (2, 3), (2, 4))
    )  # fmt: skip
    unwritten.refused(replace(closed(), gaps=(opened, other), make_due=True), FULL, NOW)
    held = unwritten.refused(replace(closed(), gaps=(seen_since,)), FULL, NOW)
    assert held.closed.gaps == (opened, seen_since)
    assert held.closed.make_due


def test_the_finding_counts_what_is_held() -> None:
    """One about ourselves, with the error."""
    unwritten = UnwrittenPolls()
    for n in range(3):
        unwritten.refused(closed(feed=f"http://news.test/{n}"), FULL, NOW)
    (finding,) = unwritten.findings()
    assert (finding.source, finding.kind) == ("", "unwritten")
    assert "3 polls" in finding.proof and "the disk is full" in finding.proof
