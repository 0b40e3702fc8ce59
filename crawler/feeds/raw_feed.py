"""A feed's content as written, before any of it is checked; and plain text from its markup.
Pure.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass

from crawler import charset
from crawler.model import Cause

MAX_FULL_ENTRIES = 2_000  # a window of news is tens to hundreds; this many take feedparser 1 s
MAX_BARE_ENTRIES = 98_000  # beyond those, of which only the address and its like are read (R17)
MAX_UNLINKED_ENTRIES = 200  # of those without a usable link, that are named
MAX_PRINTED_CHARACTERS = 500  # characters of what stands in the place of a link
MAX_FIELD_CHARACTERS = 200_000  # characters of one field
MAX_ESCAPES = 3  # times that one text is found escaped; more is no accident
_INLINE_TAG = re.compile(  # parts no words; also found once the text is no longer escaped
    r"</?(?:a|abbr|b|bdi|bdo|big|cite|em|font|i|mark|q|s|small|span|strong|sub|sup|tt|u)"
    r"(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_KNOWN_TAG = re.compile(
    r"</?(?:br|center|div|h[1-6]|hr|img|li|ol|p|pre|script|style|table|t[dhr]|ul)"
    r"(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_TAG = re.compile(r"<[A-Za-z/!?][^<>]*>")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,9});")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class RawEntry:
    """An entry as written in the feed; its URLs and dates are not checked yet."""

    url: str | None
    own_urls: tuple[str, ...] = ()  # others that it names as its own, best first
    title: str  # plain
    summary: object = None
    guid: object = None
    published: object = None
    updated: object = None
    content_html: object = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RawFeed:
    """A feed as written; ``kind`` is "" if it is not a feed. ``partial``: the end is missing."""

    kind: str = ""
    title: str = ""
    entries: tuple[RawEntry, ...] = ()
    further_count: int = 0  # entries behind these …
    further_entries: Iterable[RawEntry] = ()  # … and what can be read of them, once
    partial: bool = False
    refused: Cause | None = None  # why it was not read at all; None if it was


def plain_text(value: object) -> str:
    """Text without tags, entities, controls and repeated white space, however often escaped.

    >>> plain_text("L&amp;#8217;accord &amp;lt;b&amp;gt;Maroc&amp;lt;/b&amp;gt; &amp;amp; Irak")
    'L’accord Maroc & Irak'
    """
    text = str(value or "")[:MAX_FIELD_CHARACTERS]
    text = _TAG.sub(" ", _INLINE_TAG.sub("", text))
    for _ in range(MAX_ESCAPES):
        if not _ENTITY.search(text):
            break
        text = html.unescape(text)
    if "<" in text:
        text = _KNOWN_TAG.sub(" ", _INLINE_TAG.sub("", text))
    return " ".join(_CONTROL.sub("", charset.clean_text(html.unescape(text))).split())
