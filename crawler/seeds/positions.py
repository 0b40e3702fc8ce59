"""Where in a seed file a character of a value stands: line and column, whatever way YAML wrote it. Pure."""

from __future__ import annotations


def position(text: str, span: tuple[int, int], value: str, position: int) -> tuple[int, int]:
    """The 1-based line and column of ``value[position]``, the value standing in ``text[start:end]``.

    Blanks are YAML's to fold, so the characters between them are counted. An escape within double
    quotes counts as it is written, which may put the place a few columns off.
    """
    at, end = _begins(text, *span)
    quoted = text[span[0]] == "'"
    to_go = len("".join(value[:position].split()))
    last = at
    while at < end and (to_go or text[at].isspace()):
        if not text[at].isspace():
            at += quoted and text.startswith("''", at)
            last, to_go = at + 1, to_go - 1
        at += 1
    if at >= end:
        at = last  # the end of what is written
    line = text.count("\n", 0, at) + 1
    return line, at - (text.rfind("\n", 0, at) + 1) + 1


def _begins(text: str, start: int, end: int) -> tuple[int, int]:
    """The value's own characters: without quotes, or the line of > or | above them."""
    if text[start : start + 1] in ("'", '"'):
        return start + 1, end - 1
    if text[start : start + 1] in (">", "|"):
        return text.find("\n", start) + 1, end
    return start, end
