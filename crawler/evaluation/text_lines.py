"""A text as a line of JSON gives it, under whichever names its file has them. Pure.

Three readers take such lines: judging, measuring and proposing. What rasd exports itself, an
article record, is such a line too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

NO_TEXT = 'neither "title" nor "text" says anything'
TEXTS = ("id", "lang", "title", "text", "difficulty", "tag", "cluster")
_KEPT = ("id", "country", "cluster", "tag", "difficulty")
_OF_A_RECORD = ("published_has_time", "published_confidence")  # and no judgement of a person


def as_text(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row with ``title``, ``text`` and ``lang``: an article record's headline, lead and body,
    and language. Names of its own that judge it stay; any other row is given back as it is."""
    if row.keys() & {"title", "text"} or not row.keys() & {"headline", "body"}:
        return dict(row)
    lead, body = str(row.get("lead") or ""), str(row.get("body") or "")
    text = body if lead in body else f"{lead}\n\n{body}".strip()
    own = {
        name: value for name, value in row.items() if name in _KEPT or _is_judgement(name, value)
    }
    return own | {
        "title": row.get("headline"),
        "text": text,
        "lang": row.get("language"),
    }


def without_texts(row: Mapping[str, Any]) -> dict[str, Any]:
    """What a row says besides its text and where that is from."""
    return {name: value for name, value in row.items() if name not in TEXTS}


def judgements(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, bool]]:
    """What each row, ``without_texts``, says of labels: its true and false.

    If no row has any, columns of nothing but 1, 0 and null are judgements, as tables have them.
    """
    said = [{name: v for name, v in row.items() if isinstance(v, bool)} for row in rows]
    if any(said):
        return said
    values: dict[str, set[object]] = {}
    for row in rows:
        for name, value in row.items():
            values.setdefault(name, set()).add(_number(value))
    numbered = {n for n, v in values.items() if v <= {0, 1, None} and v - {None}}
    return [
        {name: bool(row[name]) for name in numbered if row.get(name) is not None} for row in rows
    ]


def _number(value: object) -> object:
    return value if value is None or isinstance(value, int | float) else "text"


def _is_judgement(name: str, value: object) -> bool:
    return name not in _OF_A_RECORD and (isinstance(value, bool) or value in (0, 1))
