"""What one source may cost one crawl: requests, bytes, seconds. What is left over stays queued.

A slow or endless source must not hold the others up (R8): beyond its budget its pages are not
asked for any more in this crawl, and the next one goes on with them.
"""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic
from typing import Self

from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response


@dataclass(kw_only=True, slots=True)
class Budget:
    """One source's, in one crawl; the clock runs from its first page."""

    requests: int
    bytes: int
    seconds: float
    ends_at: float | None = None  # monotonic

    def spend(self) -> str | None:
        """Take one request; what is used up instead, if something is."""
        now = monotonic()
        self.ends_at = self.ends_at or now + self.seconds
        for left, name in (
            (self.requests, "requests"), (self.bytes, "bytes"), (self.ends_at - now, "seconds"),
        ):  # fmt: skip
            if left <= 0:
                return name
        self.requests -= 1
        return None


class Spent(IgnoreRequest):
    """A request that its source's budget no longer covers."""


class BudgetGate:
    """Downloader middleware over ``meta["budget"]``; requests without one pass."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls()

    def process_request(self, request: Request) -> None:
        """Spent, or let through."""
        budget: Budget | None = request.meta.get("budget")
        if budget is not None and (what := budget.spend()) is not None:
            raise Spent(f"budget: no {what} left in this crawl")

    def process_response(self, request: Request, response: Response) -> Response:
        """Count what came."""
        budget: Budget | None = request.meta.get("budget")
        if budget is not None:
            budget.bytes -= len(response.body)
        return response
