"""The nouns that flow through rasd: frozen records, no behaviour beyond naming themselves.

Every datetime is aware UTC and its name ends in ``_at``; offsets are counted in characters of the
original text, end exclusive. Where a noun is defined for people: ``docs/vocabulary.md``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from crawler.model.reason import Cause


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """One entry of a feed, as printed: nothing here is believed yet, dates are raw strings."""

    url: str
    title: str = ""
    summary: str = ""  # plain text, tags removed
    guid: str | None = None
    published: str | None = None
    updated: str | None = None
    content_html: str | None = None  # content:encoded / content_html where the feed has it


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedWindow:
    """What a feed showed at one moment, newest first as the feed had it.

    ``kind`` says what the bytes were (rss20, atom10, json11, sitemap, section, wordpress …); ""
    means: not a feed. ``unusable`` counts entries without a link that could be fetched,
    ``left_out`` those that were too many for one look, ``older`` those dated before the time asked
    for. ``more`` are the places where it goes on: a sitemap's files, the next listing page.
    ``articles`` holds, entry by entry, the raw bytes of articles that need no page ("" where one
    is needed); it is empty or as long as ``entries``. ``partial``: the bytes end before the feed
    does, its whole entries are here. ``beyond`` are, of what was left out, the url keys with the
    moment of publication, where one is printed; not always all of them. ``tail``: entries beyond
    those, packed by ``feedtail``. ``refused`` says why bytes were not read, or not to
    their end; None if they were.
    """

    kind: str
    title: str = ""
    entries: tuple[FeedEntry, ...] = ()
    unusable: int = 0
    left_out: int = 0
    older: int = 0
    more: tuple[str, ...] = ()
    articles: tuple[bytes, ...] = ()
    partial: bool = False
    beyond: tuple[tuple[str, datetime], ...] = ()
    tail: tuple[bytes, ...] = ()
    refused: Cause | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What was received for one article URL, before anyone understood it."""

    url: str  # where it came from in the end, after redirects
    requested_url: str  # the URL as sighted
    fetched_at: datetime
    status: int
    headers: tuple[tuple[str, str], ...]  # lower-case names, in the order received
    body: bytes
    entry: FeedEntry | None = None

    @property
    def content_type(self) -> str:
        """The media type without parameters, lower case; "" when the server named none."""
        return self.content_type_header.partition(";")[0].strip().lower()

    @property
    def content_type_header(self) -> str:
        """The media type as the server wrote it, its charset with it."""
        return next((v for k, v in self.headers if k == "content-type"), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A page as the archive stores it: the response as received, its bytes compressed.

    The address that was requested and the feed's entry are not repeated here: the page's sighting
    has them. ``crawler.snapshots`` makes a Snapshot of a Page, and a Page of it again.
    """

    url: str  # of the page, after redirects
    fetched_at: datetime
    status: int  # HTTP
    headers: tuple[tuple[str, str], ...]  # lower-case names, in the order received
    body: bytes  # one zstd frame with a checksum
    size: int  # bytes, uncompressed
