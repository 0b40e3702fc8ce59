"""Backups of the archive: what is written beside a copy, and what is known of the copies made.

Every datetime is aware UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a backup says of itself."""

    made_at: datetime
    rasd: str  # version
    archive: str  # URL of the archive that was copied, without its password
    schema: str  # version of its tables
    size: int  # bytes of the copy
    sha256: str  # of the copy
    rows: Mapping[str, int]  # by table


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """A backup that was made of this archive."""

    id: int = 0  # 0: not stored yet
    folder: str  # absolute
    made_at: datetime
    size: int  # bytes
    articles: int
    checked_at: datetime | None = None  # when it was last restored as a test; None: never
    failure: str = ""  # why that failed, for people; "": all was there


@dataclass(frozen=True, slots=True, kw_only=True)
class MailHold:
    """No mail leaves until it is released."""

    since_at: datetime
    reason: str  # for people
