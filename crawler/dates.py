"""Dates as the press prints them, resolved with provenance. Pure; None beats a guess.

>>> parse("الخميس 28 غشت 2025 - 14:30", zone="Africa/Casablanca")[0].isoformat()
'2025-08-28T13:30:00+00:00'
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from crawler.model import DateSource, PublishedDate

# How far each witness is believed. Structured data is written by the site's software at the moment
# of publishing; a feed may say when it was edited; an address knows only the day.
CONFIDENCE: dict[DateSource, float] = {
    "json-ld": 0.95, "meta": 0.9, "feed": 0.85, "time": 0.7, "text": 0.6, "url": 0.5,
}  # fmt: skip
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # no news site is older; 1970 is a clock that failed
AHEAD = timedelta(days=1)  # a zone left out can put a date a day ahead, nothing can put it further

# Month names, folded (no harakat, hamza forms one, accents and case gone). Four Arabic families:
# Maghreb (غشت), Mashriq (آب), Gulf and Egypt (أغسطس), Algeria and Tunisia (أوت).
_MONTHS: dict[str, int] = {
    name: number
    for number, names in enumerate(
        (
            "يناير|كانون الثاني|جانفي|january|jan|janvier|janv",
            "فبراير|شباط|فيفري|february|feb|fevrier|fev|fevr",
            "مارس|اذار|march|mar|mars",
            "ابريل|نيسان|افريل|april|apr|avril|avr",
            "ماي|مايو|ايار|may|mai",
            "يونيو|يونيه|حزيران|جوان|june|jun|juin",
            "يوليوز|يوليو|يوليه|تموز|جويليه|july|jul|juillet|juil",
            "غشت|اب|اغسطس|اوت|august|aug|aout",
            "شتنبر|ايلول|سبتمبر|september|sep|sept|septembre",
            "اكتوبر|تشرين الاول|october|oct|octobre",
            "نونبر|تشرين الثاني|نوفمبر|november|nov|novembre",
            "دجنبر|كانون الاول|ديسمبر|december|dec|decembre",
        ),
        1,
    )
    for name in names.split("|")
}
_MONTH = "|".join(sorted(map(re.escape, _MONTHS), key=len, reverse=True))
_DAY_FIRST = re.compile(
    rf"(?<!\d)(?P<day>\d{{1,2}})(?:er|st|nd|rd|th)?\.?[\s,-]+(?:من |of |de )?(?P<month>{_MONTH})\.?(?!\w)"
    rf"(?:\s*[/(]\s*(?P<other>{_MONTH})\s*\)?)?[\s,/-]+(?P<year>\d{{4}})(?!\d)"
)
_MONTH_FIRST = re.compile(
    rf"(?<!\w)(?P<month>{_MONTH})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})(?!\d)"
)
_NUMBERS = re.compile(r"(?<!\d)(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})[/.-](?P<year>\d{4})(?!\d)")
_ISO = re.compile(
    r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?:[T\s]+(\d{2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?)?(?!\d)",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"(?<!\d)(\d{1,2})\s*[:h]\s*(\d{2})(?::\d{2})?\s*(am|pm|a\.m|p\.m|ص|م|صباحا|مساء)?(?!\w)")
_RFC822 = re.compile(r"^(?:[A-Za-z]{3,9},?\s+)?\d{1,2}\s+[A-Za-z]{3,9}\s+\d{2,4}\s+\d{1,2}:\d{2}")
_LETTERS = str.maketrans("أإآٱىة", "ااااي" + "ه")


def parse(printed: str, *, zone: str) -> tuple[datetime, bool] | None:
    """(aware UTC, whether a time of day was printed), or None where it isn't surely a date.

    A date without a zone is read in ``zone``; a day without a time is its noon there.
    """
    text = _folded(printed)
    if not text or len(text) > 200:
        return None
    if match := _ISO.search(text):
        return _iso(match, zone)
    if _RFC822.match(text):
        return _rfc822(text, zone)
    for pattern in (_DAY_FIRST, _MONTH_FIRST, _NUMBERS):
        if match := pattern.search(text):
            return _spelled(match, text, zone)
    return None


def resolve(
    candidates: Sequence[tuple[DateSource, str]], *, zone: str, first_seen_at: datetime
) -> PublishedDate | None:
    """The date of the witness that is believed most; a mere day yields to the same day with a time.

    What is later than first seen + 1 day, or older than any news site, is not believed at all.
    """
    order = list(CONFIDENCE)
    found: list[PublishedDate] = []
    for source, printed in sorted(candidates, key=lambda c: order.index(c[0])):
        parsed = parse(printed, zone=zone)
        if parsed is None or not EARLIEST <= parsed[0] <= first_seen_at + AHEAD:
            continue
        at, has_time = parsed
        found.append(
            PublishedDate(
                at=at,
                source=source,
                confidence=CONFIDENCE[source],
                printed=" ".join(printed.split()),
                has_time=has_time,
            )
        )
    if not found:
        return None
    best = found[0]
    if not best.has_time:
        here = ZoneInfo(zone)
        day = best.at.astimezone(here).date()
        timed = (d for d in found if d.has_time and d.at.astimezone(here).date() == day)
        best = next(timed, best)
    return best


def _folded(printed: str) -> str:
    text = unicodedata.normalize("NFKC", printed).casefold()
    text = "".join(
        str(unicodedata.digit(c)) if c.isdigit() and not c.isascii() else c for c in text
    ).translate(_LETTERS)
    text = "".join(c for c in unicodedata.normalize("NFD", text) if unicodedata.category(c) not in ("Mn", "Cf"))
    return " ".join(text.replace("ـ", "").replace("،", ",").split())


def _iso(match: re.Match[str], zone: str) -> tuple[datetime, bool] | None:
    year, month, day, hour, minute, second, offset = match.groups()
    try:
        if hour is None:
            return _at(int(year), int(month), int(day), 12, 0, zone), False
        at = datetime(int(year), int(month), int(day), int(hour), int(minute), int(second or 0))
        if offset is None:
            return at.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC), True
        return at.replace(tzinfo=_offset(offset)).astimezone(UTC), True
    except ValueError:
        return None


def _offset(written: str) -> timezone:
    if written in "zZ":
        return UTC
    sign = -1 if written[0] == "-" else 1
    hours, minutes = int(written[1:3]), int(written[-2:])
    if hours > 14 or minutes > 59:
        raise ValueError(f"no place on earth is at {written}")
    return timezone(sign * timedelta(hours=hours, minutes=minutes))


def _rfc822(text: str, zone: str) -> tuple[datetime, bool] | None:
    try:
        at = parsedate_to_datetime(text)
        offset = at.utcoffset()
        if offset is not None and abs(offset) > timedelta(hours=14):
            return None
        return (at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC), True
    except (ValueError, OverflowError, IndexError, TypeError):
        return None


def _spelled(match: re.Match[str], text: str, zone: str) -> tuple[datetime, bool] | None:
    written = match["month"]
    month = int(written) if written.isdigit() else _MONTHS[written]
    other = match.groupdict().get("other")
    if other is not None and _MONTHS[other] != month:
        return None  # "تشرين الثاني/أكتوبر": one of the two is wrong, and nobody knows which
    hour, minute = 12, 0
    clock = _CLOCK.search(text, match.end()) or _CLOCK.search(text[: match.start()])
    if clock is not None:
        hour, minute = int(clock[1]), int(clock[2])
        half = clock[3] or ""
        if half[:1] in ("p", "م") and hour < 12:
            hour += 12
        elif half[:1] in ("a", "ص") and hour == 12:
            hour = 0
    try:
        return _at(int(match["year"]), month, int(match["day"]), hour, minute, zone), clock is not None
    except ValueError:
        return None


def _at(year: int, month: int, day: int, hour: int, minute: int, zone: str) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=ZoneInfo(zone)).astimezone(UTC)
