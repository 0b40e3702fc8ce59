"""Texts that a verb is given in files: JSON lines, or one plain text a file."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from crawler.cli.context import read_lines
from crawler.errors import InvalidFileError
from crawler.evaluation import LabelledItem
from crawler.evaluation.text_lines import NO_TEXT, as_text, judgements, without_texts

JSON_LINES = (".jsonl", ".json", ".ndjson")


def read_texts(path: Path) -> Iterator[LabelledItem]:
    """The texts of a file, each with what it says of labels; they need none.

    JSON lines of ``{"title","text"}`` with, if known, ``id``, ``lang``, ``cluster`` and labels, or
    of article records, may be gzip; any other file is one text, its first line the headline. Raises
    InvalidFileError with file and line.
    """
    if Path(path.name.removesuffix(".gz")).suffix not in JSON_LINES:
        title, _, text = "".join(_lines(path)).strip().partition("\n")
        if not title:
            raise InvalidFileError(f"{path}:1: no text")
        yield LabelledItem(id=path.name, title=title.strip(), text=text.strip(), truth={})
        return
    items, rest = [], []
    for number, line in enumerate(_lines(path), 1):
        if line.strip():
            try:
                row = _row(line)
                items.append(_item(row, f"{path.name}:{number}"))
            except (ValueError, RecursionError) as error:
                raise InvalidFileError(f"{path}:{number}: {error}") from error
            rest.append(without_texts(row))
    for item, truth in zip(items, judgements(rest), strict=True):
        yield replace(item, truth=truth)


def _row(line: str) -> dict[str, Any]:
    row = json.loads(line)
    if not isinstance(row, dict):
        raise ValueError('not a JSON object with "title" and "text"')
    return as_text(row)


def _item(row: dict[str, Any], where: str) -> LabelledItem:
    known = {key: row.get(key) or "" for key in ("title", "text", "lang", "cluster")}
    for key, value in known.items():
        if not isinstance(value, str):
            raise ValueError(f'"{key}" is {value!r}, not text')
    if not known["title"] and not known["text"]:
        raise ValueError(NO_TEXT)
    return LabelledItem(
        id=str(row.get("id") or where),
        title=known["title"],
        text=known["text"],
        truth={},
        language=known["lang"],
        cluster=known["cluster"],
    )


def _lines(path: Path) -> Iterator[str]:
    if path.suffix != ".gz":
        yield from read_lines(path)
        return
    try:
        with gzip.open(path, "rt", encoding="utf-8") as file:
            yield from file
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise InvalidFileError(f"{path}: {error}") from error
