"""What can be read off an answer before anybody reads it: where it moved, how fresh it says it is,
which articles came along, which dates its entries print."""

from __future__ import annotations

from datetime import datetime, timedelta

from scrapy.http import Response

from crawler.fetch import http_hints


def freshness(response: Response, now: datetime) -> timedelta:
    """How long the site says that its answer stays fresh; ``courtesy`` bounds what is believed."""
    headers = {
        name: value.decode("latin-1")
        for name in ("cache-control", "age", "expires", "date")
        if (value := response.headers.get(name)) is not None
    }
    return http_hints.fresh_for(headers, now)


def moved_to(response: Response) -> str:
    """Where a feed has gone for good: every hop said so (301, 308)."""
    reasons = response.meta.get("redirect_reasons") or []
    return f"moved to {response.url}" if reasons and all(r in (301, 308) for r in reasons) else ""
