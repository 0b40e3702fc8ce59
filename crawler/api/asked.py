"""What a program asks of an open archive, as rasd takes it: moments, names, numbers, ids."""

from __future__ import annotations

import operator
import sys
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import SupportsIndex, get_args

from crawler.errors import UsageError
from crawler.model import SearchOrder
from crawler.views import arguments

When = datetime | date | timedelta | str
"""A moment: a time with its zone, a day (its beginning in UTC), an age, or what the command line
takes: ``2026-11-23``, ``7d``, ``12h``."""
Names = str | Iterable[str]
"""One name or several."""


def moment(given: When | None, now: datetime) -> datetime | None:
    """The moment that is meant, aware; UsageError for anything else."""
    match given:
        case None | str():
            return arguments.moment(given, now)
        case timedelta():
            return now - given
        case datetime():
            if given.tzinfo is None:
                raise UsageError(f"{given!r} has no time zone: which moment is meant?")
            return given
        case date():
            return datetime.combine(given, time(), UTC)
    raise UsageError(f"{given!r} is no time, no day (2026-11-23) and no age (7d, 12h)")


def names(given: Names) -> tuple[str, ...]:
    """The names, one or several; UsageError for anything but text."""
    found = (given,) if isinstance(given, str) else tuple(given)
    for one in found:
        if not isinstance(one, str):
            raise UsageError(f"{one!r} is no name")
    return found


def name(given: str | None, noun: str) -> str | None:
    """One name or none; UsageError for several."""
    if given is None or isinstance(given, str):
        return given
    raise UsageError(f"{given!r} is no {noun}: a search takes one")


def number(given: SupportsIndex, noun: str) -> int:
    """A whole number of any library's kind; UsageError for anything else."""
    try:
        return operator.index(given)
    except TypeError as error:
        raise UsageError(f"{given!r} is no {noun}: a whole number is") from error


def ids(given: Iterable[SupportsIndex]) -> tuple[int, ...]:
    """Ids of articles; UsageError for a text, which would be taken for its digits."""
    if isinstance(given, str | bytes):
        raise UsageError(f"{given!r} is no list of ids")
    return tuple(number(one, "id") for one in given)


def limit(given: SupportsIndex | None) -> int | None:
    """How many at most, None for all; UsageError for less than none."""
    if given is None:
        return None
    most = number(given, "limit")
    if most < 0:
        raise UsageError(f"limit {most}: less than none can't be found; None is all of them")
    return min(most, sys.maxsize)


def order(given: SearchOrder) -> SearchOrder:
    """An order that there is; UsageError for any other word."""
    if given not in get_args(SearchOrder):
        raise UsageError(f"order {given!r}: known are {', '.join(get_args(SearchOrder))}")
    return given
