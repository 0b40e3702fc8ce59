"""Texts that a person has judged, read from JSON lines. Pure.

Labels may be partial: an item counts only for the labels that were judged.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from crawler.errors import InvalidFileError
from crawler.evaluation.text_lines import NO_TEXT, TEXTS, as_text, judgements, without_texts
from crawler.model import Language


class LabelsError(InvalidFileError):
    """A file of labelled items has mistakes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledItem:
    """A text with a person's judgement. ``truth`` has the judged labels only."""

    id: str
    title: str
    text: str
    truth: dict[str, bool]
    language: Language = ""
    difficulty: str = ""
    tag: str = ""  # the trap it is, in a word
    cluster: str = ""  # the event: texts of one event are never on both sides of a fold


def parse_labelled_items(
    lines: Iterable[str], labels: Sequence[str], where: str
) -> list[LabelledItem]:
    """Parse JSON lines into labelled items for a topic with these labels; empty lines are
    skipped.

    Raises LabelsError with a message for every invalid line, as ``file:line: problem``.
    """
    items: list[LabelledItem] = []
    problems: list[str] = []
    seen: dict[str, int] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            item = _parse_item(line, labels)
            if item.id in seen:
                raise ValueError(f"the id {item.id!r} stands already in line {seen[item.id]}")
            seen[item.id] = number
            items.append(item)
        except ValueError as error:
            problems.append(f"{where}:{number}: {error}")
    if not items and not problems:
        problems.append(f"{where}:1: no labelled item in the whole file")
    if problems:
        raise LabelsError(*problems)
    return items


def find_judged_labels(lines: Iterable[str]) -> frozenset[str]:
    """The names to which any line assigns true or false, or 1 or 0; invalid lines are skipped."""
    rows: list[dict[str, Any]] = []
    for line in lines:
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(row, dict):
            rows.append(without_texts(as_text(row)))
    return frozenset(name for said in judgements(rows) for name in said)


def _parse_item(line: str, labels: Sequence[str]) -> LabelledItem:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"not JSON: {error}") from error
    if not isinstance(row, dict):
        raise ValueError('not a JSON object with "id", "title", "text" and labels')
    row = as_text(row)
    known = {name: _text(row, name) for name in TEXTS}
    if not known["id"]:
        raise ValueError('the key "id" is missing')
    if not known["title"] and not known["text"]:
        raise ValueError(NO_TEXT)
    truth = {name: _truth(name, row[name]) for name in labels if row.get(name) is not None}
    if not truth:
        bools = [name for name, value in row.items() if isinstance(value, bool)]
        held = f"it has {', '.join(bools)}" if bools else "it has no true or false at all"
        raise ValueError(f"none of the topic's labels ({', '.join(labels)}) is judged here; {held}")
    language = known.pop("lang")
    return LabelledItem(truth=truth, language=language, **known)


def _text(row: dict[str, Any], name: str) -> str:
    value = row.get(name)
    if value is None:
        return ""
    if isinstance(value, str | int) and not isinstance(value, bool):
        return str(value)
    raise ValueError(f'"{name}" is {value!r}, not text')


def _truth(name: str, value: object) -> bool:
    if isinstance(value, bool) or value in (0, 1):
        return bool(value)
    raise ValueError(f'the label "{name}" is {value!r}, neither true nor false')
