"""Markup that is made to be slow: what no page has, and what takes parsers minutes. Pure, and linear
in the bytes, so that looking for it costs nothing.
"""

from __future__ import annotations

import re

from crawler.model import Cause

# tags, comments … opened and never closed; a real feed cut short has one or two
MOST_UNCLOSED = 500

# Possessive throughout (++, *+): a run of spaces could else be divided in any number of ways.
_ENDLESS = re.compile(rb"<[^<>]{65536}")  # 100,000 attributes on one tag take feedparser 160 s
_MANY = re.compile(
    rb"<(?:[^<>=]*+=){500}|<(?:[^<>\s]*+\s++){5000}"
)  # 6,000 on each, 8 MB of them: 37 s


def in_a_tag(body: bytes) -> Cause | None:
    """What is wrong with a single tag of these bytes; None if nothing is."""
    if _ENDLESS.search(body) is not None:
        return Cause(reason="parse_bomb", detail="a tag without an end")
    if _MANY.search(body) is not None:
        return Cause(reason="parse_bomb", detail="a tag with too many attributes")
    return None


def unclosed(what: str, times: int) -> Cause | None:
    """The cause if ``what`` was opened ``times`` more often than closed, and that is too often."""
    if times <= MOST_UNCLOSED:
        return None
    return Cause(reason="parse_bomb", detail=f"{what} opened {times} times and not closed")
