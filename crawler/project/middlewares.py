"""What a request that a user types lacks: the source whose it is, and a line that says why it
failed.

Requests of polls have all that already.
"""

from __future__ import annotations

from collections.abc import Iterable

import structlog
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request

from crawler import urls
from crawler.fetch.failures import cause_of
from crawler.fetch.services import WithServices
from crawler.model import Source
from crawler.polling.ledger import host_of

LOOKING = "RASD_LOOKING"  # a setting: the command shows what single URLs give, and polls nothing
NOT_FETCHED = "rasd/not_fetched"  # a statistic: URLs that a command did not get
log = structlog.get_logger("rasd")


def source_at(url: str, sources: Iterable[Source]) -> Source | None:
    """The source that has its home, a feed or pages on this URL's host; None if none has."""
    host = host_of(url)
    places = ((s, (s.home, *(feed.url for feed in s.feeds), *s.hosts)) for s in sources)
    return next((s for s, of in places if host in map(host_of, of)), None)


class OfSource(WithServices):
    """Downloader middleware: gives a request without a source the one whose host it is on.

    Its languages are asked for, its ports are open, and from https no redirect leads to http.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._looking = crawler.settings.getbool(LOOKING)

    def process_request(self, request: Request) -> None:
        """Complete the request's metadata."""
        meta = request.meta
        if "source" in meta or "robots" in meta or meta.get("redirect_times"):
            return
        source = source_at(request.url, self.services.sources.values())
        meta["source"] = source.slug if source is not None else ""
        meta["https_only"] = source is not None and source.home.startswith("https:")
        if self._looking:
            meta["ports"] = urls.named_ports(request.url)  # a port that is typed is asked for

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Say in one line why a URL was not fetched, where no poll counts it."""
        if not self._looking or "robots" in request.meta:
            return
        cause = cause_of(exception)
        log.error("not fetched", url=request.url, reason=cause.reason, detail=cause.detail)
        self._crawler.stats.inc_value(NOT_FETCHED)
        raise IgnoreRequest(str(cause)) from exception
