"""What a site's answer asks of its next visitor: when to come back, and not before when. Pure.

RFC 9110 §10.2.3 (``Retry-After``) and RFC 9111 §5.2–5.3 (``Cache-Control``, ``Expires``). A site's
wish is a lower bound of our waiting, within limits: no header may silence a source for ever.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

SHORTEST_HOLD = timedelta(minutes=1)  # R26: "0" and dates of 1970 still mean: not at once
LONGEST_HOLD = timedelta(hours=24)  # R26: whatever is asked for, we look in once a day
UNNAMED_HOLD = timedelta(minutes=5)  # a 429 or 503 that names no time that can be read
LONGEST_FRESH = timedelta(hours=1)  # many servers say a year of what changes by the hour


def hold_until(status: int, retry_after: str | None, now: datetime) -> datetime | None:
    """Until when a host is not to be contacted after this answer; None: no wish.

    429 always is one; 503 only with the header, for a busy server often means one page of it.
    """
    if status == 429 or (status == 503 and retry_after is not None):
        asked = _seconds_or_date(retry_after or "", now)
        wait = UNNAMED_HOLD if asked is None else min(max(asked, SHORTEST_HOLD), LONGEST_HOLD)
        return now + wait
    return None


def _seconds_or_date(text: str, now: datetime) -> timedelta | None:
    text = text.strip()
    if re.fullmatch(r"[0-9]+", text):
        return timedelta(seconds=min(int(text[:12]), LONGEST_HOLD.total_seconds()))
    at = _date(text)
    return at - now if at is not None else None


def _date(text: str) -> datetime | None:
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def fresh_for(headers: Mapping[str, str], now: datetime) -> timedelta:
    """How long an answer says it stays as it is: no sense in asking again before. Zero where it says
    nothing. ``headers`` with lower-case names; never more than LONGEST_FRESH."""
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
    return min(max(left, timedelta()), LONGEST_FRESH)
