"""Detect markup built to stall parsers for minutes. Pure, and linear in the bytes."""

from __future__ import annotations

import re

from crawler.model import Cause

# tags, comments … opened and never closed; a real feed cut short has one or two
MAX_UNCLOSED = 500

# Possessive throughout (++, *+): a run of spaces could else be divided in any number of ways.
_ENDLESS_TAG = re.compile(rb"<[^<>]{65536}")  # 100,000 attributes on one tag take feedparser 160 s
_MANY_ATTRIBUTES = re.compile(
    rb"<(?:[^<>=]*+=){500}|<(?:[^<>\s]*+\s++){5000}"
)  # 6,000 on each, 8 MB of them: 37 s


def find_tag_bomb(body: bytes) -> Cause | None:
    """The reason to reject these bytes because of a single tag, or None."""
    if _ENDLESS_TAG.search(body) is not None:
        return Cause(reason="parse_bomb", detail="a tag without an end")
    if _MANY_ATTRIBUTES.search(body) is not None:
        return Cause(reason="parse_bomb", detail="a tag with too many attributes")
    return None


def find_unclosed(what: str, times: int) -> Cause | None:
    """The reason to reject bytes that open ``what`` so many times more than they close it, or
    None.
    """
    if times <= MAX_UNCLOSED:
        return None
    return Cause(reason="parse_bomb", detail=f"{what} opened {times} times and not closed")
