"""The two forms of a log line: ``console`` for people, ``json`` for programs."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from typing import Any, Literal

import structlog

from crawler.logs import lines

Format = Literal["console", "json"]
LINE_BYTES = 15_000  # Docker takes 16 KiB as one line, the journal 48: more would become several
SHARES = (1.0, 0.25, 0.05, 0.01)  # of the room of each text, until the line fits
INDENT = "    "  # before each line of a traceback: only a log line begins with a date
PRIORITIES = {"debug": 7, "info": 6, "warning": 4, "error": 3, "critical": 2}
"""The levels as sd-daemon(3) has them; the journal takes ``<4>`` off the line and keeps it."""

Render = Callable[[Mapping[str, Any]], str]


def renderer(form: Format, *, colors: bool = False, priorities: bool = False) -> Render:
    """Returns what makes text of a line: in this form, with or without colours, each of its lines
    with the journal's priority before it or without."""
    render = _json if form == "json" else _console(colors)

    def whole(line: Mapping[str, Any]) -> str:
        text = ""
        for share in SHARES:
            text = render(lines.safe(line, share))
            if len(text.encode("utf-8", "replace")) <= LINE_BYTES:
                break
        if not priorities:
            return text
        before = f"<{PRIORITIES.get(str(line.get('level')), 6)}>"
        return "\n".join(before + part for part in text.split("\n"))

    return whole


def wants_colors(is_terminal: bool) -> bool:
    """Whether lines are coloured: at a terminal that has colours, unless NO_COLOR is set
    (no-color.org)."""
    return is_terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _json(line: Mapping[str, Any]) -> str:
    return json.dumps(line, ensure_ascii=False, allow_nan=False)


def _console(colors: bool) -> Render:
    render = structlog.dev.ConsoleRenderer(
        colors=colors,
        pad_event_to=0,
        sort_keys=False,
        exception_formatter=structlog.dev.plain_traceback,
    )

    def text(line: Mapping[str, Any]) -> str:
        shown = dict(line)
        traceback = shown.pop(lines.LAST, None)
        said = render(None, "", shown)
        if traceback is None:
            return said
        return "\n".join((said, *(INDENT + part for part in str(traceback).split("\n"))))

    return text
