"""What can be read off an answer before anybody reads it: where it moved, how fresh it says it is,
which articles came along, which dates its entries print."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from crawler import dates
from crawler.model import Cause, Extraction, FeedEntry, FeedWindow, Reason
from crawler.polling.entries import Keyed


def inline_articles(window: FeedWindow, keyed: Sequence[Keyed]) -> dict[str, bytes]:
    """The articles that came with the window, by the keys of its entries, given in their order."""
    pairs = zip(keyed, window.articles, strict=True) if window.articles else ()
    return {key: article for (key, _), article in pairs if article}


def incomplete(window: FeedWindow) -> Cause | None:
    """Why a window does not hold all that the feed shows; None if it does."""
    if window.refused:
        return window.refused
    if window.left_out and window.kind.startswith("sitemap"):
        detail = f"{window.left_out} addresses more than are taken"
        return Cause(reason="sitemap_overflow", detail=detail)
    if window.left_out:
        return Cause(reason="partial", detail=f"{window.left_out} entries more than are taken")
    return Cause(reason="partial", detail="it breaks off") if window.partial else None


def reading_failed(how: Extraction) -> Cause:
    """Why a feed's bytes could not be read: they broke the worker that read them."""
    reason: Reason = "reading_timeout" if how == "timeout" else "reading_crashed"
    return Cause(reason=reason, detail=f"reading the feed: {how}")


def entry_dates(entries: Iterable[FeedEntry], zone: str, now: datetime) -> list[datetime | None]:
    """The entries' dates in order; None for an entry without a credible one.

    A date more than a day ahead of ``now`` is not credible.
    """
    parsed = (parse_date(entry.published or entry.updated, zone) for entry in entries)
    return [at if at is not None and at <= now + dates.MAX_AHEAD else None for at in parsed]


def parse_date(printed: str | None, zone: str) -> datetime | None:
    """The moment a printed date means; None where it surely is none."""
    found = dates.parse_date(printed, zone=zone) if printed else None
    return found[0] if found is not None and found[0] >= dates.EARLIEST_DATE else None
