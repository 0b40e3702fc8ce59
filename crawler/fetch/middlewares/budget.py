"""Limits what one source may cost one crawl: requests, bytes, seconds.

Order 55: after the URL policy, so that a refused URL costs nothing, before everything that waits. A
slow or endless source must not hold up the others (R8): beyond its budget its pages stay queued,
and the next crawl goes on with them.
"""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic
from typing import Any, Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request

from crawler.fetch.errors import FetchError


@dataclass(kw_only=True, slots=True)
class Budget:
    """The budget of one source in one crawl; its time runs from its first page."""

    requests: int
    bytes: int
    seconds: float
    ends_at: float | None = None  # monotonic
    sent_requests: int = 0
    reserved_pages: int = 0  # scheduled

    def reserve_page(self) -> bool:
        """Schedule one more page; False if no request is left for it. Five thousand requests that
        were made only to be refused took seconds."""
        if self.reserved_pages >= self.requests + self.sent_requests:
            return False
        self.reserved_pages += 1
        return True

    def spend(self) -> str | None:
        """Count one request. Returns what is used up (requests, bytes or seconds); None if nothing
        is."""
        self.ends_at = self.ends_at or monotonic() + self.seconds
        if self.requests <= 0:
            return "requests"
        self.requests -= 1
        self.sent_requests += 1
        return self.used_up()

    def used_up(self) -> str | None:
        """Which of bytes and seconds is used up; None if neither is."""
        if self.bytes <= 0:
            return "bytes"
        return "seconds" if self.ends_at is not None and monotonic() >= self.ends_at else None


class BudgetExhaustedError(FetchError, IgnoreRequest):
    """A request that its source's budget no longer covers."""

    reason = "budget"

    def __init__(self, what: str) -> None:
        super().__init__(f"no {what} left in this crawl")


class BudgetGate:
    """Downloader middleware over ``meta["budget"]``; requests without one pass.

    After this a request waits for its host's turn; ``http_handler`` checks bytes and seconds again
    when it is sent.
    """

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        gate = cls()
        crawler.signals.connect(gate.bytes_received, signal=signals.bytes_received)
        return gate

    def process_request(self, request: Request) -> None:
        """BudgetExhaustedError if the budget does not cover this request."""
        budget: Budget | None = request.meta.get("budget")
        if budget is not None and (what := budget.spend()) is not None:
            raise BudgetExhaustedError(what)

    def bytes_received(self, data: bytes, request: Request, spider: Any) -> None:
        """Count received bytes, also of a response that is cut off later."""
        budget: Budget | None = request.meta.get("budget")
        if budget is not None:
            budget.bytes -= len(data)
