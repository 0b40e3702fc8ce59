"""Sitemaps (sitemaps.org 0.9) and their indexes, with Google-News titles. Pure, streamed, bounded.

A sitemap can hold a million addresses: they are read one by one, the newest are taken, the rest is
counted. What is dated before ``since`` is counted apart; what has no date is taken after the dated.
"""

from __future__ import annotations

import heapq
import io
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, time
from functools import lru_cache

from lxml import etree

from crawler import urls
from crawler.feeds import markup_bombs
from crawler.model import Cause, FeedEntry, FeedWindow

MOST_ENTRIES = 2_000  # of one file, as of a feed
MOST_FILES = 200  # of one index (R15)
MOST_BEYOND = 5_000  # of what is left out, those that are named as proof of what is missing
LARGEST = 50 * 1024 * 1024  # bytes unpacked: the limit of sitemaps.org

_NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"
_OF_ROWS = ("url", "sitemap")
_ROOTS = ("urlset", "sitemapindex")
_NEVER = datetime.min.replace(tzinfo=UTC)


def parse(body: bytes, url: str, content_type: str, since: datetime | None) -> FeedWindow:
    """The newest entries of a sitemap, or of an index the files to ask next (``more``).

    ``kind`` is ``sitemap`` or ``sitemapindex``, "" for anything else. A file that breaks off gives
    what stood before the break.
    """
    newest: list[tuple[datetime, int, dict[str, str]]] = []
    root = ""
    left_out = older = 0
    beyond: dict[str, datetime] = {}
    most = MOST_ENTRIES
    rows, stream = _Rows(), _Unpacked(body)
    for number, (tag, fields) in enumerate(_read(stream, rows)):
        if not root:
            root, most = tag, MOST_FILES if tag == "sitemap" else MOST_ENTRIES
        at = _moment(fields.get("publication_date") or fields.get("lastmod"))
        row = (at or _NEVER, -number, fields)
        if since is not None and at is not None and at < since:
            older += 1
        elif len(newest) < most:
            heapq.heappush(newest, row)
        else:
            left_out += 1
            if row > newest[0]:
                row = heapq.heapreplace(newest, row)
            if root == "url" and len(beyond) < MOST_BEYOND:
                beyond.update(_published(row[2], url))
    ordered = [fields for _, _, fields in sorted(newest, key=lambda row: row[:2], reverse=True)]
    # Addresses are looked at only here: of a million, the two thousand that are taken.
    cleaned = [(urls.clean(fields.get("loc", ""), url), fields) for fields in ordered]
    found = [(link, fields) for link, fields in cleaned if link is not None]
    index = root == "sitemap"
    kind = "sitemapindex" if index else "sitemap" if root or _is_sitemap(body) else ""
    return FeedWindow(
        kind=kind,
        partial=bool(kind) and not rows.ended,
        refused=None if rows.ended else stream.refused(),
        entries=() if index else tuple(_entry(*row) for row in found),
        more=tuple(link for link, _ in found) if index else (),
        unusable=len(cleaned) - len(found),
        left_out=left_out,
        older=older,
        beyond=tuple(beyond.items()),
    )


def _published(fields: dict[str, str], url: str) -> dict[str, datetime]:
    """Its key and when it was published, to the minute. ``lastmod`` proves nothing: an old article
    that was mended is dated today."""
    printed = fields.get("publication_date", "")
    at = _moment(printed) if len(printed) > 10 else None
    link = urls.clean(fields.get("loc", ""), url) if at is not None else None
    return {urls.key(link): at} if link is not None and at is not None else {}


class _Rows:
    """What lxml's parser tells of a sitemap, row by row; no tree is ever built, which takes half the
    time of one. ``ended``: its last tag was there too."""

    def __init__(self) -> None:
        self.ended = False
        self._rows: list[tuple[str, dict[str, str]]] = []
        self._fields: dict[str, str] | None = None
        self._field = ""
        self._text: list[str] = []

    def start(self, tag: str, attributes: object) -> None:
        name = _name(tag)
        if name in _OF_ROWS:
            self._fields = {}
        elif name and self._fields is not None:
            self._field, self._text = name, []

    def data(self, text: str) -> None:
        if self._field:
            self._text.append(text)

    def end(self, tag: str) -> None:
        name = _name(tag)
        if name and name == self._field:
            if self._fields is not None and (text := "".join(self._text).strip()):
                self._fields.setdefault(name, text)
            self._field = ""
        elif name in _OF_ROWS and self._fields is not None:
            self._rows.append((name, self._fields))
            self._fields = None
        elif tag.endswith(_ROOTS):
            self.ended = True

    def close(self) -> None:
        """As lxml wants it."""

    def take(self) -> list[tuple[str, dict[str, str]]]:
        """The rows since the last time."""
        taken, self._rows = self._rows, []
        return taken


@lru_cache(maxsize=200)
def _name(tag: str) -> str:
    """A tag without its namespace, "" where it is none of ours: an image has a title too."""
    name = tag.rpartition("}")[2]
    ours = name in (*_OF_ROWS, "loc", "lastmod") or tag in (
        _NEWS + "title",
        _NEWS + "publication_date",
    )
    return name if ours else ""


def _read(stream: _Unpacked, rows: _Rows) -> Iterator[tuple[str, dict[str, str]]]:
    """(``url`` or ``sitemap``, its fields) one by one, each forgotten at once."""
    parser = etree.XMLParser(
        target=rows, resolve_entities=False, no_network=True, huge_tree=False, recover=True
    )
    try:
        while piece := stream.read():
            parser.feed(piece)
            yield from rows.take()
        parser.close()
    except etree.LxmlError:
        pass  # what stood before the break is given
    yield from rows.take()
    while not rows.ended and stream.read():
        pass  # whether it broke off or is a bomb: nobody could tell from the place where XML ended


def _entry(link: str, fields: dict[str, str]) -> FeedEntry:
    return FeedEntry(
        url=link,
        title=" ".join(fields.get("title", "").split())[:1000],
        published=fields.get("publication_date", "")[:100] or None,
        updated=fields.get("lastmod", "")[:100] or None,
    )


def _moment(printed: str | None) -> datetime | None:
    """A W3C date; a mere day counts to its end, for it may have been published then."""
    if not printed:
        return None
    try:
        at = datetime.fromisoformat(printed)
    except ValueError:
        return None
    if len(printed) <= 10:
        at = datetime.combine(at.date(), time(23, 59, 59))
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _is_sitemap(body: bytes) -> bool:
    """Whether bytes without a single address are an empty sitemap rather than something else."""
    head = _Unpacked(body).read(2_000)
    return b"<urlset" in head or b"<sitemapindex" in head


class _Unpacked:
    """The bytes of a file, gzip or plain, up to LARGEST: a bomb ends there, as it does where tags are
    opened and opened, which takes libxml2 minutes to mend."""

    def __init__(self, body: bytes) -> None:
        self._body = io.BytesIO(body)
        self._zip = zlib.decompressobj(zlib.MAX_WBITS | 16) if body[:2] == b"\x1f\x8b" else None
        self._left, self._unclosed = LARGEST, 0

    def refused(self) -> Cause | None:
        """Why it was not read to its end; None if it was (R3)."""
        bomb = markup_bombs.unclosed("<", self._unclosed)
        if bomb is not None or self._left > 0:
            return bomb
        return Cause(reason="too_big", detail=f"over {LARGEST} bytes unpacked")

    def read(self, size: int = 65_536) -> bytes:
        size = min(size if size > 0 else 65_536, self._left)
        if self._unclosed > markup_bombs.MOST_UNCLOSED:
            return b""
        try:
            piece = self._unzip(size) if self._zip is not None else self._body.read(size)
        except zlib.error:
            piece = b""  # what stood before the damage has been given
        self._left -= len(piece)
        self._unclosed += piece.count(b"<") - piece.count(b">")
        return b"" if self._unclosed > markup_bombs.MOST_UNCLOSED else piece

    def _unzip(self, size: int) -> bytes:
        assert self._zip is not None
        while size and not self._zip.eof:
            packed = self._zip.unconsumed_tail or self._body.read(16_384)
            piece = self._zip.decompress(packed, size)
            if piece or not packed:
                return piece
        return b""
