"""Which format a file is written in, the one named or of its suffix, and what it holds. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath

from crawler.errors import RasdError

STDOUT = "-"  # as a file's name


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """What the articles of an export have in common, for formats with a place to say it."""

    title: str  # the search; the same search has the same title
    made_at: datetime


class FormatError(RasdError, ValueError):
    """The format is unknown."""

    exit_code = 2


def format_of(file: str, named: str | None, known: Collection[str]) -> str:
    """The format named, else the file's suffix; FormatError if that is not one of the known."""
    name = named or PurePath(file).suffix.removeprefix(".").lower()
    if name in known:
        return name
    names = ", ".join(sorted(known))
    if named:
        raise FormatError(f"no format {named!r}; known: {names}")
    if file == STDOUT:
        raise FormatError(f"which format? give --format: {names}")
    raise FormatError(f"{file}: its suffix names no format; give --format: {names}")
