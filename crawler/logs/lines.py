"""A log line as a mapping, made safe to show: nothing from outside can end it, reorder it, be
obeyed by a terminal or outgrow what a collector takes in one piece. Pure.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from crawler.foreign_text import one_line

FIRST = ("timestamp", "level", "event", "logger")
LAST = "exception"  # a traceback, the only text with line feeds
MAX_TEXT = 2_000  # characters of a text; more of it would help nobody
MAX_TRACEBACK = 10_000
MAX_ITEMS = 200  # of a list
MAX_DEPTH = 6
MAX_BITS = 63  # of a whole number: what every reader of JSON takes


def safe(line: Mapping[str, Any], share: float = 1.0) -> dict[str, Any]:
    """The line in its order: time, level, event, logger, the event's keys, the traceback.

    Every text in it is on one line. ``share`` of the usual room is given to each text.
    """
    most = max(1, int(MAX_TEXT * share))
    shown = {_key(key, most): _shown(value, most) for key, value in line.items()}
    traceback = line.get(LAST)
    ordered = {key: shown.pop(key) for key in FIRST if key in shown}
    shown.pop(LAST, None)
    ordered.update(shown)
    if traceback is not None:
        whole = _cut(_text(traceback), max(1, int(MAX_TRACEBACK * share)))
        ordered[LAST] = "\n".join(map(one_line, whole.split("\n")))
    return ordered


def _shown(value: Any, most: int, depth: int = 0) -> Any:
    """A value of JSON whose texts are safe."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int) and value.bit_length() <= MAX_BITS:
        return int(value)
    if isinstance(value, float) and math.isfinite(value):
        return float(value)
    if depth < MAX_DEPTH and isinstance(value, Mapping):
        items = list(value.items())[:MAX_ITEMS]
        return {_key(key, most): _shown(item, most, depth + 1) for key, item in items}
    if depth < MAX_DEPTH and isinstance(value, list | tuple | set | frozenset):
        return [_shown(item, most, depth + 1) for item in list(value)[:MAX_ITEMS]]
    return one_line(_cut(_text(value), most))


def _key(key: Any, most: int) -> str:
    return one_line(_cut(_text(key), most)) or "_"


def _text(value: Any) -> str:
    """A value in words, also if it can't be worded."""
    if isinstance(value, str):
        return str(value)
    try:
        return f"{value:#x}" if isinstance(value, int) else str(value)
    except Exception as error:
        return f"<{type(value).__name__}, which has no text: {type(error).__name__}>"


def _cut(text: str, most: int) -> str:
    """The text, without its middle if it is longer than this."""
    if len(text) <= most:
        return text
    half = max(1, most // 2)
    return f"{text[:half]} … {text[-half:]} ({len(text)} characters)"
