"""Feeds, read: RSS 0.9x/1.0/2.0 and Atom by feedparser, JSON Feed here. Pure, and believes nothing.

Dates stay as printed (feedparser makes 2027-01-01 of 2026-13-45), links must be fit to be asked,
titles are plain text whatever the feed says they are (M18, M21).
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass

from crawler import charset
from crawler.model import Cause

MOST_ENTRIES = 2_000  # a window of news is tens to hundreds; this many take feedparser 1 s
MOST_BARE = 98_000  # beyond those, of which only the address and its like are read (R17)
LONGEST_FIELD = 200_000  # characters of one field
_TAG = re.compile(r"<[^<>]*>")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An entry as a feed has it; nothing is believed yet, no address is fit to be asked."""

    url: str | None
    title: str  # plain
    summary: object = None
    guid: object = None
    published: object = None
    updated: object = None
    content_html: object = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Raw:
    """A feed as it is written; ``kind`` "" when it is none. ``partial``: its text ends too early."""

    kind: str = ""
    title: str = ""
    rows: tuple[Row, ...] = ()
    beyond: int = 0  # entries behind these …
    rest: Iterable[Row] = ()  # … and what can be read of them, once
    partial: bool = False
    refused: Cause | None = None  # why it was not read at all; None if it was


def plain(value: object) -> str:
    """Text without tags, entities, controls and runs of white space."""
    text = _TAG.sub(" ", str(value or "")[:LONGEST_FIELD])
    return " ".join(_CONTROL.sub("", charset.readable(html.unescape(text))).split())
