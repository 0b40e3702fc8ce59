"""Parse one printed date. Pure; an uncertain date is None, not a guess.

>>> parse_date("الخميس 28 غشت 2025 - 14:30", zone="Africa/Casablanca")[0].isoformat()
'2025-08-28T13:30:00+00:00'

Names are in ``names``; ``resolution`` chooses among several dates, ``visible`` finds date lines.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from crawler.dates import clock, names
from crawler.dates.names import names_pattern, normalize_date_text
from crawler.dates.relative import parse_relative

MAX_DISTANCE_FROM_FEED = timedelta(
    days=30
)  # what a page shows further from its feed's date is another thing's date
MAX_DATE_CHARACTERS = 200  # characters of a printed date; what is longer is prose
MONTH_FIRST_COUNTRIES = frozenset({"US", "PH", "FM", "MH", "PW", "GU", "PR"})
BOTH_ORDERS_COUNTRIES = frozenset({"", "CA", "ZZ"})  # unknown, or both are printed there
FIRST_YEAR_OF_LAST_CENTURY = 50  # RFC 2822: a year of two digits from here on is 19..
_MONTH = names_pattern(names.MONTHS)
_OF = r"(?:من |شهر |لشهر |of |de |du )*"
_GAP = r"[\s,/.|-]+"
_OTHER = rf"(?:\s*[/(,\s-]\s*(?P<other>{_MONTH})\.?\s*\)?)?"  # "تشرين الثاني/نوفمبر"
_YEAR = r"(?:عام |لعام |سنه |لسنه |من |de |del )*(?P<year>(?:19|20)\d\d)(?!\d)"
_WRITTEN = (
    re.compile(
        rf"(?<![\d:])(?P<day>\d{{1,2}})\s?(?:er|st|nd|rd|th|º)?{_GAP}{_OF}"
        rf"(?P<month>{_MONTH})(?!\w)\.?{_OTHER}{_GAP}{_YEAR}"
    ),
    re.compile(
        rf"(?<!\w)(?P<month>{_MONTH})(?!\w)\.?{_OTHER}{_GAP}"
        rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?{_GAP}{_YEAR}"
    ),
    re.compile(
        rf"(?<!\d)(?P<year>(?:19|20)\d\d){_GAP}(?P<month>{_MONTH})(?!\w)\.?{_OTHER}{_GAP}"
        rf"(?P<day>\d{{1,2}})(?!\d)"
    ),
    # Tue Nov 19 13:03:00 EST 2019, Sun Nov 29 09:15:00 GMT+03:00 2026, as C and Java print it
    re.compile(
        rf"(?<!\w)(?P<month>{_MONTH})(?!\w)\.?(?P<other>)\s+(?P<day>\d{{1,2}})\s+"
        r"(?=\d\d?:\d)[\d:]+(?:\s+[a-z]{0,5}(?:[+-]\d{1,2}:?(?:\d\d)?)?)?\s+(?P<year>20\d\d)$"
    ),
    # 29 Nov 26 09:15 +0100 (RFC 822), 29-Nov-26 09:15:00 GMT (RFC 850); "12 mai 20 h" has no year
    re.compile(
        rf"(?<![\d:])(?P<day>\d{{1,2}})(?:er)?[\s/.-]\s?(?P<month>{_MONTH})(?!\w)\.?(?P<other>)"
        r"[\s/.-]\s?(?P<year>\d\d)(?=$|\s?[,|)(]|\s-\s|\s(?:a |at )?\d{1,2}[:h]\d\d)"
    ),
)
_NUMBERS = re.compile(
    r"(?<![\d/.-])(\d{1,2})\s?([/.-])\s?(\d{1,2})\s?\2\s?((?:19|20)\d\d)(?![\d/-])"
)
# 20/11/26; with dots or strokes each part has two digits, or it is a version or a part of a number
_SHORT_NUMBERS = re.compile(
    r"(?<![\d/.:,+-])(?:(\d{1,2})(/)(\d{1,2})/|(\d\d)([.-])(\d\d)\5)(\d\d)(?!\d|[/.:,-]\d|[h%])"
)
_YEAR_FIRST = re.compile(
    r"(?<![\d/.-])((?:19|20)\d\d)\s?([/.-])\s?(\d{1,2})\s?\2\s?(\d{1,2})(?=$|[^\d/-]|-(?!\d))"
)
_ISO = re.compile(
    r"((?:19|20)[0-9]{2})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2})"
    r"(?::([0-9]{2})(?:\.[0-9]+)?)?(Z|[+-][0-9]{2}:?[0-9]{2})?"
)
_COMPACT = re.compile(r"^((?:19|20)\d\d)(\d\d)(\d\d)(?:t?(\d\d)(\d\d)(\d\d)?(z)?)?$")
_EPOCH = re.compile(r"^(\d{10})(?:\d{3})?$")
_HIJRI = re.compile(
    rf"(?<!\d)(\d{{1,2}})\s(?:من )?({names_pattern(names.HIJRI_MONTHS)})(?!\w),?\s(1[34]\d\d)(?!\d)"
)
_WEEKDAY = re.compile(rf"(?<!\w)({names_pattern(names.WEEKDAYS)})(?!\w)")


class ParsedDate(NamedTuple):
    """A parsed date; ``weight`` (0–1) scales the confidence of its source."""

    at: datetime
    has_time: bool
    weight: float = 1.0


def parse_date(
    printed: str, *, zone: str, now: datetime | None = None, country: str = ""
) -> tuple[datetime, bool] | None:
    """Return (aware UTC, whether a time of day was printed), or None if it is not certainly a
    date.

    A date without a zone is in ``zone``; a day without a time is its noon there. Relative dates
    count from ``now`` (None: they are not accepted). ``country`` (ISO 3166-1 alpha-2) decides
    03/04/2026, which is None without it. A Hijri date is only a check: if it differs by more than
    three days, the result is None.
    """
    spoken = parse_weighted(printed, ZoneInfo(zone), now, country)
    return spoken and (spoken.at, spoken.has_time)


def parse_weighted(
    printed: str, here: ZoneInfo, now: datetime | None, country: str
) -> ParsedDate | None:
    """As ``parse_date``, with the weight of the result."""
    if len(printed) > 3 * MAX_DATE_CHARACTERS:
        return None
    if iso := _ISO.fullmatch(printed):
        return _parse_iso(iso, here)
    text = normalize_date_text(printed)
    if not text or len(text) > MAX_DATE_CHARACTERS:
        return None
    try:
        spoken = _parse_compact(text, here) or _parse_written(text, here, country)
        if spoken is None and now is not None and (counted := parse_relative(text, here, now)):
            spoken = ParsedDate(*counted)
    except (ValueError, OverflowError):
        return None  # 31 نونبر, 25:61, a zone no place on earth has
    return (
        spoken if spoken is None or _hijri_agrees(text, spoken.at.astimezone(here).date()) else None
    )


def _parse_iso(iso: re.Match[str], here: ZoneInfo) -> ParsedDate | None:
    """2026-11-23T10:00:00+01:00, the form of most machine-readable dates, without normalizing
    words.
    """
    year, month, day, hour, minute, second = (int(group or 0) for group in iso.groups()[:6])
    try:
        return ParsedDate(
            clock.moment(
                date(year, month, day),
                (hour, minute, second),
                clock.parse_zone((iso[7] or "").lower(), here),
            ),
            True,
        )
    except (ValueError, OverflowError):
        return None


def _parse_compact(text: str, here: ZoneInfo) -> ParsedDate | None:
    """20261123T100000Z and seconds since 1970, which only software prints."""
    if epoch := _EPOCH.match(text):
        return ParsedDate(datetime.fromtimestamp(int(epoch[1]), UTC), True)
    if (found := _COMPACT.match(text)) is None:
        return None
    year, month, day, hour, minute, second = (int(g or 0) for g in found.groups()[:6])
    if found[4] is None:
        return ParsedDate(clock.moment(date(year, month, day), (12, 0, 0), here), False)
    return ParsedDate(
        clock.moment(date(year, month, day), (hour, minute, second), UTC if found[7] else here),
        True,
    )


def _parse_written(text: str, here: ZoneInfo, country: str) -> ParsedDate | None:
    """The first date in the text by the surest shape there is, with the time that stands by it."""
    if found := _YEAR_FIRST.search(text):
        day = date(int(found[1]), int(found[3]), int(found[4]))
        return _with_time(day, text, found.span(), here)
    for shape in _WRITTEN:
        if found := shape.search(text):
            month = names.MONTHS[found["month"]]
            other = found["other"]
            if other and names.MONTHS[other] != month:
                return (
                    None  # "تشرين الثاني/أكتوبر": one of the two is wrong, and nobody knows which
                )
            day = date(_whole_year(found["year"]), month, int(found["day"]))
            return _with_time(day, text, found.span(), here)
    return _parse_numbers(text, here, country)


def _parse_numbers(text: str, here: ZoneInfo, country: str) -> ParsedDate | None:
    """20/11/2026 and 20/11/26, in the order that the text or the country decides."""
    if found := _NUMBERS.search(text):
        parts = found[1], found[3], found[4]
    elif found := _SHORT_NUMBERS.search(text):
        parts = found[1] or found[4], found[3] or found[6], found[7]
    else:
        return None
    chosen = _ordered(int(parts[0]), int(parts[1]), _whole_year(parts[2]), text, country)
    return chosen and _with_time(chosen[0], text, found.span(), here, chosen[1])


def _whole_year(written: str) -> int:
    """The year; of two digits as RFC 2822 (4.3) reads them."""
    year = int(written)
    if len(written) > 2:
        return year
    return year + (2000 if year < FIRST_YEAR_OF_LAST_CENTURY else 1900)


def _ordered(
    first: int, second: int, year: int, text: str, country: str
) -> tuple[date, float] | None:
    """The day that d/m/y or m/d/y means, and how surely: by what is possible, then by the
    weekday or the Hijri day printed beside it, then by the country's custom.
    """
    possible = {
        d for m, n in ((second, first), (first, second)) if (d := _day(year, m, n)) is not None
    }
    if len(possible) < 2:
        return next(((d, 1.0) for d in possible), None)
    if named := _WEEKDAY.search(text):
        agreeing = [d for d in possible if d.weekday() == names.WEEKDAYS[named[1]]]
        if len(agreeing) == 1:
            return agreeing[0], 1.0
    if _HIJRI.search(text):
        agreeing = [d for d in possible if _hijri_agrees(text, d)]
        return (agreeing[0], 1.0) if len(agreeing) == 1 else None
    if country.upper() in BOTH_ORDERS_COUNTRIES:
        return None
    month, day = (first, second) if country.upper() in MONTH_FIRST_COUNTRIES else (second, first)
    return date(year, month, day), 0.9


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _with_time(
    day: date, text: str, span: tuple[int, int], here: ZoneInfo, weight: float = 1.0
) -> ParsedDate:
    """The day with the time right after it, else right before: with no number between but a Hijri
    date.
    """
    after, before = (_HIJRI.sub("", part) for part in (text[span[1] :], text[: span[0]]))
    time = clock.find_clock_after(after.removeprefix("t")) or clock.find_clock_before(before)
    time = time or clock.find_clock_inside(text, span)
    if time is None:
        return ParsedDate(clock.moment(day, (12, 0, 0), here), False, weight)
    return ParsedDate(clock.time_at(day, time, here), True, weight)


def _hijri_agrees(text: str, day: date) -> bool:
    """Whether a Hijri date in the text, if any, is this day: two days for the moon, one for the
    evening.
    """
    found = _HIJRI.search(text)
    if found is None:
        return True
    said = names.hijri_to_gregorian(int(found[3]), names.HIJRI_MONTHS[found[2]], int(found[1]))
    return said is not None and abs((said - day).days) <= 3
