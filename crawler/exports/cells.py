"""A record's row for a spreadsheet: one text or number a column, for every file of CSV. Pure."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

from crawler.exports.rows import JsonRow

Cell = str | int | float
# What a spreadsheet takes for a formula and would run: words of pages are no program. Some skip
# what is invisible before it, and read a full-width sign as the plain one.
_FORMULA_BEGINS = frozenset("=+-@")
_INVISIBLE = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})  # categories of Unicode


def cells(row: JsonRow) -> dict[str, Cell]:
    """``ArticleRecord.row`` as cells, by column.

    Lists are joined by ``; ``, evidence is a line each (``label: name (+12): sentence``), matches
    and mentions are JSON; what is unknown is empty. A text that a spreadsheet would run as a
    formula begins with an apostrophe.
    """
    return {name: _cell(name, value) for name, value in row.items()}


def _cell(name: str, value: Any) -> Cell:
    match name, value:
        case _, None:
            return ""
        case _, bool():
            return "true" if value else "false"
        case _, int() | float():
            return value
        case "evidence", list():
            text = "\n".join(map(_evidence, value))
        case "actors", list():
            text = "; ".join(f"{one['name']} ({one['role']}, {one['side']})" for one in value)
        case "score", dict():
            text = "; ".join(f"{label} {score:.2f}" for label, score in value.items())
        case (("matches" | "mentions"), list()):
            text = json.dumps(value, ensure_ascii=False)
        case _, list():
            text = "; ".join(value)
        case _:
            text = str(value)
    return f"'{text}" if _is_formula(text) else text


def _is_formula(text: str) -> bool:
    first = next((letter for letter in text if unicodedata.category(letter) not in _INVISIBLE), "")
    return unicodedata.normalize("NFKC", first) in _FORMULA_BEGINS or text.startswith(("\t", "\r"))


def _evidence(line: JsonRow) -> str:
    place = f": {line['sentence']}" if line["sentence"] else ""
    return f"{line['label']}: {line['name']} ({line['points']:+d}){place}"
