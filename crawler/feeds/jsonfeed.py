"""Feeds, read: RSS 0.9x/1.0/2.0 and Atom by feedparser, JSON Feed here. Pure, and believes nothing.

Dates stay as printed (feedparser makes 2027-01-01 of 2026-13-45), links must be fit to be asked,
titles are plain text whatever the feed says they are (M18, M21).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import islice
from typing import Any

from crawler.feeds.raw import MOST_BARE, MOST_ENTRIES, Raw, Row, plain


def parse_json_feed(body: bytes) -> Raw:
    try:
        feed = json.loads(body.lstrip(b"\xef\xbb\xbf \t\r\n"))
    except (ValueError, RecursionError):
        return Raw()
    version = str(feed.get("version", "")) if isinstance(feed, Mapping) else ""
    items = feed.get("items") if version.startswith("https://jsonfeed.org/version/") else None
    if not isinstance(items, list):
        return Raw()
    items = [item for item in items if isinstance(item, Mapping)]
    kind = "json" + version.rsplit("/", 1)[-1].replace(".", "")
    return Raw(
        kind=kind,
        title=plain(feed.get("title")),
        rows=tuple(map(_from_json, items[:MOST_ENTRIES])),
        beyond=max(len(items) - MOST_ENTRIES, 0),
        rest=map(_from_json, islice(items, MOST_ENTRIES, MOST_ENTRIES + MOST_BARE)),
    )


def _from_json(item: Mapping[str, Any]) -> Row:
    link = item.get("url") or item.get("external_url")
    return Row(
        url=str(link) if link else None,
        title=plain(item.get("title")),
        summary=item.get("summary") or item.get("content_text"),
        guid=item.get("id"),
        published=item.get("date_published"),
        updated=item.get("date_modified"),
        content_html=item.get("content_html"),
    )
