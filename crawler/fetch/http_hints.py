"""What response headers say about the next request: not before when, and how long they are fresh.
Pure.

RFC 9110 §10.2.3 (``Retry-After``) and RFC 9111 §5.2–5.3 (``Cache-Control``, ``Expires``). Both are
lower bounds of our waiting, within limits: no header may silence a source for good.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

MIN_HOLD = timedelta(minutes=1)  # R26: "0" and dates of 1970 still mean: not at once
MAX_HOLD = timedelta(hours=24)  # R26: whatever the header says, the host is contacted once a day
DEFAULT_HOLD = timedelta(minutes=5)  # after a 429 or 503 without a readable time
MAX_FRESHNESS = timedelta(hours=1)  # many servers say a year for what changes every hour


def hold_until(status: int, retry_after: str | None, now: datetime) -> datetime | None:
    """The time before which a host must not be contacted after this response; None if it named
    none.

    A 429 always does; a 503 only with the header, for an overloaded server often means one page of
    it.
    """
    if status == 429 or (status == 503 and retry_after is not None):
        asked = _seconds_or_date(retry_after or "", now)
        wait = DEFAULT_HOLD if asked is None else min(max(asked, MIN_HOLD), MAX_HOLD)
        return now + wait
    return None


def _seconds_or_date(text: str, now: datetime) -> timedelta | None:
    text = text.strip()
    if re.fullmatch(r"[0-9]+", text):
        return timedelta(seconds=min(int(text[:12]), MAX_HOLD.total_seconds()))
    at = _date(text)
    return at - now if at is not None else None


def _date(text: str) -> datetime | None:
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def fresh_for(headers: Mapping[str, str], now: datetime) -> timedelta:
    """How long a response stays fresh by its headers (names in lower case), at most MAX_FRESHNESS;
    zero if they say nothing. There is no use in requesting it again before."""
    control = headers.get("cache-control", "").lower()
    age = re.search(r"(?:^|[\s,])max-age\s*=\s*\"?([0-9]{1,9})", control)
    if "no-cache" in control or "no-store" in control:
        return timedelta()
    if age:
        spent = re.fullmatch(r"[0-9]{1,9}", headers.get("age", "").strip())
        left = timedelta(seconds=int(age[1]) - (int(spent[0]) if spent else 0))
    else:
        until = _date(headers.get("expires", ""))
        # Both times are the server's, so its wrong clock does not matter.
        left = until - (_date(headers.get("date", "")) or now) if until else timedelta()
    return min(max(left, timedelta()), MAX_FRESHNESS)
