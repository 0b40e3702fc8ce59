"""What the watch may have missed and what is wrong with it: gaps, findings, and what they are
judged by.

Every datetime is aware UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

GapReason = Literal["overlap"]  # no known entry in a window of a feed polled before
FindingKind = Literal[
    "backup", "blocked", "bodies_empty", "bodies_shrunk", "burst", "canary", "clock", "damaged",
    "empty", "endless", "etag_lie", "failing", "garbled", "index", "low_text", "mail_dead",
    "mail_held", "mail_on_hold", "mail_unknown", "mail_waiting", "moved", "not_a_feed",
    "office_expired", "offline", "overflow", "seeds", "silence", "silent", "storage", "stuck",
    "suspicious", "template_drift", "tls", "undated", "unwritten", "wrong_language",
]  # fmt: skip
"""What a finding is about; ``digest.wording`` has a phrase for each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """An interval in which a feed may have shown what we never saw.

    Nothing overlapped between the poll at ``from_at`` and the one at ``to_at``. A gap is closed
    when a later poll reached back over it. While it is open, at least ``missing_at_least``
    entries are provably missing; ``missing_estimate`` and its bounds are a guess from the feed's
    rhythm, None if there is nothing to guess from.
    """

    id: int = 0  # 0: not stored yet
    source: str
    feed: str
    from_at: datetime
    to_at: datetime
    reason: GapReason
    opened_at: datetime
    closed_at: datetime | None = None  # None: open
    closed_by: str | None = None  # url of the feed whose poll covered it
    found: int = 0  # entries found later that fall into it
    missing_at_least: int = 0  # entries
    missing_estimate: int | None = None  # entries
    estimate_low: int | None = None
    estimate_high: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something wrong with a source, or with the watch itself, with its proof."""

    source: str  # slug; "": the watch itself
    kind: FindingKind
    proof: str  # one line for people
    opened_at: datetime
    closed_at: datetime | None = None  # None: it is still so


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenAddress:
    """An address as it was first seen."""

    feed: str  # url of the feed that showed it
    first_seen_at: datetime
    url: str
    guid: str | None  # its id in that feed; None if the feed gives none


@dataclass(frozen=True, slots=True, kw_only=True)
class SightingCounts:
    """A source's usual rhythm: its addresses counted by when they were first seen."""

    by_hour: Mapping[int, int]  # hour of the week (``hour_of_week``) → addresses; absent: none
    first_at: datetime  # when the first and the last of them were first seen
    last_at: datetime
    longest_pause: timedelta  # between two of them; right if it is an hour or more, else less


@dataclass(frozen=True, slots=True, kw_only=True)
class Burst:
    """Very many addresses of one source first seen within a short time."""

    addresses: int  # first seen in the whole period looked at
    since: datetime  # when the first of them was


def hour_of_week(at: datetime) -> int:
    """The hour of the week of a UTC time: 0 is Monday 00:00, 167 is Sunday 23:00."""
    return at.weekday() * 24 + at.hour
