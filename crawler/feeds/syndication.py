"""Read RSS 0.9x/1.0/2.0 and Atom with feedparser, and JSON Feed. Pure.

Dates stay as printed (feedparser turns 2026-13-45 into 2027-01-01), URLs that are unsafe to request
are dropped, titles are plain text whatever the feed declares (M18, M21).
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import feedparser

from crawler import charset, filetypes, urls
from crawler.feeds import entry_links, markup_bombs, overflow, preamble
from crawler.feeds.jsonfeed import parse_json_feed
from crawler.feeds.overflow import BareEntry
from crawler.feeds.raw_feed import (
    MAX_BARE_ENTRIES,
    MAX_FIELD_CHARACTERS,
    MAX_FULL_ENTRIES,
    MAX_PRINTED_CHARACTERS,
    MAX_UNLINKED_ENTRIES,
    RawEntry,
    RawFeed,
    plain_text,
)
from crawler.model import Cause, FeedEntry, FeedWindow

_IDENTIFYING_TAGS = frozenset(
    {b"entry", b"guid", b"html", b"a", b"id", b"item", b"link", b"title", b"urlset"}
)
_ENTRY_TAGS = frozenset({b"entry", b"item"})
_DATE_TAGS = frozenset({b"date", b"issued", b"modified", b"pubDate", b"published", b"updated"})
# tags looked at one by one, 0.1 s; of a body with more every byte counts
MAX_COMPARED_TAGS = 100_000
# tags and entities that feedparser sees of a feed, 20 µs each; 100 long articles have 60,000
MAX_FEEDPARSER_MARKS = 250_000
_PAIRS = (
    (b"<", b">"), (b"<!--", b"-->"), (b"<![CDATA[", b"]]>"), (b"<?", b"?>"),
    (b"&lt;", b"&gt;"), (b"&lt;!--", b"--&gt;"),
)  # fmt: skip
_END_OF_ENTRY = re.compile(
    rb"</(?:item|entry|[\w-]{1,20}:item|[\w-]{1,20}:entry)\s*>", re.IGNORECASE
)
_END_OF_FEED = re.compile(
    rb"</(?:rss|feed|channel|[\w-]{1,20}:(?:rdf|rss|feed))\s*>", re.IGNORECASE
)
_BLANKS = b"\xef\xbb\xbf \t\r\n\x00"


def parse(body: bytes, url: str, content_type: str) -> FeedWindow:
    """Return the feed's window; ``kind`` is "" if the bytes are not a feed. ``url`` makes links
    absolute.
    """
    raw = read_raw_feed(body, content_type)
    if not raw.kind:
        return FeedWindow(kind="", refused=raw.refused)
    linked, unlinked = _linked(raw.entries, url)
    entries = [entry for entry, _ in linked]
    tail, far, rest, unusable = [], 0, iter(raw.further_entries), len(unlinked)
    while rows := list(islice(rest, overflow.ENTRIES_PER_SLICE)):
        found, lost = _linked(rows, url)
        tail.append(overflow.pack([(urls.key(entry.url), entry) for entry, _ in found]))
        far, unusable = far + len(rows), unusable + len(lost)
        unlinked += lost[: MAX_UNLINKED_ENTRIES - len(unlinked)]
    own_urls = tuple(entry_links.own_urls(entry.url, row, url) for entry, row in linked)
    return FeedWindow(
        kind=raw.kind,
        title=raw.title,
        entries=tuple(entries),
        own_urls=own_urls if any(own_urls) else (),
        tail=tuple(tail),
        unusable=unusable,
        unlinked=tuple(unlinked[:MAX_UNLINKED_ENTRIES]),
        listed=len(raw.entries) + far,
        partial=raw.partial,
        left_out=max(raw.further_count - far, 0),
    )


def _linked(
    rows: Iterable[RawEntry], base: str
) -> tuple[list[tuple[FeedEntry, RawEntry]], list[FeedEntry]]:
    """The entries with a usable link, each as it was written as well, and those without one."""
    linked, unlinked = [], []
    for row in rows:
        printed, link = entry_links.first_usable(row, base)
        if link is not None:
            linked.append((_entry(row, link, urls.fragment_of(printed)), row))
        else:
            unlinked.append(_entry(row, charset.clean_text(printed)[:MAX_PRINTED_CHARACTERS]))
    return linked, unlinked


def identifying_bytes(body: bytes) -> bytes:
    """The part of a feed's XML that identifies its entries: links, ids, titles and dates, in order.

    If it equals the previous poll's, the feed is unchanged: its own date, counters and advertising
    make no difference. Bytes that are not XML are returned whole. Linear in the bytes and bounded,
    so that it may run outside of a worker process.
    """
    if body[:64].lstrip(b"\xef\xbb\xbf \r\n\t")[:1] != b"<" or body.count(b"<") > MAX_COMPARED_TAGS:
        return body
    found = list(_identifying_pieces(body))
    return b"<".join(found) if found else body


def _identifying_pieces(body: bytes) -> Iterator[bytes]:
    """Each identifying tag with the text behind it; dates from the first entry on."""
    in_entries = False
    for piece in body.split(b"<"):
        name = piece[:60].partition(b" ")[0].partition(b">")[0].rpartition(b":")[2]
        name = name.strip(b"/\r\n\t ")
        in_entries = in_entries or name in _ENTRY_TAGS
        if (
            name in _IDENTIFYING_TAGS
            or (in_entries and name in _DATE_TAGS)
            or piece.startswith(b"![CDATA[")
        ):
            yield piece


def read_raw_feed(body: bytes, content_type: str) -> RawFeed:
    """Return every entry, with or without a safe URL. Never raises for invalid bytes.

    The bytes decide the encoding, as they do for pages: header and declaration often are wrong.
    """
    if refusal := filetypes.refusal(body):
        return RawFeed(refused=refusal)
    body = charset.to_utf8(body, content_type)[0]
    if body[:4096].lstrip(_BLANKS)[:1] == b"{":
        return parse_json_feed(body)
    if "json" in content_type.lower() and (raw := parse_json_feed(body)).kind:
        return raw
    return _read_xml_feed(preamble.without_preamble(body))


def _read_xml_feed(body: bytes) -> RawFeed:
    if bomb := _find_bomb(body):
        return RawFeed(refused=bomb)
    end = _end_if_cut(body)
    whole = body[:end]
    near, far = _find_limits(whole)
    if not near.end:
        detail = f"over {MAX_FEEDPARSER_MARKS} tags before the first entry ends"
        return RawFeed(refused=Cause(reason="parse_bomb", detail=detail))
    body, beyond = whole[: near.end], far.entries - near.entries
    # Not told where it came from, feedparser leaves addresses as printed: a bare guid stays bare.
    headers = {"content-type": "application/xml; charset=utf-8"}
    try:
        parsed: Any = feedparser.parse(io.BytesIO(body), response_headers=headers)
    except Exception:  # feedparser lets through what sgmllib, dates and codecs raise on nonsense
        return RawFeed()
    if not parsed.get("version"):
        return RawFeed()
    rows = [_from_feedparser(entry) for entry in parsed.entries[:MAX_FULL_ENTRIES]]
    return RawFeed(
        kind=str(parsed.version),
        title=plain_text(parsed.feed.get("title")),
        entries=tuple(rows),
        further_count=beyond,
        further_entries=map(
            _from_bare, overflow.read_bare_entries(whole[: far.end], near.entries, MAX_BARE_ENTRIES)
        )
        if beyond
        else (),
        partial=end is not None,
    )


@dataclass(slots=True)
class _Limit:
    """An offset in a feed's bytes, and the number of entries before it."""

    end: int = 0
    entries: int = 0


def _find_limits(body: bytes) -> tuple[_Limit, _Limit]:
    """How far the lenient parser may read (not too many entries, nor too much markup), and how
    far any may.

    The second limit ends before the first entry that alone is too much; it counts every entry.
    """
    near, far, marks = _Limit(), _Limit(), 0
    ends = [match.end() for match in _END_OF_ENTRY.finditer(body)]
    for number, end in enumerate((*ends, len(body))):
        own = body.count(b"<", far.end, end) + body.count(b"&", far.end, end)
        if own > MAX_FEEDPARSER_MARKS:
            break
        last = number == len(ends)
        if (
            near.end == far.end
            and marks + own <= MAX_FEEDPARSER_MARKS
            and (last or number < MAX_FULL_ENTRIES)
        ):
            near, marks = _Limit(end, len(ends) if last else number + 1), marks + own
        far.end = end
    far.entries = len(ends)
    return near, far


def _end_if_cut(body: bytes) -> int | None:
    """The end of the last complete entry, if the feed's own end is missing after it (P20)."""
    end = max((match.end() for match in _END_OF_ENTRY.finditer(body)), default=None)
    if end is None or _END_OF_FEED.search(body, end):
        return None
    return end


def _find_bomb(body: bytes) -> Cause | None:
    """The reason why the lenient parser must not get these bytes, or None.

    For markup that is opened repeatedly and never closed it searches to the last byte each time,
    25 s for 2 MB (M20).
    """
    counted = (
        markup_bombs.find_unclosed(a.decode(), body.count(a) - body.count(b)) for a, b in _PAIRS
    )
    return markup_bombs.find_tag_bomb(body) or next(filter(None, counted), None)


def _from_feedparser(entry: Any) -> RawEntry:
    content = entry.get("content") or []
    rich = next((c.get("value") for c in content if "html" in str(c.get("type", ""))), None)
    title = plain_text(entry.get("title"))
    links = entry_links.best_first(entry, title)
    return RawEntry(
        url=links[0] if links else None,
        own_urls=links[1:],
        title=title,
        summary=entry.get("summary"),
        guid=entry.get("id"),
        published=entry.get("published"),
        updated=entry.get("updated"),
        content_html=rich,
    )


def _from_bare(entry: BareEntry) -> RawEntry:
    return RawEntry(
        url=entry.url or None,
        title=plain_text(entry.title),
        guid=entry.guid or None,
        published=entry.published or None,
    )


def _entry(row: RawEntry, link: str, fragment: str = "") -> FeedEntry:
    guid = str(row.guid or "")
    return FeedEntry(
        url=link,
        fragment=charset.clean_text(fragment),
        title=row.title,
        summary=plain_text(row.summary),
        guid=charset.clean_text(guid)[:1000] or None,
        published=_clean_date(row.published),
        updated=_clean_date(row.updated),
        content_html=_clean_markup(row.content_html),
    )


def _clean_markup(value: object) -> str | None:
    return charset.clean_text(str(value)[:MAX_FIELD_CHARACTERS]) if value else None


def _clean_date(value: object) -> str | None:
    return charset.clean_text(str(value)[:100]) if value else None
