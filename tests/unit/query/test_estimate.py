"""An estimate follows from counts by day: how many in 100 days, how many on the worst."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from crawler.query.estimate import DAYS, estimate, first_day

TODAY = date(2026, 11, 30)
COUNTS = st.dictionaries(
    st.integers(-2 * DAYS, 20).map(lambda days: TODAY + timedelta(days=days)), st.integers(0, 50)
)


@given(COUNTS)
def test_only_the_last_days_count(by_day: dict[date, int]) -> None:
    """Found is the sum of 100 days, today among them; the worst is one of them, and no day has
    more."""
    found = estimate(by_day, TODAY)
    days = [TODAY - timedelta(days=n) for n in range(DAYS)]
    counts = [by_day.get(day, 0) for day in days]
    assert (found.since, found.until) == (min(days), TODAY)
    assert (found.found, found.worst) == (sum(counts), max(counts))
    assert found.worst_on is None if not any(counts) else by_day[found.worst_on] == found.worst


def test_the_latest_of_equal_days_is_named() -> None:
    """A reader remembers it."""
    days = (date(2026, 11, 3), date(2026, 11, 20), date(2026, 10, 1))
    assert estimate(dict.fromkeys(days, 4), TODAY).worst_on == date(2026, 11, 20)


def test_a_young_archive_has_fewer_days() -> None:
    """From its first article on, both ends counted; none without an article."""
    assert estimate({}, TODAY, archive_begins=TODAY).days_archived == 1
    assert estimate({}, TODAY, archive_begins=first_day(TODAY)).days_archived == DAYS
    assert estimate({}, TODAY).days_archived == 0
