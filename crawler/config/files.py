"""The configuration's file: read strictly, its mistakes named with their line."""

from __future__ import annotations

import os
import re
import shlex
import stat
import tomllib
import unicodedata
from pathlib import Path
from typing import Any

from crawler.errors import ConfigError

MAX_BYTES = 1_000_000  # of a configuration; the largest that people write have a few thousand
MAX_SECRET_BYTES = 4_096
_DATABASE = b"SQLite format 3\x00"
_BOMS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16", b"\x00\x00\xfe\xff": "UTF-32"}
_AT_LINE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")


def read_bytes(path: Path, limit: int) -> bytes:
    """The bytes of a regular file, which no one waits for; ConfigError says why there are none."""
    try:
        with open(os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK), "rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            if not stat.S_ISREG(mode):
                kind = "a folder" if stat.S_ISDIR(mode) else "no regular file"
                raise ConfigError(f"{path}: cannot be read: it is {kind}")
            data = file.read(limit + 1)
    except ConfigError:
        raise
    except OSError as error:
        what = "it is a folder" if isinstance(error, IsADirectoryError) else error.strerror
        raise ConfigError(f"{path}: cannot be read: {what}") from error
    except ValueError as error:
        raise ConfigError(f"{str(path)!r}: cannot be read: {error}") from error
    if data.startswith(_DATABASE):
        url = f"sqlite:///{path.absolute()}"
        raise ConfigError(f'{path}: an archive and no configuration, which has: archive = "{url}"')
    if len(data) > limit:
        raise ConfigError(f"{path}: cannot be read: it has more than {limit:,} bytes")
    return data


def decode(data: bytes, path: Path) -> str:
    """The text of UTF-8 bytes, with or without a byte order mark; ConfigError names the place."""
    if (encoding := next((_BOMS[bom] for bom in _BOMS if data.startswith(bom)), None)) is not None:
        raise ConfigError(f"{path}: is {encoding}; save it as UTF-8")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ConfigError(
            f"{path}:{line}: not UTF-8 at byte {error.start}; save it as UTF-8"
        ) from error


def parse_toml(text: str, path: Path) -> dict[str, Any]:
    """The file's tables; ConfigError with the line of a mistake."""
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise ConfigError(f"{path}: not TOML: nested too deeply") from error
    except ValueError as error:  # also a whole number of thousands of digits
        problem = str(error)
        found = _AT_LINE.search(problem)
        at = f":{found[1]}" if found and found[1] else ""
        raise ConfigError(f"{path}{at}: not TOML: {_AT_LINE.sub('', problem)}") from error


def line_of(text: str, key_path: tuple[str, ...]) -> int | None:
    """The 1-based line that sets this key (``smtp``, ``port``); None if it is not found.

    For messages only: it knows tables and plain keys, not every way to write TOML.
    """
    *tables, key = key_path
    wanted, here = ".".join(tables), ""
    for number, line in enumerate(text.splitlines(), 1):
        if header := re.match(r"\s*\[+\s*([^\]\s]+)\s*\]+", line):
            here = header[1].replace('"', "")
            if here == ".".join(key_path):
                return number
            continue
        name = re.match(r"""\s*["']?([^"'=]+?)["']?\s*=""", line)
        if name is None:
            continue
        full = f"{here}.{name[1]}" if here else name[1]
        if full in (f"{wanted}.{key}" if wanted else key, wanted):
            return number
    return None


def refuse_open_secret(path: Path, key: str) -> None:
    """ConfigError if others than the owner and the group can read this file that holds a secret."""
    try:
        is_open = bool(path.stat().st_mode & stat.S_IROTH)
    except OSError:
        return  # it has just been read
    if is_open:
        raise ConfigError(
            f"{path}: holds {key}, and everybody can read it: chmod o-rwx {shlex.quote(str(path))}"
        )


def read_secret(path: Path, key: str) -> str:
    """The secret that a file holds, without the line feed at its end; ConfigError if it is empty,
    is no text, or can be read by others."""
    text = decode(read_bytes(path, MAX_SECRET_BYTES), path).rstrip("\r\n")
    if not text:
        raise ConfigError(f"{path}: holds no {key}: it is empty")
    if any(unicodedata.category(letter) == "Cc" for letter in text):
        raise ConfigError(f"{path}: {key} is one line of text; it has control characters")
    refuse_open_secret(path, key)
    return text
