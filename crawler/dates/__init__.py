"""Dates as the press writes them: parsing, and choosing among witnesses. Pure."""

from __future__ import annotations

from crawler.dates.parsing import (
    BOTH_ORDERS_COUNTRIES,
    LONGEST,
    MONTH_FIRST_COUNTRIES,
    NOISE,
    parse,
)
from crawler.dates.resolution import (
    AHEAD,
    CONFIDENCE,
    EARLIEST,
    STALE,
    in_url,
    resolve,
)

__all__ = [
    "AHEAD",
    "BOTH_ORDERS_COUNTRIES",
    "CONFIDENCE",
    "EARLIEST",
    "LONGEST",
    "MONTH_FIRST_COUNTRIES",
    "NOISE",
    "STALE",
    "in_url",
    "parse",
    "resolve",
]
