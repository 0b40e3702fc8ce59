"""What one source may cost one crawl."""

from __future__ import annotations

import pytest
from scrapy.http import Request

from crawler.fetch.middlewares.budget import Budget, BudgetExhaustedError, BudgetGate


def test_requests_are_counted_and_the_last_one_passes() -> None:
    """Three requests pass, the fourth does not; one without a budget always does."""
    gate, budget = BudgetGate(), Budget(requests=3, bytes=100, seconds=60)
    request = Request("http://news.test/a", meta={"budget": budget})
    for _ in range(3):
        gate.process_request(request)
    with pytest.raises(BudgetExhaustedError, match="no requests left"):
        gate.process_request(request)
    gate.process_request(Request("http://news.test/robots.txt"))


def test_bytes_count_as_they_arrive() -> None:
    """Also those of a response that is cut off later: the next request is refused."""
    gate, budget = BudgetGate(), Budget(requests=9, bytes=10, seconds=60)
    request = Request("http://news.test/a", meta={"budget": budget})
    gate.bytes_received(b"x" * 9, request, None)
    assert budget.used_up() is None
    gate.bytes_received(b"x", request, None)
    with pytest.raises(BudgetExhaustedError, match="no bytes left"):
        gate.process_request(request)


def test_seconds_run_from_the_first_page() -> None:
    """A budget that was only prepared has used up nothing."""
    budget = Budget(requests=9, bytes=10, seconds=0.0)
    assert budget.used_up() is None
    assert budget.spend() == "seconds"


def test_no_more_pages_are_scheduled_than_can_be_asked_for() -> None:
    """Requests that were sent for other things are no pages."""
    budget = Budget(requests=3, bytes=10, seconds=60)
    assert budget.spend() is None  # a feed
    assert [budget.reserve_page() for _ in range(4)] == [True, True, True, False]
