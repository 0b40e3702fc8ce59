"""Feeds, read: RSS 0.9x/1.0/2.0 and Atom by feedparser, JSON Feed here. Pure, and believes nothing.

Dates stay as printed (feedparser makes 2027-01-01 of 2026-13-45), links must be fit to be asked,
titles are plain text whatever the feed says they are (M18, M21).
"""

from __future__ import annotations

import html
import io
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

import feedparser

from crawler import charset, urls
from crawler.model import FeedEntry, FeedWindow

MOST_ENTRIES = 2_000  # a window of news is tens to hundreds; beyond this it is an archive or an attack
LONGEST_FIELD = 200_000  # characters of one field

_TELLING = frozenset({b"entry", b"guid", b"html", b"a", b"id", b"item", b"link", b"title", b"urlset"})
_TAG = re.compile(r"<[^<>]*>")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def parse(body: bytes, url: str, content_type: str) -> FeedWindow:
    """What these bytes show; ``kind`` "" when they are no feed. ``url`` makes links absolute."""
    if body.lstrip()[:1] == b"{":
        return _json_feed(body, url)
    headers = {"content-type": content_type} if content_type else {}
    parsed: Any = feedparser.parse(io.BytesIO(body), response_headers=headers)
    if not parsed.get("version"):
        return FeedWindow(kind="")
    rows = (_from_feedparser(entry) for entry in parsed.entries[:MOST_ENTRIES])
    return _window(str(parsed.version), _plain(parsed.feed.get("title")), rows, url)


def telling(body: bytes) -> bytes:
    """What in a feed's XML tells its entries apart: links, ids and titles in their order; all of it
    where it is no XML. Build dates, counters and advertising make no difference.

    Linear in the bytes, so that it may run where hostile bytes must not hold anybody up.
    """
    if body.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] != b"<":
        return body
    found = [piece for piece in body.split(b"<") if _tells(piece)]
    return b"<".join(found) if found else body


def _tells(piece: bytes) -> bool:
    name = piece[:60].partition(b" ")[0].partition(b">")[0].rpartition(b":")[2].strip(b"/\r\n\t ")
    return name in _TELLING or piece.startswith(b"![CDATA[")


def _from_feedparser(entry: Any) -> dict[str, Any]:
    content = entry.get("content") or []
    rich = next((c.get("value") for c in content if "html" in str(c.get("type", ""))), None)
    guid = entry.get("id")
    link = entry.get("link") or (guid if str(guid or "").startswith("http") else None)
    return {
        "url": link,
        "title": entry.get("title"),
        "summary": entry.get("summary"),
        "guid": guid,
        "published": entry.get("published"),
        "updated": entry.get("updated"),
        "content_html": rich,
    }


def _json_feed(body: bytes, url: str) -> FeedWindow:
    try:
        feed = json.loads(body)
    except (ValueError, RecursionError):
        return FeedWindow(kind="")
    version = str(feed.get("version", "")) if isinstance(feed, Mapping) else ""
    items = feed.get("items") if version.startswith("https://jsonfeed.org/version/") else None
    if not isinstance(items, list):
        return FeedWindow(kind="")
    rows = (
        {
            "url": item.get("url") or item.get("external_url"),
            "title": item.get("title"),
            "summary": item.get("summary") or item.get("content_text"),
            "guid": item.get("id"),
            "published": item.get("date_published"),
            "updated": item.get("date_modified"),
            "content_html": item.get("content_html"),
        }
        for item in items[:MOST_ENTRIES]
        if isinstance(item, Mapping)
    )
    kind = "json" + version.rsplit("/", 1)[-1].replace(".", "")
    return _window(kind, _plain(feed.get("title")), rows, url)


def _window(kind: str, title: str, rows: Iterable[Mapping[str, Any]], base: str) -> FeedWindow:
    entries: list[FeedEntry] = []
    unusable = 0
    for row in rows:
        link = urls.clean(str(row["url"]), base) if row["url"] else None
        if link is None:
            unusable += 1
            continue
        entries.append(
            FeedEntry(
                url=link,
                title=_plain(row["title"]),
                summary=_plain(row["summary"]),
                guid=charset.readable(str(row["guid"]))[:1000] if row["guid"] else None,
                published=_printed(row["published"]),
                updated=_printed(row["updated"]),
                content_html=_rich(row["content_html"]),
            )
        )
    return FeedWindow(kind=kind, title=title, entries=tuple(entries), unusable=unusable)


def _plain(value: object) -> str:
    text = _TAG.sub(" ", str(value or "")[:LONGEST_FIELD])
    return " ".join(_CONTROL.sub("", charset.readable(html.unescape(text))).split())


def _rich(value: object) -> str | None:
    return charset.readable(str(value)[:LONGEST_FIELD]) if value else None


def _printed(value: object) -> str | None:
    return charset.readable(str(value)[:100]) if value else None
