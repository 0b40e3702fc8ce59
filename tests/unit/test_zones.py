"""The tests' own clock of Casablanca is the same on every machine."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.zones import NAME


@pytest.mark.parametrize(
    ("at", "hours"),
    [
        ("2025-01-01T12:00", 1),
        ("2025-03-01T12:00", 0),
        ("2026-02-15T01:59", 1),
        ("2026-02-15T02:00", 0),  # 02:30 comes twice that night
        ("2026-03-22T01:59", 0),
        ("2026-03-22T02:00", 1),
        ("2026-11-24T12:00", 1),
        ("2031-07-01T12:00", 1),
    ],
)
def test_casablanca_is_an_hour_ahead_except_in_ramadan(at: str, hours: int) -> None:
    """As the newspapers of the tests print it."""
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
    assert moment.astimezone(ZoneInfo(NAME)).utcoffset() == timedelta(hours=hours)


def test_other_zones_are_those_of_the_machine() -> None:
    """Only one table is ours."""
    assert ZoneInfo("Asia/Baghdad").utcoffset(datetime(2026, 7, 1)) == timedelta(hours=3)
