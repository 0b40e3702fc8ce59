"""How a poll's requests are made: headers, limits and budgets; and pages that need no request."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from scrapy.http import Request
from scrapy.settings import BaseSettings

from crawler.fetch.middlewares.budget import Budget
from crawler.model import Page, Sighting, Source
from crawler.polling.poll import PollInProgress

FEED_PRIORITY = 10  # a feed's URLs are requested before pages
Callback = Callable[..., Any]


def feed_request(
    poll: PollInProgress,
    url: str,
    *,
    callback: Callback,
    errback: Callback,
    max_bytes: int | None = None,
    budget: Budget | None = None,
    headers: dict[str, str] | None = None,
    **kwargs: Any,
) -> Request:
    """A request for one URL of a feed, or for what its site counts; ``kwargs`` go to the
    callback.
    """
    meta = source_meta(poll)
    if poll.feed.render:
        meta |= _RENDERED
    if max_bytes is not None:
        meta["download_maxsize"] = max_bytes
    if budget is not None:
        meta["budget"] = budget
    return Request(
        url,
        headers=headers,
        callback=callback,
        errback=errback,
        cb_kwargs={"poll": poll, **kwargs},
        meta=meta,
        dont_filter=True,
        priority=FEED_PRIORITY,
    )


def page_request(
    poll: PollInProgress,
    sighting: Sighting,
    *,
    callback: Callback,
    errback: Callback,
    meta: dict[str, Any],
) -> Request:
    """A request for an article's page."""
    return Request(
        sighting.url,
        callback=callback,
        errback=errback,
        cb_kwargs={"poll": poll, "sighting": sighting},
        meta=meta,  # Scrapy makes a copy of it
        dont_filter=True,
    )


def source_meta(poll: PollInProgress) -> dict[str, Any]:
    """What the middlewares need to know of a request's source."""
    return {
        "allowed_hosts": tuple(sorted(poll.hosts)),
        "https_only": poll.source.home.startswith("https:"),
        "source": poll.source.slug,
    }


def page_meta(poll: PollInProgress, budget: Budget) -> dict[str, Any]:
    """The same for its pages, which have a budget, may need a browser, and are not another
    source's."""
    rendered = _RENDERED if poll.feed.render else {}
    return source_meta(poll) | rendered | {"budget": budget, "others": poll.others}


def inline_page(sighting: Sighting, article: bytes, now: datetime) -> Page:
    """The page of an article that came with its feed."""
    return Page(
        url=sighting.url,
        requested_url=sighting.url,
        fetched_at=now,
        status=200,
        headers=(("content-type", "application/json"),),
        body=article,
        entry=sighting.entry,
    )


class Budgets:
    """What each source may cost one crawl: its pages, and apart further URLs of its feeds."""

    def __init__(self, settings: BaseSettings) -> None:
        self._settings = settings
        self._given: dict[tuple[str, str], Budget] = {}

    def of(self, source: Source, purpose: str) -> Budget:
        """The budget of this source for ``pages`` or ``places``."""
        key = source.slug, purpose
        if key not in self._given:
            limits = self._settings.getdict("RASD_BUDGET")
            self._given[key] = Budget(
                requests=int(limits["requests"]),
                bytes=int(limits["bytes"]),
                seconds=float(limits["seconds"]),
            )
        return self._given[key]


_RENDERED = {"render": True, "dont_retry": True}
