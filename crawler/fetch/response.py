"""What a response says beside its body: how fresh it is, whether it is whole, whether the feed has
moved; as a page."""

from __future__ import annotations

from datetime import datetime, timedelta

from scrapy.http import Response

from crawler.fetch import http_hints
from crawler.model import FeedEntry, Page

PART = 206  # HTTP; no part was asked for
CUT_FLAG = "cut"  # of a response: its content coding broke off; Scrapy has "dataloss" itself


def freshness(response: Response, now: datetime) -> timedelta:
    """How long the response stays fresh by its headers, within the limits of ``http_hints``."""
    headers = {
        name: value.decode("latin-1")
        for name in ("cache-control", "age", "expires", "date")
        if (value := response.headers.get(name)) is not None
    }
    return http_hints.fresh_for(headers, now)


def moved_to(response: Response) -> str:
    """The URL reached if every redirect on the way was permanent (301, 308); else ""."""
    reasons = response.meta.get("redirect_reasons") or []
    return response.url if reasons and all(r in (301, 308) for r in reasons) else ""


def is_whole(response: Response) -> bool:
    """Whether all of the body came that the server had announced."""
    return response.status != PART and not {"dataloss", CUT_FLAG} & set(response.flags)


def header(response: Response, name: str) -> str | None:
    """A header's first value; None if there is none."""
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None


def page_of(
    response: Response, requested_url: str, now: datetime, entry: FeedEntry | None = None
) -> Page:
    """What was received, as a record; ``requested_url`` is the address before any redirect."""
    headers = tuple(
        (name.decode("latin-1").lower(), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
    )
    return Page(
        url=response.url,
        requested_url=requested_url,
        fetched_at=now,
        status=response.status,
        headers=headers,
        body=response.body,
        entry=entry,
    )
