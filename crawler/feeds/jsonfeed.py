"""Read JSON Feed 1 and 1.1 (jsonfeed.org). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Any

from crawler.feeds.preamble import load_json
from crawler.feeds.raw_feed import MAX_BARE_ENTRIES, MAX_FULL_ENTRIES, RawEntry, RawFeed, plain_text


def parse_json_feed(body: bytes) -> RawFeed:
    """Return the feed as written; without a ``kind`` if the bytes are not a JSON feed."""
    try:
        feed = load_json(body)
    except ValueError:
        return RawFeed()
    if not isinstance(feed, Mapping):
        return RawFeed()
    version = str(feed.get("version", ""))
    items = feed.get("items") if version.startswith("https://jsonfeed.org/version/") else None
    if not isinstance(items, list):
        return RawFeed()
    items = [item for item in items if isinstance(item, Mapping)]
    kind = "json" + version.rsplit("/", 1)[-1].replace(".", "")
    return RawFeed(
        kind=kind,
        title=plain_text(feed.get("title")),
        entries=tuple(map(_raw_entry, items[:MAX_FULL_ENTRIES])),
        further_count=max(len(items) - MAX_FULL_ENTRIES, 0),
        further_entries=map(
            _raw_entry, islice(items, MAX_FULL_ENTRIES, MAX_FULL_ENTRIES + MAX_BARE_ENTRIES)
        ),
    )


def _raw_entry(item: Mapping[str, Any]) -> RawEntry:
    links = [item.get(name) for name in ("url", "external_url")]
    said = [link for link in links if isinstance(link, str) and link.strip()]
    return RawEntry(
        url=said[0] if said else None,
        own_urls=tuple(said[1:]),
        title=plain_text(item.get("title")),
        summary=item.get("summary") or item.get("content_text"),
        guid=item.get("id"),
        published=item.get("date_published"),
        updated=item.get("date_modified"),
        content_html=item.get("content_html"),
    )
