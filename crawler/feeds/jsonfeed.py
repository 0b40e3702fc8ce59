"""Read JSON Feed 1 and 1.1 (jsonfeed.org). Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import islice
from typing import Any

from crawler.feeds.preamble import load_cut_field, load_json
from crawler.feeds.raw_feed import MAX_BARE_ENTRIES, MAX_FULL_ENTRIES, RawEntry, RawFeed, plain_text

_VERSION = re.compile(r"https://jsonfeed\.org/version/[0-9.]{1,5}")


def parse_json_feed(body: bytes) -> RawFeed:
    """Return the feed as written; without a ``kind`` if the bytes are not a JSON feed."""
    feed, cut = _load(body)
    version = str(feed.get("version", ""))
    items = feed.get("items") if version.startswith("https://jsonfeed.org/version/") else None
    if not isinstance(items, list):
        return RawFeed()
    items = [item for item in items if isinstance(item, Mapping)]
    kind = "json" + version.rsplit("/", 1)[-1].replace(".", "")
    return RawFeed(
        kind=kind,
        partial=cut,
        title=plain_text(feed.get("title")),
        entries=tuple(map(_raw_entry, items[:MAX_FULL_ENTRIES])),
        further_count=max(len(items) - MAX_FULL_ENTRIES, 0),
        further_entries=map(
            _raw_entry, islice(items, MAX_FULL_ENTRIES, MAX_FULL_ENTRIES + MAX_BARE_ENTRIES)
        ),
    )


def _load(body: bytes) -> tuple[Mapping[str, Any], bool]:
    """(the feed, whether it is only what could be read of one that breaks off or is no valid
    JSON); an empty one if it is none."""
    try:
        feed = load_json(body)
        if isinstance(feed, Mapping) and "items" in feed:
            return feed, False
    except ValueError:
        pass
    before, items = load_cut_field(body, "items")
    version = _VERSION.search(before)
    return ({"version": version[0], "items": items}, True) if version and items else ({}, False)


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
