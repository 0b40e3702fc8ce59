"""What can be read off an answer before anybody reads it: where it moved, how fresh it says it is,
which articles came along, which dates its entries print."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from crawler import dates, urls
from crawler.model import FeedEntry, FeedWindow


def inline_articles(window: FeedWindow) -> dict[str, bytes]:
    """The articles that came with the window, by url key."""
    pairs = zip(window.entries, window.articles, strict=True) if window.articles else ()
    return {urls.key(entry.url): article for entry, article in pairs if article}


def incomplete(window: FeedWindow) -> str:
    """What of a window is not in it, in words; "" where nothing is missing."""
    if window.refused:
        return window.refused
    if window.left_out and window.kind.startswith("sitemap"):
        return f"sitemap_overflow={window.left_out}: more addresses than are taken"
    if window.left_out:
        return f"partial: {window.left_out} entries more than are taken"
    return "partial: it breaks off" if window.partial else ""


def entry_dates(entries: Iterable[FeedEntry], zone: str, now: datetime) -> list[datetime | None]:
    """The entries' dates, entry by entry; None where none is printed that can be believed: a day
    ahead of us is none."""
    said = (parse_date(entry.published or entry.updated, zone) for entry in entries)
    return [at if at is not None and at <= now + dates.AHEAD else None for at in said]


def parse_date(printed: str | None, zone: str) -> datetime | None:
    """The moment a printed date means; None where it surely is none."""
    found = dates.parse(printed, zone=zone) if printed else None
    return found[0] if found is not None and found[0] >= dates.EARLIEST else None
