"""Which format a file is written in: the one named, or that of its suffix. Pure."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import PurePath

from crawler.errors import RasdError

STDOUT = "-"  # as a file's name


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
