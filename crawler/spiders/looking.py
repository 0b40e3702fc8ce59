"""What ``scrapy parse`` shows of one answer: a feed's entries, or the article of a page.

There is no poll, and nothing is written; what a poll would decide of an entry stays undecided.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import structlog
from scrapy.http import Request, Response

from crawler.exports.record import ArticleRecord, article_record
from crawler.fetch.response import page_of
from crawler.model import (
    ArchivedArticle,
    Feed,
    FeedEntry,
    FeedWindow,
    PreparedArticle,
    Rejection,
    Source,
)
from crawler.ports import CrawlServices
from crawler.spiders import execution

NOT_STORED = 0  # the id of a record that the archive does not have
log = structlog.get_logger("rasd")


def feed_at(answer: Response, source: Source) -> Feed | None:
    """The feed of the source that was requested; None if it was a page."""
    request = answer.request
    asked = {request.url, *request.meta.get("redirect_urls", ())} if request else {answer.url}
    return next((feed for feed in source.feeds if feed.url in asked), None)


async def entries(
    services: CrawlServices,
    answer: Response,
    feed: Feed,
    options: tuple[object, ...],
    callback: Callable[..., Any],
) -> AsyncIterator[dict[str, Any] | Request]:
    """Each entry as the feed prints it, and the request for its page."""
    window = await execution.read_window(services, answer, feed.kind, options)
    if not isinstance(window, FeedWindow):
        log.error("not parsed", url=answer.url, reason=str(window))
        return
    if not window.kind:
        log.error("not parsed", url=answer.url, reason="not_a_feed")
    for entry in window.entries:
        yield _shown(entry)
        yield Request(entry.url, callback=callback, cb_kwargs={"entry": entry})


def _shown(entry: FeedEntry) -> dict[str, Any]:
    names = ("url", "title", "summary", "published", "updated", "guid")
    return {name: getattr(entry, name) for name in names}


async def article(
    services: CrawlServices, answer: Response, source: Source, entry: FeedEntry | None
) -> AsyncIterator[ArticleRecord]:
    """The article of a page, with the id NOT_STORED; nothing, and a line in the log, if it is
    none."""
    now = services.clock()
    reading = await services.reader.read(page_of(answer, answer.url, now, entry), source)
    if isinstance(reading, PreparedArticle):
        found = ArchivedArticle(
            id=NOT_STORED,
            article=reading.reading.article,
            matches=reading.reading.matches,
            kept_at=now,
        )
        yield article_record(found, country=source.country)
    elif isinstance(reading, Rejection):
        log.error("not parsed", url=answer.url, reason=reading.reason, detail=reading.detail)
