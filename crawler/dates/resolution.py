"""Dates as the press prints them, resolved with provenance. Pure; None beats a guess.

>>> parse("الخميس 28 غشت 2025 - 14:30", zone="Africa/Casablanca")[0].isoformat()
'2025-08-28T13:30:00+00:00'

``parse`` reads one printed date, ``resolve`` weighs what several witnesses print. Names stand in
``calendars``; which of a page's visible lines is a date line, ``datelines`` says.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from crawler.dates import names
from crawler.dates.parsing import LONGEST, NOISE, _Spoken, _spoken
from crawler.model import DateSource, PublishedDate

# How far each witness is believed. Structured data is written by the site's software at the moment
# of publishing; a feed may say when it was edited; an address knows only the day.
CONFIDENCE: dict[DateSource, float] = {
    "json-ld": 0.95, "meta": 0.9, "feed": 0.85, "time": 0.7, "text": 0.6, "url": 0.5,
}  # fmt: skip
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # no news site is older; 1970 is a clock that failed
AHEAD = timedelta(days=1)  # a zone left out can put a date a day ahead, nothing can put it further
STALE = timedelta(days=365)  # a feed shows what is new: an entry older than that is doubted


def resolve(
    candidates: Sequence[tuple[DateSource, str]],
    *,
    zone: str,
    first_seen_at: datetime,
    country: str = "",
) -> PublishedDate | None:
    """The date of the witness that is believed most; a mere day yields to the same day with a time.

    What is later than first seen + 1 day, or older than any news site, is not believed at all; nor
    what the page shows more than 30 days away from its feed's date: years in prose are no dates.
    """
    order, here = list(CONFIDENCE), ZoneInfo(zone)
    found: list[PublishedDate] = []
    for source, printed in sorted(candidates, key=lambda c: order.index(c[0])):
        spoken = _spoken(printed, here, first_seen_at, country)
        if spoken is not None and EARLIEST <= spoken.at <= first_seen_at + AHEAD:
            found.append(_witnessed(source, printed, spoken))
    found = _without_noise(found, first_seen_at)
    if not found:
        return None
    best = found[0]
    if best.has_time:
        return best
    day = best.at.astimezone(here).date()
    return next((d for d in found if d.has_time and d.at.astimezone(here).date() == day), best)


def in_url(url: str) -> str | None:
    """The day an address names, as "2026-11-23"; None where it names none: a month is no day.

    >>> in_url("https://news.example/world/2026/nov/23/talks"), in_url("https://news.example/2026/11/talks")
    ('2026-11-23', None)
    """
    found = _IN_URL.search(url) or _IN_URL_COMPACT.search(url)
    if found is None:
        return None
    year, written, day = found.groups()
    month = int(written) if written.isdigit() else names.MONTHS[written.lower()]
    try:
        return date(int(year), month, int(day)).isoformat()
    except ValueError:
        return None


_IN_URL = re.compile(
    r"[/_=-](20\d\d)[/_-](0?[1-9]|1[0-2]|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[/_-]([0-2]?\d|3[01])(?=[/_.?&#-]|$)",
    re.IGNORECASE,
)
_IN_URL_COMPACT = re.compile(r"[/_-](20\d\d)(0[1-9]|1[0-2])([0-2]\d|3[01])(?=[/_.-]|$)")


def _witnessed(source: DateSource, printed: str, spoken: _Spoken) -> PublishedDate:
    return PublishedDate(
        at=spoken.at,
        source=source,
        confidence=round(CONFIDENCE[source] * spoken.weight, 3),
        printed=" ".join(printed.split())[:LONGEST],
        has_time=spoken.has_time,
    )


def _without_noise(found: list[PublishedDate], first_seen_at: datetime) -> list[PublishedDate]:
    """P9 and P8: shown dates far from the feed's go; what is old for a feed keeps half its weight."""
    told = next((d for d in found if d.source == "feed"), None)
    if told is None:
        return found
    shown = ("time", "text", "url")
    near = [d for d in found if d.source not in shown or abs(d.at - told.at) <= NOISE]
    return [_doubted(d) if first_seen_at - d.at > STALE else d for d in near]


def _doubted(told: PublishedDate) -> PublishedDate:
    return PublishedDate(
        at=told.at, source=told.source, confidence=round(told.confidence / 2, 3),
        printed=told.printed, has_time=told.has_time,
    )  # fmt: skip
