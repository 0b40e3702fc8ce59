"""What a site asks of its next visitor is honoured, within limits."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.fetch import http_hints
from tests.builders import NOW

MINUTE, DAY = timedelta(minutes=1), timedelta(hours=24)


@pytest.mark.parametrize(
    ("status", "header", "wait"),
    [
        (429, "3600", timedelta(hours=1)),
        (503, "120", timedelta(minutes=2)),
        (429, format_datetime(NOW + timedelta(hours=2), usegmt=True), timedelta(hours=2)),
        (429, "0", MINUTE),  # R26
        (429, "99999999", DAY),  # R26
        (429, "9" * 5000, DAY),
        (503, "Thu, 01 Jan 1970 00:00:00 GMT", MINUTE),  # R26
        (429, None, http_hints.DEFAULT_HOLD),
        (429, "soon", http_hints.DEFAULT_HOLD),
        (503, "Thu, 99 Foo 2026", http_hints.DEFAULT_HOLD),
        (503, None, None),
        (200, "3600", None),
        (404, "3600", None),
    ],
)
def test_retry_after_is_read_and_clamped(
    status: int, header: str | None, wait: timedelta | None
) -> None:
    """F-26, R26: seconds, a date or garbage, never under a minute nor over a day."""
    until = http_hints.hold_until(status, header, NOW)
    assert (until - NOW if until else None) == wait


@given(st.text(max_size=40))
def test_no_header_holds_a_host_for_ever_or_not_at_all(header: str) -> None:
    """R26: whatever stands there, a 429 costs between a minute and a day."""
    until = http_hints.hold_until(429, header, NOW)
    assert until is not None
    assert NOW + MINUTE <= until <= NOW + DAY


@pytest.mark.parametrize(
    ("headers", "fresh"),
    [
        ({"cache-control": "public, max-age=600"}, 600),
        ({"cache-control": 'max-age="600"', "age": "500"}, 100),
        ({"cache-control": "max-age=600, no-cache"}, 0),
        ({"cache-control": "s-maxage=600"}, 0),
        ({"cache-control": "max-age=99999999"}, 3600),
        ({"cache-control": "max-age=5", "age": "9"}, 0),
        (
            {"date": "Mon, 23 Nov 2020 10:00:00 GMT", "expires": "Mon, 23 Nov 2020 10:05:00 GMT"},
            300,
        ),
        ({"expires": "0"}, 0),
        ({}, 0),
    ],
)
def test_cache_headers_say_how_long_not_to_ask(headers: dict[str, str], fresh: int) -> None:
    """A lower bound of polling, never over an hour; the server's wrong clock does not matter."""
    assert http_hints.fresh_for(headers, NOW) == timedelta(seconds=fresh)


def test_times_come_back_aware() -> None:
    """A hold is a moment in UTC."""
    until = http_hints.hold_until(429, "60", NOW)
    assert isinstance(until, datetime)
    assert until.utcoffset() == timedelta()
