"""The time of day and the zone that stand beside a printed date. Pure.

Texts are normalized (``names.normalize_date_text``). "24:00" is the end of its day, "12:15 ص" a
quarter past midnight.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from crawler.dates import names
from crawler.dates.names import names_pattern

MAX_GAP_AFTER = 40  # characters between a date and the time that follows it
MAX_GAP_BEFORE = 30  # characters between a time and the date that follows it
_NIGHT = frozenset({"ليلا", "بعد منتصف الليل"})
_NOON = frozenset({"ظهرا"})
_HALVES = rf"{names_pattern(names.AFTERNOON)}|{names_pattern(names.MORNING)}"
_CLOCK = re.compile(
    r"(?<![\d:.,/+-])(?P<hour>\d{1,2})\s?(?::|h(?:eures?|rs)?|"
    rf"\.(?=\d\d\s?(?:{_HALVES}|{names_pattern(names.ZONES)})(?!\w)))"  # "18.40 GMT"
    r"\s?(?P<minute>\d{2}|\d(?=:\d))?"
    r"(?::(?P<second>\d{1,2})(?!\d)(?:[.,]\d+)?)?"
    rf"\s?(?P<half>(?:{_HALVES})(?!\w))?"
    rf"\s?[(]?(?P<offset>(?:(?:gmt|utc)\s?)?[+-]\d{{1,2}}:?(?:\d\d)?(?![\d/])|"
    rf"(?:{names_pattern(names.ZONES)})(?!\w))?"
)
_HOUR = re.compile(
    rf"(?<![\d:.,/-])(?P<minute>)(?P<second>)(?P<offset>)(?P<hour>\d{{1,2}})\s?"
    rf"(?P<half>{names_pattern(names.AFTERNOON - {'م'})}|"
    rf"{names_pattern(names.MORNING - {'ص'})})(?!\w)"
)
_SPOKEN_HOUR = re.compile(  # «الساعة الواحدة ظهرا»: without the half of the day it is any of two
    rf"(?P<offset>)الساعه (?P<hour>{names_pattern(names.HOUR_WORDS)})"
    rf"(?: و(?P<minute>{names_pattern(names.HOUR_PARTS)}))?\s(?P<half>{_HALVES})(?!\w)"
)
_DIGIT = re.compile(r"\d")


def find_clock_after(rest: str) -> re.Match[str] | None:
    """The time that follows a date, with no other number between; None if there is none."""
    for shape in (_CLOCK, _HOUR, _SPOKEN_HOUR):
        found = shape.search(rest)
        if found and found.start() <= MAX_GAP_AFTER and not _DIGIT.search(rest, 0, found.start()):
            return found
    return None


def find_clock_before(rest: str) -> re.Match[str] | None:
    """The time right before a date, with no other number between; None if there is none."""
    for shape in (_CLOCK, _HOUR):
        for found in reversed(list(shape.finditer(rest))):
            gap = rest[found.end() :]
            return found if len(gap) <= MAX_GAP_BEFORE and not _DIGIT.search(gap) else None
    return None


def find_clock_inside(text: str, span: tuple[int, int]) -> re.Match[str] | None:
    """The time within a date, where ctime prints it: between the day and the year."""
    found = _CLOCK.search(text, *span)
    return found if found and found["minute"] else None


def time_at(day: date, clock: re.Match[str], here: tzinfo) -> datetime:
    """The moment of this time on this day, in the zone printed beside it, else ``here``.

    Raises ``ValueError`` for a time or a zone that no place on earth has.
    """
    return moment(day, _time(clock), parse_zone(clock["offset"] or "", here))


def moment(day: date, time: tuple[int, int, int], zone: tzinfo) -> datetime:
    """The moment in UTC; 24:00:00 is the beginning of the next day, a leap second the last
    second before it.
    """
    hour, minute, second = time
    if time == (24, 0, 0):
        day, hour = day + timedelta(days=1), 0
    second = 59 if second == 60 else second
    return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=zone).astimezone(UTC)


def parse_zone(written: str, here: tzinfo) -> tzinfo:
    """The zone that this name or offset means; ``here`` if it is empty or unknown.

    Raises ``ValueError`` for an offset that no place on earth has.
    """
    if not written:
        return here
    if (known := names.ZONES.get(written)) is not None:
        return ZoneInfo(known) if isinstance(known, str) else timezone(timedelta(minutes=known))
    signed = re.search(r"([+-])(\d{1,2}):?(\d\d)?$", written)
    if signed is None:
        return here
    minutes = 60 * int(signed[2]) + int(signed[3] or 0)
    if minutes > 14 * 60:
        raise ValueError(f"no place on earth is at {written}")
    return timezone(timedelta(minutes=minutes if signed[1] == "+" else -minutes))


def _time(clock: re.Match[str]) -> tuple[int, int, int]:
    if clock.re is _SPOKEN_HOUR:
        hour, minute = names.HOUR_WORDS[clock["hour"]], names.HOUR_PARTS.get(clock["minute"], 0)
        return _hour_of_day(hour, clock["half"]), minute, 0
    hour = _hour_of_day(int(clock["hour"]), clock["half"] or "")
    return hour, int(clock["minute"] or 0), int(clock["second"] or 0)


def _hour_of_day(hour: int, half: str) -> int:
    """The hour from 0 to 23: noon is called ظهرا from ten to three, night is after eight or
    before five.
    """
    if half in names.MORNING or (half in _NIGHT and hour == 12):
        return 0 if hour == 12 else hour
    if half not in names.AFTERNOON or hour >= 12:
        return hour
    before = (half in _NIGHT and hour < 5) or (half in _NOON and hour >= 10)
    return hour if before else hour + 12
