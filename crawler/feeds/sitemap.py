"""Read sitemaps (sitemaps.org 0.9) and their indexes, with Google News titles; lists of addresses
as text; feeds in a sitemap's place. Pure, streamed, bounded.

A sitemap can have a million URLs: they are read one by one, the newest are kept, the rest is
counted. URLs dated before ``since`` are counted separately; undated ones come after the dated. Of
URLs with one date, or none, both ends of the list are kept: some outlets begin with the oldest.
``sitemap_bytes`` unpacks and decodes, ``sitemap_rows`` reads the XML and its dates.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from crawler import urls
from crawler.feeds import sitemap_choice, syndication
from crawler.feeds.raw_feed import MAX_PRINTED_CHARACTERS, MAX_UNLINKED_ENTRIES, plain_text
from crawler.feeds.sitemap_bytes import MAX_SITEMAP_BYTES, SitemapBytes
from crawler.feeds.sitemap_choice import DatedRow
from crawler.feeds.sitemap_rows import DateReader, Row, RowCollector, read_rows
from crawler.model import FeedEntry, FeedWindow

MAX_SITEMAP_ENTRIES = 2_000  # of one file, as of a feed
MAX_INDEX_FILES = 200  # of one index (R15)
MAX_STALE_FILES = 50_000  # of one index, among which one is chosen: sitemaps.org's limit
# undated addresses of a file that its index dates before ``since``: nearly all are old
MAX_DOUBTED_ENTRIES = 40
# of what is left out, those that are named as proof of what is missing
MAX_LISTED_OMISSIONS = 5_000
_COLUMN = re.compile(r"\t\s*|\s+(?=\d{4}-\d\d-\d\d)")  # of a line: behind it may stand the date
_HEAD_BYTES = 2_000  # in which the kind of a file is recognised
_FEED = re.compile(rb"<(?:rss|feed|(?:[\w-]{1,20}:)?rdf)[\s>]", re.IGNORECASE)
_SITEMAP = re.compile(rb"<(?:[\w-]{1,20}:)?(?:urlset|sitemapindex)[\s>/]", re.IGNORECASE)

__all__ = ["MAX_INDEX_FILES", "MAX_SITEMAP_BYTES", "MAX_SITEMAP_ENTRIES", "parse"]


def parse(
    body: bytes,
    url: str,
    content_type: str,
    since: datetime | None,
    turn: int = 0,
    doubted: bool = False,
) -> FeedWindow:
    """Return the newest entries of a sitemap, or the files of an index (``more``).

    ``kind`` is ``sitemap`` or ``sitemapindex``, the feed's own if it is a feed, "" for anything
    else. An incomplete file gives the entries before the break. Of the files that an index dates
    before ``since`` a few are named all the same, others at each ``turn`` (any number), for many
    indexes are never dated anew; they are ``doubted``. Of a file that is ``doubted`` only a few
    undated entries are taken.
    """
    stream = SitemapBytes(body, content_type)
    head = stream.head()[:_HEAD_BYTES]
    if _FEED.search(head) and not _SITEMAP.search(head):
        return _read_feed(stream, url, since)
    lines = _is_text(head)
    collector = RowCollector()
    rows = _read_lines(stream) if lines else read_rows(stream, collector)
    found = _Survey(since, url, doubted=doubted)
    found.take(rows)
    ended = lines or collector.ended
    kind = found.kind or ("sitemap" if lines or _SITEMAP.search(head) else "")
    window = FeedWindow(
        kind=kind,
        partial=bool(kind) and not ended,
        refused=None if ended else stream.refused(),
        left_out=found.left_out,
        older=found.older,
    )
    return found.fill(window, turn)


class _Survey:
    """What the rows of one file come to."""

    def __init__(self, since: datetime | None, url: str, *, doubted: bool) -> None:
        self._since, self._url, self._doubted = since, url, doubted
        self._chosen = sitemap_choice.BothEnds(MAX_SITEMAP_ENTRIES)
        self._stale: list[DatedRow] = []  # files that the index dates before ``since``
        self._beyond: dict[str, datetime] = {}
        self.kind = ""
        self.older = 0

    @property
    def left_out(self) -> int:
        """Rows that are not taken, though they may be new."""
        return self._chosen.left_out

    def take(self, rows: Iterable[Row]) -> None:
        """Sort each row in: taken, older, left out."""
        dates = DateReader()
        for number, (tag, fields) in enumerate(rows):
            if not self.kind:
                self._begin(tag)
            at = dates.read(fields.get("publication_date")) or dates.read(fields.get("lastmod"))
            row = DatedRow(at, number, fields)
            if self._since is not None and at is not None and at < self._since:
                self._note_old(row)
            else:
                self._note_omissions(self._chosen.add(row))
        if self._doubted:
            self.older += self._chosen.limit_undated(MAX_DOUBTED_ENTRIES)

    def _begin(self, tag: str) -> None:
        self.kind = "sitemapindex" if tag == "sitemap" else "sitemap"
        if tag == "sitemap":
            self._chosen = sitemap_choice.BothEnds(MAX_INDEX_FILES)

    def _note_old(self, row: DatedRow) -> None:
        self.older += 1
        if self.kind == "sitemapindex" and len(self._stale) < MAX_STALE_FILES:
            self._stale.append(row)

    def _note_omissions(self, rows: Iterable[DatedRow]) -> None:
        """Name what is left out by its key and when it was published, to the minute.

        ``lastmod`` proves nothing: an old article that was corrected is dated today.
        """
        for row in rows:
            printed = row.fields.get("publication_date", "")
            room = len(self._beyond) < MAX_LISTED_OMISSIONS
            if row.at is not None and len(printed) > 10 and room and self.kind == "sitemap":
                link = urls.read_link(row.fields.get("loc", ""), self._url)
                if link is not None:
                    self._beyond[urls.key(link)] = row.at

    def fill(self, window: FeedWindow, turn: int) -> FeedWindow:
        """The window with its entries or further files."""
        # Addresses are looked at only here: of a million, the two thousand that are taken.
        chosen, given_up = self._chosen.chosen()
        self._note_omissions(given_up)
        links, unlinked = self._cleaned(chosen)
        if window.kind != "sitemapindex":
            entries = tuple(_entry(link, row.fields) for link, row in links)
            beyond = tuple(self._beyond.items())
            window = replace(window, entries=entries, beyond=beyond, listed=len(chosen))
            named = tuple(_entry("", row.fields) for row in unlinked[:MAX_UNLINKED_ENTRIES])
            return replace(window, unusable=len(unlinked), unlinked=named)
        looked = sitemap_choice.stale_files(self._stale, turn, any_fresh=bool(links))
        stale = tuple(dict.fromkeys(link for link, _ in self._cleaned(looked)[0]))
        files = [link for link, _ in links if link not in stale]
        fresh = files[: MAX_INDEX_FILES - len(stale)]
        left_out = window.left_out + len(files) - len(fresh)
        more = (*fresh, *stale)
        unusable = len(unlinked)
        return replace(window, more=more, doubted=stale, unusable=unusable, left_out=left_out)

    def _cleaned(
        self, rows: Sequence[DatedRow]
    ) -> tuple[list[tuple[str, DatedRow]], list[DatedRow]]:
        """The rows with a usable address, and those without one."""
        cleaned = [(urls.read_link(row.fields.get("loc", ""), self._url), row) for row in rows]
        found = [(link, row) for link, row in cleaned if link is not None]
        return found, [row for link, row in cleaned if link is None]


def _entry(link: str, fields: dict[str, str]) -> FeedEntry:
    printed = fields.get("loc", "")
    return FeedEntry(
        url=link or printed[:MAX_PRINTED_CHARACTERS],
        fragment=urls.fragment_of(printed) if link else "",
        title=plain_text(fields.get("title", ""))[:1000],
        published=fields.get("publication_date", "")[:100] or None,
        updated=fields.get("lastmod", "")[:100] or None,
    )


def _read_feed(stream: SitemapBytes, url: str, since: datetime | None) -> FeedWindow:
    """A feed in a sitemap's place (sitemaps.org allows RSS and Atom); what is older is counted."""
    window = syndication.parse(b"".join(stream), url, "application/xml; charset=utf-8")
    if since is None:
        return window
    dates = DateReader()
    taken = []
    for number, entry in enumerate(window.entries):
        at = dates.read(entry.published) or dates.read(entry.updated)
        if at is None or at >= since:
            taken.append(number)
    older = len(window.entries) - len(taken)
    return replace(
        window,
        entries=tuple(window.entries[n] for n in taken),
        own_urls=tuple(window.own_urls[n] for n in taken) if window.own_urls else (),
        listed=None if window.listed is None else window.listed - older,
        older=older,
    )


def _is_text(head: bytes) -> bool:
    """Whether a file is a list of addresses, one a line."""
    lines = list(_stripped(head.splitlines()))
    return b"<" not in head and bool(lines) and all(map(_is_address, lines[:-1] or lines))


def _is_address(line: bytes) -> bool:
    return line[:8].lower().startswith((b"http://", b"https://", b"www."))


def _stripped(lines: Iterable[bytes]) -> Iterator[bytes]:
    """The lines that are neither empty nor comments, without marks and blanks around them."""
    bare = (line.strip(b"\xef\xbb\xbf \t\r\n") for line in lines)
    return (line for line in bare if line and line[:1] != b"#")


def _read_lines(pieces: Iterable[bytes]) -> Iterator[Row]:
    """The addresses of a text file as rows."""
    held = b""
    for piece in pieces:
        *lines, held = (held + piece).splitlines() if piece else (held,)
        if piece.endswith((b"\n", b"\r")):
            lines, held = [*lines, held], b""
        yield from map(_line_row, _stripped(lines))
    yield from map(_line_row, _stripped([held]))


def _line_row(line: bytes) -> Row:
    address, *others = _COLUMN.split(line.decode("utf-8", errors="replace"), maxsplit=2)
    return "url", {"loc": address, "lastmod": others[0] if others else ""}
