"""Feeds, read: RSS 0.9x/1.0/2.0 and Atom by feedparser, JSON Feed here. Pure, and believes nothing.

Dates stay as printed (feedparser makes 2027-01-01 of 2026-13-45), links must be fit to be asked,
titles are plain text whatever the feed says they are (M18, M21).
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any

import feedparser

from crawler import charset, filetypes, urls
from crawler.feeds import markup_bombs, overflow
from crawler.feeds.jsonfeed import parse_json_feed
from crawler.feeds.overflow import Bare
from crawler.feeds.raw import LONGEST_FIELD, MOST_BARE, MOST_ENTRIES, Raw, Row, plain
from crawler.model import Cause, FeedEntry, FeedWindow

_TELLING = frozenset(
    {b"entry", b"guid", b"html", b"a", b"id", b"item", b"link", b"title", b"urlset"}
)
MOST_TOLD = 100_000  # tags looked at one by one, 0.1 s; of a body with more every byte counts
MOST_MARKS = 250_000  # tags and entities that feedparser sees of a feed, 20 µs each; 100 long articles have 60,000
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
_ENCODING = re.compile(rb"^\s*<\?xml[^>]{0,100}encoding=")


def parse(body: bytes, url: str, content_type: str) -> FeedWindow:
    """What these bytes show; ``kind`` "" when they are no feed. ``url`` makes links absolute."""
    raw = read(body, content_type)
    if not raw.kind:
        return FeedWindow(kind="", refused=raw.refused)
    entries = _entries(raw.rows, url)
    tail, far, rest, usable = [], 0, iter(raw.rest), len(entries)
    while rows := list(islice(rest, overflow.SLICE)):
        found = _entries(rows, url)
        tail.append(overflow.pack([(urls.key(entry.url), entry) for entry in found]))
        far, usable = far + len(rows), usable + len(found)
    return FeedWindow(
        kind=raw.kind,
        title=raw.title,
        entries=tuple(entries),
        tail=tuple(tail),
        unusable=len(raw.rows) + far - usable,
        partial=raw.partial,
        left_out=max(raw.beyond - far, 0),
    )


def _entries(rows: Iterable[Row], url: str) -> list[FeedEntry]:
    return [entry for row in rows if (entry := _entry(row, url)) is not None]


def telling(body: bytes) -> bytes:
    """What in a feed's XML tells its entries apart: links, ids and titles in their order; all of it
    where it is no XML. Build dates, counters and advertising make no difference.

    Linear in the bytes and bounded, so that it may run where hostile bytes must not hold anybody up.
    """
    if body[:64].lstrip(b"\xef\xbb\xbf \r\n\t")[:1] != b"<" or body.count(b"<") > MOST_TOLD:
        return body
    found = [piece for piece in body.split(b"<") if _tells(piece)]
    return b"<".join(found) if found else body


def _tells(piece: bytes) -> bool:
    name = piece[:60].partition(b" ")[0].partition(b">")[0].rpartition(b":")[2].strip(b"/\r\n\t ")
    return name in _TELLING or piece.startswith(b"![CDATA[")


def read(body: bytes, content_type: str) -> Raw:
    """Every entry, fit to be fetched or not. Never raises for what the bytes are."""
    start = body[:4096].lstrip(b"\xef\xbb\xbf \t\r\n\x00")
    if start[:1] == b"{":
        return parse_json_feed(body)
    if refusal := filetypes.refusal(body):
        return Raw(refused=refusal)
    if b"\0" in body[:200]:  # two or four bytes a letter: what counts bytes below would see nothing
        body, content_type = charset.utf8(body, content_type)[0], "application/xml; charset=utf-8"
    return _xml_feed(body, content_type)


def _xml_feed(body: bytes, content_type: str) -> Raw:
    if bomb := _bomb(body):
        return Raw(refused=bomb)
    end = _ends_early(body)
    whole = body[:end]
    near, far = _bounds(whole)
    if not near.end:
        detail = f"over {MOST_MARKS} tags before the first entry ends"
        return Raw(refused=Cause(reason="parse_bomb", detail=detail))
    body, beyond = whole[: near.end], far.entries - near.entries
    # Not told where it came from, feedparser leaves addresses as printed: a bare guid stays bare.
    headers = {"content-type": _with_charset(body, content_type)}
    try:
        parsed: Any = feedparser.parse(io.BytesIO(body), response_headers=headers)
    except Exception:  # feedparser lets through what sgmllib, dates and codecs raise on nonsense
        return Raw()
    if not parsed.get("version"):
        return Raw()
    rows = [_from_feedparser(entry) for entry in parsed.entries[:MOST_ENTRIES]]
    return Raw(
        kind=str(parsed.version),
        title=plain(parsed.feed.get("title")),
        rows=tuple(rows),
        beyond=beyond,
        rest=map(_from_bare, overflow.beyond(whole[: far.end], near.entries, MOST_BARE))
        if beyond
        else (),
        partial=end is not None,
    )


def _with_charset(body: bytes, content_type: str) -> str:
    """The header, with the encoding that we find where none is declared: feedparser would take text/xml for
    ASCII, and ask chardet where that happens to be installed, which reads Cyrillic as Greek."""
    if "charset" in content_type.lower() or _ENCODING.search(body[:200]):
        return content_type
    return f"{content_type or 'application/xml'}; charset={charset.find(body)}"


@dataclass(slots=True)
class _Bound:
    """A place in a feed's bytes, and the entries before it."""

    end: int = 0
    entries: int = 0


def _bounds(body: bytes) -> tuple[_Bound, _Bound]:
    """How far the lenient parser may read, whole entries that are not too many nor too much; and how far
    anybody may, to the first entry that alone is too much. The second counts every entry."""
    near, far, marks = _Bound(), _Bound(), 0
    ends = [match.end() for match in _END_OF_ENTRY.finditer(body)]
    for number, end in enumerate((*ends, len(body))):
        own = body.count(b"<", far.end, end) + body.count(b"&", far.end, end)
        if own > MOST_MARKS:
            break
        last = number == len(ends)
        if near.end == far.end and marks + own <= MOST_MARKS and (last or number < MOST_ENTRIES):
            near, marks = _Bound(end, len(ends) if last else number + 1), marks + own
        far.end = end
    far.entries = len(ends)
    return near, far


def _ends_early(body: bytes) -> int | None:
    """Where the last whole entry ends, if the feed's own end is missing after it (P20)."""
    end = max((match.end() for match in _END_OF_ENTRY.finditer(body)), default=None)
    if end is None or _END_OF_FEED.search(body, end):
        return None
    return end


def _bomb(body: bytes) -> Cause | None:
    """Why the lenient parser must not see these bytes, "" where it may. What is opened again and
    again and never closed it looks for to the last byte each time, 25 s for 2 MB (M20)."""
    counted = (markup_bombs.unclosed(a.decode(), body.count(a) - body.count(b)) for a, b in _PAIRS)
    return markup_bombs.in_a_tag(body) or next(filter(None, counted), None)


def _from_feedparser(entry: Any) -> Row:
    content = entry.get("content") or []
    rich = next((c.get("value") for c in content if "html" in str(c.get("type", ""))), None)
    guid = entry.get("id")
    # Without ``links`` its link is feedparser's guess from the guid; ``_entry`` makes our own.
    link = entry.get("link") if entry.get("links") else None
    return Row(
        url=str(link) if link else None,
        title=plain(entry.get("title")),
        summary=entry.get("summary"),
        guid=guid,
        published=entry.get("published"),
        updated=entry.get("updated"),
        content_html=rich,
    )


def _from_bare(entry: Bare) -> Row:
    return Row(
        url=entry.url or None,
        title=plain(entry.title),
        guid=entry.guid or None,
        published=entry.published or None,
    )


def _entry(row: Row, base: str) -> FeedEntry | None:
    guid = str(row.guid or "")
    printed = row.url or (guid if guid.startswith(("http:", "https:")) else None)
    link = urls.clean(printed, base) if printed else None
    if link is None:
        return None
    return FeedEntry(
        url=link,
        title=row.title,
        summary=plain(row.summary),
        guid=charset.readable(guid)[:1000] or None,
        published=_printed(row.published),
        updated=_printed(row.updated),
        content_html=_rich(row.content_html),
    )


def _rich(value: object) -> str | None:
    return charset.readable(str(value)[:LONGEST_FIELD]) if value else None


def _printed(value: object) -> str | None:
    return charset.readable(str(value)[:100]) if value else None
