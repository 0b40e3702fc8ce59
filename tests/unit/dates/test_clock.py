"""Times of day and zones beside a date: the moment that is printed."""

from __future__ import annotations

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler import dates
from crawler.dates import clock


def utc(printed: str, zone: str = "Africa/Casablanca") -> str | None:
    """The parsed moment as "2026-11-28T23:15", or None."""
    parsed = dates.parse_date(printed, zone=zone, country="MA")
    return parsed and parsed[0].strftime("%Y-%m-%dT%H:%M")


@pytest.mark.parametrize(
    ("printed", "iso"),
    [
        ("السبت 28 نونبر 2026 - 12:15 ص", "2026-11-27T23:15"),
        ("السبت 28 نونبر 2026 - 12:15 م", "2026-11-28T11:15"),
        ("٢٨/١١/٢٠٢٦ ١٢:٤٠ ليلاً", "2026-11-27T23:40"),
        ("28/11/2026 1:20 بعد منتصف الليل", "2026-11-28T00:20"),
        ("28/11/2026 11:30 ظهرا", "2026-11-28T10:30"),
        ("28/11/2026 1:30 ظهرا", "2026-11-28T12:30"),
        ("28/11/2026 9:30 ليلا", "2026-11-28T20:30"),
        ("28/11/2026 5:10 عصرا", "2026-11-28T16:10"),
        ("Nov 28 2026 12:05AM", "2026-11-27T23:05"),
        ("Nov 28 2026 12:05 p.m.", "2026-11-28T11:05"),
        ("28 novembre 2026 à 18 heures 40", "2026-11-28T17:40"),
        ("Sat 28 Nov 2026 18.40 GMT", "2026-11-28T18:40"),
        ("28 Nov 2026 6.40pm", "2026-11-28T17:40"),
        ("28.11.2026", "2026-11-28T11:00"),
        ("يوم السبت ٢٨-١١-٢٠٢٦ الساعة الواحدة ظهرا", "2026-11-28T12:00"),
        ("28-11-2026 الساعة الثامنة والنصف مساء", "2026-11-28T19:30"),
        ("28-11-2026 الساعة الحادية عشرة صباحا", "2026-11-28T10:00"),
        ("28-11-2026 الساعة الثامنة", "2026-11-28T11:00"),  # of which half? the day is known
    ],
)
def test_the_half_of_the_day_decides_the_hour(printed: str, iso: str) -> None:
    """Noon and midnight at twelve, night before dawn, hours in words."""
    assert utc(printed) == iso


@pytest.mark.parametrize(
    ("printed", "iso"),
    [
        ("Sat, 28 Nov 2026 24:00:00 +0100", "2026-11-28T23:00"),
        ("2026-11-30T24:00:00Z", "2026-12-01T00:00"),
        ("2026-11-28 24:00", "2026-11-28T23:00"),
        ("2026-11-28T23:59:60Z", "2026-11-28T23:59"),
        ("2026-11-28 24:30", None),
        ("2026-11-28 25:00", None),
    ],
)
def test_the_end_of_a_day_is_a_moment(printed: str, iso: str | None) -> None:
    """24:00 is the next day's beginning; later hours are none."""
    assert utc(printed) == iso


@pytest.mark.parametrize(
    ("printed", "iso"),
    [
        ("Sat Nov 28 09:15:00 GMT+03:00 2026", "2026-11-28T06:15"),
        ("Sat Nov 28 09:15:00 +0300 2026", "2026-11-28T06:15"),
        ("Sat Nov 28 09:15:00 UTC 2026", "2026-11-28T09:15"),
        ("2026-11-28 9:15:5 GMT+9", "2026-11-28T00:15"),
        ("2026-11-28 9:5:3 UTC-5", "2026-11-28T14:05"),
        ("Sat, 28 Nov 2026 09:15:7 +0300", "2026-11-28T06:15"),
        ("Sat, 28 Nov 2026 09:15:00 WEST", "2026-11-28T08:15"),
        ("Sat, 28 Nov 2026 09:15:00 WET", "2026-11-28T09:15"),
        ("Sat, 28 Nov 2026 09:15:00 +0000 (UTC)", "2026-11-28T09:15"),
        ("Sat Nov 28 2026 09:15:00 GMT+0300 (heure locale)", "2026-11-28T06:15"),
    ],
)
def test_zones_as_software_prints_them(printed: str, iso: str) -> None:
    """Beside the time, before the year, with one digit of a second."""
    assert utc(printed) == iso


def test_a_hijri_day_between_the_date_and_its_time_is_passed_over() -> None:
    """The time belongs to the day although another calendar's day stands before it."""
    assert utc("4 نونبر 2025 الموافق 13 جمادى الأولى 1447 - 14:30") == "2025-11-04T13:30"
    assert utc("13 جمادى الأولى 1447 هـ - 4 نونبر 2025 - 14:30") == "2025-11-04T13:30"


@given(at=st.times(), half=st.booleans())
@settings(max_examples=60)
def test_every_minute_of_the_day_is_that_minute(at: time, half: bool) -> None:
    """With twenty-four hours or with twelve and ص or م."""
    shown = f"{at:%H:%M}" if half else f"{at:%I:%M} {'ص' if at.hour < 12 else 'م'}"
    day = datetime(2026, 11, 28, at.hour, at.minute, tzinfo=ZoneInfo("Asia/Baghdad"))
    parsed = dates.parse_date(f"28 تشرين الثاني 2026 - {shown}", zone="Asia/Baghdad")
    assert parsed == (day.astimezone(UTC), True)


def test_an_unknown_zone_is_the_local_one() -> None:
    """A name that is no zone changes nothing; an offset that no place has is an error."""
    here = ZoneInfo("Asia/Baghdad")
    assert clock.parse_zone("", here) is here
    assert clock.parse_zone("nowhere", here) is here
    with pytest.raises(ValueError, match=r"\+15:00"):
        clock.parse_zone("+15:00", here)
