"""A page given to ``rasd try``: its line of a batch, the page itself, the source it is read as.

A crawl would have received the same page; ``views.page`` words what is found in it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from crawler import urls
from crawler.model import Page, Source
from crawler.seeds import guesses
from crawler.seeds.folder import country_zones
from crawler.views.page import NO_ADDRESS

MAX_ZONE_SPREAD = timedelta(hours=1)  # in a country whose dates are read in its first zone
_A_DAY = datetime(
    2026, 1, 1, tzinfo=UTC
)  # on which zones are compared; no summer time in the north


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a batch: a page's file, its address and when it was received, if known."""

    file: str
    url: str | None
    fetched_at: datetime | None


def line(text: str, where: str) -> Line | str:
    """The parsed line of a batch, or what is wrong with it, beginning with ``where``."""
    try:
        row = json.loads(text)
    except (ValueError, RecursionError):
        return f"{where}: no JSON"
    if not isinstance(row, Mapping) or not isinstance(row.get("file"), str):
        return f'{where}: not an object with a "file"'
    url, fetched = row.get("url"), row.get("fetched_at")
    if url is not None and not isinstance(url, str):
        return f"{where}: url is no text"
    try:
        at = datetime.fromisoformat(fetched) if fetched else None
    except (ValueError, TypeError):
        return f"{where}: fetched_at {fetched!r} is no ISO time"
    if at is not None:
        at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    return Line(file=row["file"], url=url or None, fetched_at=at)


def page(url: str | None, body: bytes, fetched_at: datetime) -> Page:
    """The page as if it had just been received from this address, or from none."""
    address = (urls.clean(url) if url else None) or NO_ADDRESS
    return Page(
        url=address, requested_url=address, fetched_at=fetched_at, status=200, headers=(), body=body
    )


def source_of(url: str, sources: Iterable[Source]) -> Source:
    """The source with this host, else one of this site, else a neutral one."""
    host, site = urlsplit(url).hostname, urls.registrable(url)
    of_site = [
        s for s in sources if site in {urls.registrable(place) for place in (s.home, *s.hosts)}
    ]
    of_host = [s for s in of_site if urlsplit(s.home).hostname == host]
    return next(iter((*of_host, *of_site)), None) or neutral(url)


def neutral(url: str) -> Source:
    """A source made of an address alone: its host, its domain's country and zone, any language.

    ``country`` is "" and the zone UTC if the domain belongs to no country.
    """
    host = (urlsplit(url).hostname or "page.invalid").removeprefix("www.")
    country, _ = guesses.guess_country(host, "", country_zones())
    return Source(
        slug=host,
        name=host,
        home=f"http://{host}/",
        feeds=(),
        languages=("ar", "fr", "en"),
        country="" if country == guesses.UNKNOWN_COUNTRY else country,
        timezone=_zone(country),
    )


def _zone(country: str) -> str:
    """The country's first time zone; UTC if its zones are too far apart for a guess."""
    names = country_zones().get(country, ())
    offsets = [_A_DAY.astimezone(ZoneInfo(name)).utcoffset() or timedelta() for name in names]
    if not offsets or max(offsets) - min(offsets) > MAX_ZONE_SPREAD:
        return guesses.UNKNOWN_ZONE
    return names[0]
