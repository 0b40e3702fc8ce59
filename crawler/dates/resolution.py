"""Choose an article's publication date among the candidates of page, feed and URL. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from crawler.dates import names
from crawler.dates.parsing import (
    MAX_DATE_CHARACTERS,
    MAX_DISTANCE_FROM_FEED,
    ParsedDate,
    parse_weighted,
)
from crawler.model import DateSource, PublishedDate

# How far each witness is believed. Structured data is written by the site's software at the moment
# of publishing; a feed may say when it was edited; an address knows only the day.
CONFIDENCE: dict[DateSource, float] = {
    "json-ld": 0.95, "meta": 0.9, "feed": 0.85, "time": 0.7, "text": 0.6, "url": 0.5,
}  # fmt: skip
EARLIEST_DATE = datetime(
    1990, 1, 1, tzinfo=UTC
)  # no news site is older; 1970 is a clock that failed
MAX_AHEAD = timedelta(
    days=1
)  # a zone left out can put a date a day ahead, nothing can put it further
STALE_AGE = timedelta(days=365)  # a feed shows what is new: an entry older than that is doubted


def resolve_date(
    candidates: Sequence[tuple[DateSource, str]],
    *,
    zone: str,
    first_seen_at: datetime,
    country: str = "",
) -> PublishedDate | None:
    """The date of the most trusted candidate, or None if none is plausible.

    A day without time yields to the same day with a time. Dates more than a day after
    ``first_seen_at`` or before 1990 are ignored, and so are dates shown on the page more than 30
    days from the feed's date: years in prose are not publication dates.
    """
    order, here = list(CONFIDENCE), ZoneInfo(zone)

    def plausible(chosen: Iterable[tuple[DateSource, str]]) -> Iterator[PublishedDate]:
        for source, printed in chosen:  # parsed as they are asked for: the first is mostly enough
            spoken = parse_weighted(printed, here, first_seen_at, country)
            if spoken is not None and EARLIEST_DATE <= spoken.at <= first_seen_at + MAX_AHEAD:
                yield _published_date(source, printed, spoken)

    fed = next(plausible(c for c in candidates if c[0] == "feed"), None)
    found = plausible(sorted(candidates, key=lambda c: order.index(c[0])))
    if fed is not None:
        found = _drop_distant_dates(found, fed, first_seen_at)
    best = next(found, None)
    if best is None or best.has_time:
        return best
    day = best.at.astimezone(here).date()
    return next((d for d in found if d.has_time and d.at.astimezone(here).date() == day), best)


def find_date_in_url(url: str) -> str | None:
    """The day in a URL as "2026-11-23", or None: a month without a day is not enough.

    >>> urls = "https://news.example/world/2026/nov/23/talks", "https://news.example/2026/11/talks"
    >>> [find_date_in_url(url) for url in urls]
    ['2026-11-23', None]
    """
    found = _DATE_IN_URL.search(url) or _COMPACT_DATE_IN_URL.search(url)
    if found is None:
        return None
    year, written, day = found.groups()
    month = int(written) if written.isdigit() else names.MONTHS[written.lower()]
    try:
        return date(int(year), month, int(day)).isoformat()
    except ValueError:
        return None


_DATE_IN_URL = re.compile(
    (
        r"[/_=-](20\d\d)[/_-](0?[1-9]|1[0-2]|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|"
        r"dec)[/_-]([0-2]?\d|3[01])(?=[/_.?&#-]|$)"
    ),
    re.IGNORECASE,
)
_COMPACT_DATE_IN_URL = re.compile(r"[/_-](20\d\d)(0[1-9]|1[0-2])([0-2]\d|3[01])(?=[/_.-]|$)")


def _published_date(source: DateSource, printed: str, spoken: ParsedDate) -> PublishedDate:
    return PublishedDate(
        at=spoken.at,
        source=source,
        confidence=round(CONFIDENCE[source] * spoken.weight, 3),
        printed=" ".join(printed.split())[:MAX_DATE_CHARACTERS],
        has_time=spoken.has_time,
    )


def _drop_distant_dates(
    found: Iterable[PublishedDate], fed: PublishedDate, first_seen_at: datetime
) -> Iterator[PublishedDate]:
    """Drop shown dates far from the feed's (P9); entries old for a feed keep half their
    confidence (P8).
    """
    shown = ("time", "text", "url")
    for date_ in found:
        if date_.source not in shown or abs(date_.at - fed.at) <= MAX_DISTANCE_FROM_FEED:
            yield _halve_confidence(date_) if first_seen_at - date_.at > STALE_AGE else date_


def _halve_confidence(told: PublishedDate) -> PublishedDate:
    return PublishedDate(
        at=told.at,
        source=told.source,
        confidence=round(told.confidence / 2, 3),
        printed=told.printed,
        has_time=told.has_time,
    )
