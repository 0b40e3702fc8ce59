"""Long lines of an answer go on below their own beginning, not at the terminal's edge. Pure.

``       +10  a matter of security, no third in the sentence``, folded at 40 columns::

       +10  a matter of security, no
            third in the sentence
"""

from __future__ import annotations

import re

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.text import Text

# what a line begins with: its indent, then an id, a number of points or of a sentence
_BEGINNING = re.compile(r" *(?:\d+  |[+-]\d+  |\[\d+\] )?")
_LEAST_ROOM = 24  # columns: a narrower rest of the line is no column to read


def hang(answer: RenderableType) -> RenderableType:
    """The answer with each of its indented lines folded below its own beginning.

    Tables, and texts that are never folded, stay as they are.
    """
    if isinstance(answer, Group):
        return Group(*(hang(part) for part in answer.renderables))
    return _Hanging(answer) if isinstance(answer, Text) and not answer.no_wrap else answer


class _Hanging:
    """A text whose folded lines keep its beginning's indent."""

    def __init__(self, text: Text) -> None:
        self._text = text

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for line in self._text.split("\n", allow_blank=True) or [self._text]:
            yield from _fold(line, console, options.max_width)


def _fold(line: Text, console: Console, width: int) -> list[Text]:
    beginning = _BEGINNING.match(line.plain)
    indent = beginning.end() if beginning else 0
    if line.cell_len <= width or not indent or width - indent < _LEAST_ROOM:
        return [line]
    first, rest = line.divide([indent])
    folded = rest.wrap(console, width - indent)
    for part in folded:
        part.rstrip()
    blank = Text(" " * indent)
    return [(blank if number else first) + part for number, part in enumerate(folded)]
