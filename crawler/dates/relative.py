"""Dates that count from now: "منذ ساعتين", "il y a 1 h 20", "hier à 14h30", "an hour ago". Pure.

A span without a number is one of its kind only where a language says so: "hours ago" and "منذ أيام"
say how many of nothing, and are no dates.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from crawler.dates import clock, names
from crawler.dates.names import names_pattern

WEIGHT = 0.9  # of what was counted from the moment of reading
VAGUE_WEIGHT = 0.5  # of "three weeks ago", which may be any of several days
_DAY_SECONDS = 86_400
_CUE = r"(?:[^\d:]{0,24}?[\s:])??"  # "publié", "نشر", "posted": whatever few words stand before
_NUMBER = rf"\d{{1,3}}|{names_pattern(names.NUMBER_WORDS)}"
_PARTS = {"نصف": 30, "ربع": 15, "demie": 30, "a half": 30}  # minutes of an hour
_SPAN = (
    rf"(?:(?P<count>{_NUMBER})\s?(?P<span>{names_pattern(names.DURATIONS)})|"
    rf"(?P<single>{names_pattern(names.SINGLE_DURATIONS)}))"
    r"(?:\s?[,،]?\s?(?:و|et|and|y)?\s?(?:"
    rf"(?P<count2>{_NUMBER})\s?(?P<span2>{names_pattern(names.DURATIONS)})|"
    rf"(?P<single2>{names_pattern(names.SINGLE_DURATIONS)})|"
    rf"(?P<minutes>\d{{1,2}})|(?P<part>{names_pattern(_PARTS)})))?"
)
_TAIL = r"(?:\s(?:واحده|واحد))?(?:\s(?:تقريبا|environ))?[.)]?$"
_AGO = (
    re.compile(rf"^{_CUE}(?:منذ|قبل|بيش|il y a|depuis|hace)\s(?:حوالي |environ )?{_SPAN}{_TAIL}"),
    re.compile(rf"^{_CUE}(?<!\d){_SPAN}\s(?:ago|بيش|مضت)[.)]?$"),
)
_DAYS_AGO = re.compile(
    rf"^{_CUE}(?P<name>{names_pattern(names.DAYS_AGO)})(?!\w)"
    rf"(?P<rest>[^\d]{{0,14}}(?:\d[\d\s:h]*[^\d]{{0,12}})?)$"
)


class CountedDate(NamedTuple):
    """A moment counted from now, whether its hour is known, and how far it is believed (0–1)."""

    at: datetime
    has_time: bool
    weight: float


def parse_relative(text: str, here: ZoneInfo, now: datetime) -> CountedDate | None:
    """The moment that a normalized text names by its distance from ``now``; None if it is no
    such text.
    """
    if found := _AGO[0].match(text) or _AGO[1].match(text):
        return _counted(found, here, now)
    if found := _DAYS_AGO.match(text):
        days = names.DAYS_AGO[found["name"]]
        day = now.astimezone(here).date() - timedelta(days=days)
        if time := clock.find_clock_after(found["rest"]):
            return CountedDate(clock.time_at(day, time, here), True, WEIGHT)
        if days and not found["rest"].strip(" .,-|"):  # a bare "today" stands in every menu
            return CountedDate(clock.moment(day, (12, 0, 0), here), False, WEIGHT)
    return None


def _counted(found: re.Match[str], here: ZoneInfo, now: datetime) -> CountedDate | None:
    count, unit = _amount(found["count"], found["span"] or found["single"])
    seconds = count * unit
    if found["span2"] or found["single2"]:
        count, smaller = _amount(found["count2"], found["span2"] or found["single2"])
        if smaller >= unit:
            return None
        seconds, unit = seconds + count * smaller, smaller
    elif found["minutes"] or found["part"]:
        if unit != 3_600:
            return None
        seconds += 60 * (int(found["minutes"]) if found["minutes"] else _PARTS[found["part"]])
    then = now.astimezone(UTC) - timedelta(seconds=seconds)
    if unit < _DAY_SECONDS:
        return CountedDate(then, True, WEIGHT)
    day = then.astimezone(here).date()
    weight = WEIGHT if unit == _DAY_SECONDS else VAGUE_WEIGHT
    return CountedDate(clock.moment(day, (12, 0, 0), here), False, weight)


def _amount(written: str | None, span: str) -> tuple[int, int]:
    """How many of the unit, and the unit's seconds: a dual counts two by itself."""
    own, seconds = names.DURATIONS[span]
    count = int(written) if written and written.isdigit() else names.NUMBER_WORDS.get(written or "")
    return own * (1 if count is None else count), seconds
