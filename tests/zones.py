"""Casablanca's clock as our test newspapers print it, whatever tables the machine has.

Morocco has changed its clock by decree more than once, and a machine has the tables of the day it
was upgraded. What tests print and expect keeps one rule: UTC+1, and UTC in Ramadan.
"""

from __future__ import annotations

import os
import struct
import zoneinfo
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

RAMADANS = (
    ("2025-02-23", "2025-04-06"),
    ("2026-02-15", "2026-03-22"),
    ("2027-02-07", "2027-03-14"),
)
"""First and last night, on which clocks were or would be set back and on, at three in the morning."""
NAME = "Africa/Casablanca"
_WINTER, _SUMMER = 0, 3600  # seconds ahead of UTC: types 0 and 1 of the table
_ABBREVIATIONS = b"+00\0+01\0"


def use(folder: Path) -> None:
    """Read the zone of ``NAME`` from a table in this folder, here and in processes started later;
    other zones are read as before."""
    file = folder / NAME
    file.parent.mkdir(parents=True)
    file.write_bytes(_table(_changes()))
    folders = (str(folder), *zoneinfo.TZPATH)
    os.environ["PYTHONTZPATH"] = os.pathsep.join(folders)
    zoneinfo.reset_tzpath(folders)
    zoneinfo.ZoneInfo.clear_cache()


def _changes() -> list[tuple[int, int]]:
    """When the clock is set, in seconds since 1970, and to which type."""
    return [
        (int(datetime.fromisoformat(f"{night}T02:00").replace(tzinfo=UTC).timestamp()), kind)
        for begins, ends in RAMADANS
        for night, kind in ((begins, 0), (ends, 1))
    ]


def _table(changes: Sequence[tuple[int, int]]) -> bytes:
    """A TZif table of version 2 (RFC 9636): an empty block of version 1, ours, and the rule after
    the last change."""
    types = struct.pack(">lBBlBB", _WINTER, 0, 0, _SUMMER, 0, 4)
    before = (0, 1)  # 1970: UTC+1 until the first Ramadan of the list
    moments = [before, *changes]
    block = b"".join(struct.pack(">q", at) for at, _ in moments)
    block += bytes(kind for _, kind in moments) + types + _ABBREVIATIONS
    empty = _header(0, 1, 1) + struct.pack(">lBB", 0, 0, 0) + b"\0"
    return empty + _header(len(moments), 2, len(_ABBREVIATIONS)) + block + b"\n<+01>-1\n"


def _header(changes: int, types: int, characters: int) -> bytes:
    counts = struct.pack(">6l", 0, 0, 0, changes, types, characters)
    return b"TZif2" + b"\0" * 15 + counts
