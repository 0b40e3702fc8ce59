"""Dates as newspapers print them: parsing, and choosing among several candidates. Pure."""

from __future__ import annotations

from crawler.dates.parsing import (
    BOTH_ORDERS_COUNTRIES,
    MAX_DATE_CHARACTERS,
    MAX_DISTANCE_FROM_FEED,
    MONTH_FIRST_COUNTRIES,
    parse_date,
)
from crawler.dates.resolution import (
    CONFIDENCE,
    EARLIEST_DATE,
    MAX_AHEAD,
    STALE_AGE,
    find_date_in_url,
    resolve_date,
)

__all__ = [
    "BOTH_ORDERS_COUNTRIES",
    "CONFIDENCE",
    "EARLIEST_DATE",
    "MAX_AHEAD",
    "MAX_DATE_CHARACTERS",
    "MAX_DISTANCE_FROM_FEED",
    "MONTH_FIRST_COUNTRIES",
    "STALE_AGE",
    "find_date_in_url",
    "parse_date",
    "resolve_date",
]
