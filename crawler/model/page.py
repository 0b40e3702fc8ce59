"""What is fetched: a feed's window with its entries, and the pages of articles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from crawler.model.reason import Cause


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """One entry of a feed, as printed: nothing is checked yet, dates are the printed text."""

    url: str
    title: str = ""
    summary: str = ""  # plain text, tags removed
    guid: str | None = None  # its id in the feed
    published: str | None = None
    updated: str | None = None
    content_html: str | None = None  # the whole text, if the feed has it (content:encoded …)
    fragment: str = ""  # what stands behind # in its link
    identity: str = ""  # tells it from the entries that share its address; "": it is alone there


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedWindow:
    """What a feed showed at one moment, in the feed's order: usually the newest entry first."""

    kind: str  # rss20, atom10, json11, sitemap, section, wordpress …; "": the bytes are no feed
    title: str = ""  # of the feed
    entries: tuple[FeedEntry, ...] = ()
    unusable: int = 0  # entries without a link that could be fetched …
    unlinked: tuple[FeedEntry, ...] = ()  # … and they, ``url`` as printed; of a long feed some
    listed: int | None = None  # entries looked at, with or without a link; None: not counted apart
    # For each entry the further addresses that it names as its own, best first; empty: none does.
    own_urls: tuple[tuple[str, ...], ...] = ()
    left_out: int = 0  # entries too many for one poll
    older: int = 0  # entries dated before the time that was asked for
    more: tuple[str, ...] = ()  # URLs where it continues: a sitemap's files, the next listing page
    doubted: tuple[str, ...] = ()  # of ``more``: files dated before the time that was asked for
    # For each entry the bytes of an article that needs no page, b"" if it needs one; empty: all do.
    articles: tuple[bytes, ...] = ()
    partial: bool = False  # the bytes end before the feed does; its complete entries are here
    # (url key, publication) of entries left out that print a date; not always of all of them.
    beyond: tuple[tuple[str, datetime], ...] = ()
    tail: tuple[bytes, ...] = ()  # further entries, packed by ``feeds.overflow``
    refused: Cause | None = None  # why the bytes were not read, or not to their end


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What was received for the address of an article, before it is read."""

    url: str  # of the response, after redirects
    requested_url: str  # as the feed showed it
    fetched_at: datetime
    status: int  # HTTP
    headers: tuple[tuple[str, str], ...]  # lower-case names, in the order received
    body: bytes  # decompressed
    entry: FeedEntry | None = None  # None: the page was not found in a feed

    @property
    def content_type(self) -> str:
        """The media type without parameters, in lower case; "" if the server named none."""
        return self.content_type_header.partition(";")[0].strip().lower()

    @property
    def content_type_header(self) -> str:
        """The Content-Type header as the server wrote it, with its charset; "" if there is none."""
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
