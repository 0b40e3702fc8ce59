"""What an answer means: outcomes of a poll, fates of a page. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from crawler.model import Cause, FeedWindow, PollOutcome, Reason, Sighting, status_cause
from crawler.polling.steps import FeedAnswer
from crawler.polling.window import incomplete

BLOCKED_STATUSES = frozenset({401, 402, 403, 407, 429, 451})
GONE_STATUSES = frozenset({404, 410})
PAGE_RETRY_AFTER = timedelta(minutes=15)  # a failed page is fetched again at the next poll after
MAX_PAGE_ATTEMPTS = 5  # then the page stays failed: visible in the ledger, no longer fetched


def of_status(status: int) -> tuple[PollOutcome, Cause | None] | None:
    """(outcome, cause) of an answer whose body is not read; None if it is to be read."""
    if status == 200:
        return None
    if status == 304:
        return "not_modified", None
    return ("blocked" if status in BLOCKED_STATUSES else "failed"), status_cause(status)


def of_no_feed(
    window: FeedWindow, answer: FeedAnswer, block_page: Reason | None
) -> tuple[PollOutcome, Cause]:
    """(outcome, cause) of bytes that are no feed of the expected kind."""
    if block_page in ("challenge", "consent"):
        return "blocked", Cause(reason=block_page, detail="a page instead of the feed")
    if window.refused is not None and window.refused.reason == "too_big":
        return "failed", window.refused
    media_type = answer.content_type.partition(";")[0].strip().lower()
    no_feed = Cause(reason="not_a_feed", detail=media_type or "no content type")
    return "not_a_feed", window.refused or answer.refusal or no_feed


def of_window(window: FeedWindow, any_new: bool) -> tuple[PollOutcome, Cause | None]:
    """(outcome, cause) of a feed that was read."""
    if any_new:
        return "new", None
    if window.entries or window.more or window.older:
        return "nothing_new", None
    if window.partial:
        return "failed", incomplete(window)
    detail = f"{window.unusable} entries without a link"
    return "empty", Cause(reason="empty_feed", detail=detail)


def next_try_at(sighting: Sighting, now: datetime) -> datetime | None:
    """When a page that has just failed is fetched again; None: never."""
    return now + PAGE_RETRY_AFTER if sighting.attempts + 1 < MAX_PAGE_ATTEMPTS else None
