"""Dates that count from now: exact where the language is, else none."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler import dates

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def told(printed: str) -> str | None:
    """The moment that is counted from noon, as "24 10:40" (day, hour), or None."""
    parsed = dates.parse_date(printed, zone="Africa/Casablanca", now=NOON)
    return parsed and parsed[0].strftime("%d %H:%M")


@pytest.mark.parametrize(
    ("printed", "at"),
    [
        ("قبل ساعة و20 دقيقة", "24 10:40"),
        ("قبل ساعة و ٢٠ دقيقة", "24 10:40"),
        ("نشر منذ ساعتين و5 دقائق", "24 09:55"),
        ("منذ يومين و3 ساعات", "22 09:00"),
        ("منذ ساعة ونصف", "24 10:30"),
        ("منذ نصف ساعة", "24 11:30"),
        ("قبل ربع ساعة", "24 11:45"),
        ("منذ 11 ساعة", "24 01:00"),
        ("قبل حوالي 3 ساعات", "24 09:00"),
        ("il y a 1 h 20", "24 10:40"),
        ("il y a 2h05", "24 09:55"),
        ("Publié il y a 1 heure et 20 minutes", "24 10:40"),
        ("il y a une demi-heure", "24 11:30"),
        ("1 hour, 20 minutes ago", "24 10:40"),
        ("2 hours and 5 mins ago", "24 09:55"),
        ("half an hour ago", "24 11:30"),
        ("5m ago", "24 11:55"),
    ],
)
def test_two_units_are_added(printed: str, at: str) -> None:
    """Hours and minutes, days and hours, halves and quarters."""
    assert told(printed) == at


@pytest.mark.parametrize(
    "printed",
    [
        "منذ ساعات", "قبل أيام", "منذ أسابيع", "hours ago", "a few hours ago", "minutes ago",
        "il y a quelques heures", "il y a des jours", "منذ دقيقة و3 ساعات", "il y a 3 jours 20",
        "قبل 3 أشهر", "5 min de lecture", "3 دقائق قراءة",
    ],
)  # fmt: skip
def test_what_names_no_number_is_no_date(printed: str) -> None:
    """ "Hours ago" says no hour, a reading time is no age, and a larger unit never comes second."""
    assert told(printed) is None
