"""What a response says beside its body: how long it is fresh, and whether the feed has moved."""

from __future__ import annotations

from datetime import datetime, timedelta

from scrapy.http import Response

from crawler.fetch import http_hints


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
