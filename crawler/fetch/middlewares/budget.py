"""What one source may cost one crawl: requests, bytes, seconds. What is left over stays queued.

A slow or endless source must not hold the others up (R8): beyond its budget its pages are not
asked for any more in this crawl, and the next one goes on with them.
"""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic
from typing import Any, Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request


@dataclass(kw_only=True, slots=True)
class Budget:
    """One source's, in one crawl; the clock runs from its first page."""

    requests: int
    bytes: int
    seconds: float
    ends_at: float | None = None  # monotonic
    spent: int = 0  # requests that went out
    booked: int = 0  # pages that were let in line

    def book(self) -> bool:
        """Let one more page in line, if there are requests for it. One that is not costs nothing: five
        thousand requests made only to be refused took seconds."""
        if self.booked >= self.requests + self.spent:
            return False
        self.booked += 1
        return True

    def spend(self) -> str | None:
        """Take one request; what is used up instead, if something is."""
        self.ends_at = self.ends_at or monotonic() + self.seconds
        if self.requests <= 0:
            return "requests"
        self.requests -= 1
        self.spent += 1
        return self.used_up()

    def used_up(self) -> str | None:
        """Which of bytes and seconds are used up, if one is."""
        if self.bytes <= 0:
            return "bytes"
        return "seconds" if self.ends_at is not None and monotonic() >= self.ends_at else None


class BudgetExhaustedError(IgnoreRequest):
    """A request that its source's budget no longer covers."""

    def __init__(self, what: str) -> None:
        super().__init__(f"budget: no {what} left in this crawl")


class BudgetGate:
    """Downloader middleware over ``meta["budget"]``; requests without one pass.

    Requests wait for their host's turn after this; whether there is still time and room for them
    when it has come is asked again by ``transport``.
    """

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        gate = cls()
        crawler.signals.connect(gate.bytes_received, signal=signals.bytes_received)
        return gate

    def process_request(self, request: Request) -> None:
        """Spent, or let through."""
        budget: Budget | None = request.meta.get("budget")
        if budget is not None and (what := budget.spend()) is not None:
            raise BudgetExhaustedError(what)

    def bytes_received(self, data: bytes, request: Request, spider: Any) -> None:
        """Count what came, also of an answer that is cut off in the end."""
        budget: Budget | None = request.meta.get("budget")
        if budget is not None:
            budget.bytes -= len(data)
