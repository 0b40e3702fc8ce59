"""Find the line and column of a character of a YAML value, in any of YAML's notations. Pure."""

from __future__ import annotations


def find_position(text: str, span: tuple[int, int], value: str, position: int) -> tuple[int, int]:
    """The 1-based line and column of ``value[position]``; the value is written in
    ``text[start:end]``.

    YAML folds spaces, so the other characters are counted. An escape in double quotes counts as it
    is written, which may shift the result by a few columns.
    """
    at, end = _content_span(text, *span)
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


def _content_span(text: str, start: int, end: int) -> tuple[int, int]:
    """The value's own characters: without quotes, and without the line of > or |."""
    if text[start : start + 1] in ("'", '"'):
        return start + 1, end - 1
    if text[start : start + 1] in (">", "|"):
        return text.find("\n", start) + 1, end
    return start, end
