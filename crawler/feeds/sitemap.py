"""Read sitemaps (sitemaps.org 0.9) and their indexes, with Google News titles. Pure, streamed,
bounded.

A sitemap can have a million URLs: they are read one by one, the newest are kept, the rest is
counted. URLs dated before ``since`` are counted separately; undated ones come after the dated.
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

MAX_SITEMAP_ENTRIES = 2_000  # of one file, as of a feed
MAX_INDEX_FILES = 200  # of one index (R15)
# of what is left out, those that are named as proof of what is missing
MAX_LISTED_OMISSIONS = 5_000
MAX_SITEMAP_BYTES = 50 * 1024 * 1024  # bytes unpacked: the limit of sitemaps.org

_NEWS_NAMESPACE = "{http://www.google.com/schemas/sitemap-news/0.9}"
_ROW_TAGS = ("url", "sitemap")
_ROOT_TAGS = ("urlset", "sitemapindex")
_NEVER = datetime.min.replace(tzinfo=UTC)


def parse(body: bytes, url: str, content_type: str, since: datetime | None) -> FeedWindow:
    """Return the newest entries of a sitemap, or the files of an index (``more``).

    ``kind`` is ``sitemap`` or ``sitemapindex``, "" for anything else. An incomplete file gives the
    entries before the break.
    """
    newest: list[tuple[datetime, int, dict[str, str]]] = []
    root = ""
    left_out = older = 0
    beyond: dict[str, datetime] = {}
    most = MAX_SITEMAP_ENTRIES
    rows, stream = _RowCollector(), _BoundedReader(body)
    for number, (tag, fields) in enumerate(_read_rows(stream, rows)):
        if not root:
            root, most = tag, MAX_INDEX_FILES if tag == "sitemap" else MAX_SITEMAP_ENTRIES
        at = _parse_w3c_date(fields.get("publication_date") or fields.get("lastmod"))
        row = (at or _NEVER, -number, fields)
        if since is not None and at is not None and at < since:
            older += 1
        elif len(newest) < most:
            heapq.heappush(newest, row)
        else:
            left_out += 1
            if row > newest[0]:
                row = heapq.heapreplace(newest, row)
            if root == "url" and len(beyond) < MAX_LISTED_OMISSIONS:
                beyond.update(_listed_omission(row[2], url))
    ordered = [fields for _, _, fields in sorted(newest, key=lambda row: row[:2], reverse=True)]
    # Addresses are looked at only here: of a million, the two thousand that are taken.
    cleaned = [(urls.read_link(fields.get("loc", ""), url), fields) for fields in ordered]
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


def _listed_omission(fields: dict[str, str], url: str) -> dict[str, datetime]:
    """The URL's key and when it was published, to the minute; empty if the sitemap doesn't say.

    ``lastmod`` proves nothing: an old article that was corrected is dated today.
    """
    printed = fields.get("publication_date", "")
    at = _parse_w3c_date(printed) if len(printed) > 10 else None
    link = urls.read_link(fields.get("loc", ""), url) if at is not None else None
    return {urls.key(link): at} if link is not None and at is not None else {}


class _RowCollector:
    """Collects a sitemap's rows from lxml's parser events, without a tree, which takes half the
    time.

    ``ended``: the root element was closed.
    """

    def __init__(self) -> None:
        self.ended = False
        self._rows: list[tuple[str, dict[str, str]]] = []
        self._fields: dict[str, str] | None = None
        self._field = ""
        self._text: list[str] = []

    def start(self, tag: str, attributes: object) -> None:
        name = _field_name(tag)
        if name in _ROW_TAGS:
            self._fields = {}
        elif name and self._fields is not None:
            self._field, self._text = name, []

    def data(self, text: str) -> None:
        if self._field:
            self._text.append(text)

    def end(self, tag: str) -> None:
        name = _field_name(tag)
        if name and name == self._field:
            if self._fields is not None and (text := "".join(self._text).strip()):
                self._fields.setdefault(name, text)
            self._field = ""
        elif name in _ROW_TAGS and self._fields is not None:
            self._rows.append((name, self._fields))
            self._fields = None
        elif tag.endswith(_ROOT_TAGS):
            self.ended = True

    def close(self) -> None:
        """Required by lxml."""

    def take(self) -> list[tuple[str, dict[str, str]]]:
        """The rows since the last call."""
        taken, self._rows = self._rows, []
        return taken


@lru_cache(maxsize=200)
def _field_name(tag: str) -> str:
    """A tag without its namespace, or "" if it is irrelevant: images have titles too."""
    name = tag.rpartition("}")[2]
    ours = name in (*_ROW_TAGS, "loc", "lastmod") or tag in (
        _NEWS_NAMESPACE + "title",
        _NEWS_NAMESPACE + "publication_date",
    )
    return name if ours else ""


def _read_rows(stream: _BoundedReader, rows: _RowCollector) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield (``url`` or ``sitemap``, its fields) one by one."""
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


def _parse_w3c_date(printed: str | None) -> datetime | None:
    """A W3C date; a day without time counts to its end, since it may have been published then."""
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
    """Whether bytes without any URL are an empty sitemap rather than something else."""
    head = _BoundedReader(body).read(2_000)
    return b"<urlset" in head or b"<sitemapindex" in head


class _BoundedReader:
    """The bytes of a file, gzip or plain, at most ``MAX_SITEMAP_BYTES``.

    Bombs end there. Markup that is opened again and again also ends the stream: libxml2 takes
    minutes to repair it.
    """

    def __init__(self, body: bytes) -> None:
        self._body = io.BytesIO(body)
        self._zip = zlib.decompressobj(zlib.MAX_WBITS | 16) if body[:2] == b"\x1f\x8b" else None
        self._left, self._unclosed = MAX_SITEMAP_BYTES, 0

    def refused(self) -> Cause | None:
        """The reason why the stream ended early, or None (R3)."""
        bomb = markup_bombs.find_unclosed("<", self._unclosed)
        if bomb is not None or self._left > 0:
            return bomb
        return Cause(reason="too_big", detail=f"over {MAX_SITEMAP_BYTES} bytes unpacked")

    def read(self, size: int = 65_536) -> bytes:
        """The next bytes, at most ``size``; empty at the end or at a limit."""
        size = min(size if size > 0 else 65_536, self._left)
        if self._unclosed > markup_bombs.MAX_UNCLOSED:
            return b""
        try:
            piece = self._unzip(size) if self._zip is not None else self._body.read(size)
        except zlib.error:
            piece = b""  # what stood before the damage has been given
        self._left -= len(piece)
        self._unclosed += piece.count(b"<") - piece.count(b">")
        return b"" if self._unclosed > markup_bombs.MAX_UNCLOSED else piece

    def _unzip(self, size: int) -> bytes:
        assert self._zip is not None
        while size and not self._zip.eof:
            packed = self._zip.unconsumed_tail or self._body.read(16_384)
            piece = self._zip.decompress(packed, size)
            if piece or not packed:
                return piece
        return b""
