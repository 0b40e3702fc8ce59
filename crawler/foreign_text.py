"""Text from outside, made safe for a terminal: no character of it is obeyed there. Pure.

A headline or a header may hold escapes: ``\\x1b]0;…`` renames a window, ``\\x9b2J`` clears it, a
carriage return hides what stands before it. Everything that rasd prints passes ``printable``, what
it logs ``one_line`` (``crawler.cli.output``, ``crawler.logs``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

REPLACEMENT = 0xFFFD  # shown where Unicode has no picture of a character
_PICTURES = 0x2400  # ␀, the first of Unicode's pictures of control characters
_KEPT = (0x09, 0x0A)  # tab and line feed lay out text

_PRINTABLE: Mapping[int, int] = (
    {code: _PICTURES + code for code in range(0x20) if code not in _KEPT}
    | {0x7F: 0x2421}
    | dict.fromkeys(range(0x80, 0xA0), REPLACEMENT)  # C1: 0x9b alone begins an escape
    | dict.fromkeys(range(0xD800, 0xE000), REPLACEMENT)  # half of a pair: no encoding has it
)
_NEWLINE = 0x2424  # ␤
_TURNING = (*range(0x202A, 0x202F), *range(0x2066, 0x206A))  # embeddings, overrides, isolates
_ONE_LINE: Mapping[int, int] = {
    **_PRINTABLE,
    **{code: _PICTURES + code for code in _KEPT},
    **dict.fromkeys((0x2028, 0x2029), _NEWLINE),  # ends of lines for Python, JavaScript and editors
    **dict.fromkeys(_TURNING, REPLACEMENT),  # they reorder what follows on the line (UAX #9)
}
_UNSAFE_IN_JSON = re.compile("[\x7f-\x9f]")  # the other controls are escaped by any JSON writer
_SURROGATES = re.compile("[\ud800-\udfff]")


def printable(text: str) -> str:
    """The text with a picture for each control character (``\\x1b`` → ``␛``), of the same length.

    Tabs and line feeds stay.
    """
    return text.translate(_PRINTABLE)


def one_line(text: str) -> str:
    """The text ``printable`` and on one line, so that no line is forged, and without characters
    that would turn the rest of the line around.

    Arabic, its marks of direction (U+200E, U+200F, U+061C) and joiners stay: they turn only what
    stands between them.
    """
    return text.translate(_ONE_LINE)


def printable_json(document: str) -> str:
    """JSON with the control characters that JSON permits in texts escaped as ``\\u009b``.

    Half a surrogate pair, which no program could read, becomes U+FFFD.
    """
    escaped = _UNSAFE_IN_JSON.sub(lambda found: f"\\u{ord(found[0]):04x}", document)
    return _SURROGATES.sub(chr(REPLACEMENT), escaped)
