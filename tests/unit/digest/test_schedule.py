"""When a digest is due, by the recipe's hour in its zone."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest

from crawler.digest import schedule

BEFORE, AFTER = datetime(2026, 11, 23, 6, 29, tzinfo=UTC), datetime(2026, 11, 23, 6, 30, tzinfo=UTC)


def test_a_slot_is_the_local_day_from_its_hour_on() -> None:
    """Half past seven in Casablanca is half past six in UTC; a minute before, yesterday's is due."""
    at = time(7, 30)
    assert schedule.slot(BEFORE, at, "Africa/Casablanca") == "2026-11-22"
    assert schedule.slot(AFTER, at, "Africa/Casablanca") == "2026-11-23"
    assert schedule.due_at(AFTER, at, "Africa/Casablanca") == AFTER
    assert schedule.next_due_at(AFTER, at, "Africa/Casablanca") == AFTER + timedelta(days=1)
    assert schedule.next_due_at(BEFORE, at, "Africa/Casablanca") == AFTER


@pytest.mark.parametrize(
    ("hour", "day"), [(time(2, 30), (2026, 10, 25)), (time(2, 30), (2026, 3, 29))]
)
def test_the_days_on_which_clocks_change_have_one_slot_each(
    hour: time, day: tuple[int, int, int]
) -> None:
    """An hour that happens twice sends one issue, one that does not happen sends one as well."""
    start = datetime(*day, tzinfo=UTC) - timedelta(hours=12)
    moments = [start + timedelta(minutes=10 * n) for n in range(6 * 36)]
    due = {schedule.due_at(now, hour, "Europe/Paris") for now in moments}
    slots = {schedule.slot(now, hour, "Europe/Paris") for now in moments}
    assert len(due) == len(slots)
    for now in moments:
        assert schedule.due_at(now, hour, "Europe/Paris") <= now
        assert schedule.next_due_at(now, hour, "Europe/Paris") > now
