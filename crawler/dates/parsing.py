"""Parse one printed date. Pure; an uncertain date is None, not a guess.

>>> parse_date("الخميس 28 غشت 2025 - 14:30", zone="Africa/Casablanca")[0].isoformat()
'2025-08-28T13:30:00+00:00'

Names are in ``names``; ``resolution`` chooses among several dates, ``visible`` finds date lines.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import NamedTuple
from zoneinfo import ZoneInfo

from crawler.dates import names
from crawler.dates.names import names_pattern, normalize_date_text

MAX_DISTANCE_FROM_FEED = timedelta(
    days=30
)  # what a page shows further from its feed's date is another thing's date
MAX_DATE_CHARACTERS = 200  # characters of a printed date; what is longer is prose
MONTH_FIRST_COUNTRIES = frozenset({"US", "PH", "FM", "MH", "PW", "GU", "PR"})
BOTH_ORDERS_COUNTRIES = frozenset({"", "CA", "ZZ"})  # unknown, or both are printed there
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
    # Tue Nov 19 13:03:00 EST 2019, as C's ctime prints it
    re.compile(
        rf"(?<!\w)(?P<month>{_MONTH})(?!\w)(?P<other>)\s+(?P<day>\d{{1,2}})\s+"
        rf"(?=\d\d?:\d\d)[\d:]+(?:\s+[a-z+\d]+)?\s+(?P<year>20\d\d)$"
    ),
)
_NUMBERS = re.compile(
    r"(?<![\d/.-])(\d{1,2})\s?([/.-])\s?(\d{1,2})\s?\2\s?((?:19|20)\d\d)(?![\d/-])"
)
_YEAR_FIRST = re.compile(r"(?<![\d/.-])((?:19|20)\d\d)([/.-])(\d{1,2})\2(\d{1,2})(?=$|[^\d/-])")
_ISO = re.compile(
    r"((?:19|20)[0-9]{2})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2})"
    r"(?::([0-9]{2})(?:\.[0-9]+)?)?(Z|[+-][0-9]{2}:?[0-9]{2})?"
)
_COMPACT = re.compile(r"^((?:19|20)\d\d)(\d\d)(\d\d)(?:t?(\d\d)(\d\d)(\d\d)?(z)?)?$")
_EPOCH = re.compile(r"^(\d{10})(?:\d{3})?$")
_CLOCK = re.compile(
    r"(?<![\d:.,/+-])(?P<hour>\d{1,2})\s?(?::|h(?:eures|rs)?)\s?(?P<minute>\d{2})?"
    r"(?::(?P<second>\d{2})(?:[.,]\d+)?)?"
    rf"\s?(?P<half>(?:{names_pattern(names.AFTERNOON)}|{names_pattern(names.MORNING)})(?!\w))?"
    rf"\s?[(]?(?P<offset>(?:(?:gmt|utc)\s?)?[+-]\d{{1,2}}:?(?:\d\d)?(?![\d/])|"
    rf"(?:{names_pattern(names.ZONES)})(?!\w))?"
)
_HOUR = re.compile(
    rf"(?<![\d:.,/-])(?P<minute>)(?P<second>)(?P<offset>)(?P<hour>\d{{1,2}})\s?"
    rf"(?P<half>{names_pattern(names.AFTERNOON - {'م'})}|"
    rf"{names_pattern(names.MORNING - {'ص'})})(?!\w)"
)
_CUE = r"(?:[^\d:]{0,24}?[\s:])?"  # "publié", "نشر", "posted": whatever few words stand before
_COUNT = rf"(?:(?P<count>\d{{1,3}}|{names_pattern(names.NUMBER_WORDS)})\s?)?"
_SPAN = rf"(?P<span>{names_pattern(names.DURATIONS)})"
_AGO = (
    re.compile(
        rf"^{_CUE}(?:منذ|قبل|بيش|il y a|depuis|hace)\s{_COUNT}{_SPAN}(?:\s(?:واحده|واحد))?[.)]?$"
    ),
    re.compile(rf"^{_CUE}(?<!\d){_COUNT}{_SPAN}\s(?:ago|بيش|مضت)[.)]?$"),
)
_DAYS_AGO = re.compile(
    rf"^{_CUE}(?P<name>{names_pattern(names.DAYS_AGO)})(?!\w)"
    rf"(?P<rest>[^\d]{{0,14}}(?:\d[\d\s:h]*[^\d]{{0,12}})?)$"
)
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
        if spoken is None and now is not None:
            spoken = _parse_relative(text, here, now)
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
            _at(
                date(year, month, day), (hour, minute, second), _zone((iso[7] or "").lower(), here)
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
        return ParsedDate(_at(date(year, month, day), (12, 0, 0), here), False)
    return ParsedDate(
        _at(date(year, month, day), (hour, minute, second), UTC if found[7] else here), True
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
            return _with_time(
                date(int(found["year"]), month, int(found["day"])), text, found.span(), here
            )
    if found := _NUMBERS.search(text):
        chosen = _ordered(int(found[1]), int(found[3]), int(found[4]), text, country)
        if chosen is not None:
            return _with_time(chosen[0], text, found.span(), here, chosen[1])
    return None


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
    """The day with the time right after it, else right before: with no digit between."""
    clock = _clock_after(text[span[1] :].removeprefix("t")) or _clock_before(text[: span[0]])
    if clock is None and (inside := _CLOCK.search(text, *span)) and inside["minute"]:
        clock = inside  # ctime keeps its clock between day and year
    if clock is None:
        return ParsedDate(_at(day, (12, 0, 0), here), False, weight)
    return ParsedDate(_at(day, _time(clock), _zone(clock["offset"] or "", here)), True, weight)


def _clock_after(rest: str) -> re.Match[str] | None:
    for shape in (_CLOCK, _HOUR):
        found = shape.search(rest)
        if found and not re.search(r"\d", rest[: found.start()]) and found.start() <= 40:
            return found
    return None


def _clock_before(rest: str) -> re.Match[str] | None:
    for shape in (_CLOCK, _HOUR):
        for found in reversed(list(shape.finditer(rest))):
            gap = rest[found.end() :]
            return found if len(gap) <= 30 and not re.search(r"\d", gap) else None
    return None


def _time(clock: re.Match[str]) -> tuple[int, int, int]:
    hour = int(clock["hour"])
    half = clock["half"] or ""
    if half in names.AFTERNOON and hour < 12 and not (half == "ليلا" and hour < 5):
        hour += 12
    elif half in names.MORNING and hour == 12:
        hour = 0
    return hour, int(clock["minute"] or 0), int(clock["second"] or 0)


def _zone(written: str, here: tzinfo) -> tzinfo:
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


def _at(day: date, time: tuple[int, int, int], zone: tzinfo) -> datetime:
    hour, minute, second = time
    return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=zone).astimezone(UTC)


def _parse_relative(text: str, here: ZoneInfo, now: datetime) -> ParsedDate | None:
    """ "منذ ساعتين", "il y a 3 jours", "hier à 14h30"; weeks get half the weight."""
    if found := _AGO[0].match(text) or _AGO[1].match(text):
        written = found["count"] or "1"
        unit, seconds = names.DURATIONS[found["span"]]
        count = unit * (int(written) if written.isdigit() else names.NUMBER_WORDS[written])
        then = now.astimezone(UTC) - timedelta(seconds=count * seconds)
        if seconds < 86_400:
            return ParsedDate(then, True, 0.9)
        weight = 0.9 if seconds == 86_400 else 0.5
        return ParsedDate(_at(then.astimezone(here).date(), (12, 0, 0), here), False, weight)
    if found := _DAYS_AGO.match(text):
        days = names.DAYS_AGO[found["name"]]
        day = now.astimezone(here).date() - timedelta(days=days)
        if clock := _clock_after(found["rest"]):
            return ParsedDate(_at(day, _time(clock), _zone(clock["offset"] or "", here)), True, 0.9)
        if days and not found["rest"].strip(" .,-|"):  # a bare "today" stands in every menu
            return ParsedDate(_at(day, (12, 0, 0), here), False, 0.9)
    return None


def _hijri_agrees(text: str, day: date) -> bool:
    """Whether a Hijri date in the text, if any, is this day: two days for the moon, one for the
    evening.
    """
    found = _HIJRI.search(text)
    if found is None:
        return True
    said = names.hijri_to_gregorian(int(found[3]), names.HIJRI_MONTHS[found[2]], int(found[1]))
    return said is not None and abs((said - day).days) <= 3
