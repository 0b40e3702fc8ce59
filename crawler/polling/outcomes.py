"""What an answer means: outcomes of a poll, fates of a page. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

from crawler import urls
from crawler.model import (
    REFUSALS,
    Article,
    Cause,
    Fate,
    FeedWindow,
    PollOutcome,
    Reason,
    Sighting,
    status_cause,
)
from crawler.polling import titles
from crawler.polling.steps import FeedAnswer
from crawler.polling.window import incomplete

# What browsers show as well: from a proxy that changed something, and a part that nobody asked for.
READ_STATUSES = frozenset({200, 203, 206})
BLOCKED_STATUSES = frozenset({401, 402, 403, 407, 429, 451})
PAGE_RETRY_WAITS = tuple(timedelta(minutes=m) for m in (15, 60, 240, 720, 1440, 1440))
"""After each failed attempt at a page: a fault of a minute is made good at the next poll, a
maintenance of a weekend is outlasted."""
NO_STORY: frozenset[Reason] = REFUSALS | {
    "not_found", "not_understood", "not_written", "parked", "soft404",
}  # fmt: skip
"""Why a page was not had that holds no story, is kept out by our own rules, or broke our code."""
Verdict = Literal["own", "again", "entry"]
"""The page is the entry's own; it is asked for again; what the feed says is kept instead."""
ANOTHER_STORY = Cause(reason="another_story", detail="nothing of what the feed's title says")
HARDLY_PASS: frozenset[Reason] = frozenset({"another_story", "empty_page"})
MAX_EMPTY_ATTEMPTS = 3  # of pages that hardly ever change; their stories must not wait for days
BROKEN_TRANSFER = Cause(reason="partial", detail="a transfer broke off; what came was read")
MAX_PAGE_ATTEMPTS = len(PAGE_RETRY_WAITS) + 1  # then the page is given up, visible in the ledger


def of_status(status: int, *, conditional: bool) -> tuple[PollOutcome, Cause | None] | None:
    """(outcome, cause) of an answer whose body is not read; None if it is to be read.

    ``conditional``: whether the request had validators.
    """
    if status in READ_STATUSES:
        return None
    if status == 304 and conditional:
        return "not_modified", None
    if status == 304:  # there is nothing that could be unmodified
        return "failed", Cause(reason="http_status", detail="304 to a request without conditions")
    return ("blocked" if status in BLOCKED_STATUSES else "failed"), status_cause(status)


def of_no_feed(
    window: FeedWindow, answer: FeedAnswer, block_page: Reason | None
) -> tuple[PollOutcome, Cause]:
    """(outcome, cause) of bytes that are no feed of the expected kind."""
    if block_page in ("challenge", "consent"):
        return "blocked", Cause(reason=block_page, detail="a page instead of the feed")
    if block_page in ("maintenance", "error_page"):
        return "failed", Cause(reason=block_page, detail="a page instead of the feed")
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


def next_try_at(sighting: Sighting, now: datetime, reason: Reason = "") -> datetime | None:
    """When a page that has just failed, for this reason, is fetched again; None: never."""
    most = MAX_EMPTY_ATTEMPTS if reason in HARDLY_PASS else MAX_PAGE_ATTEMPTS
    waits = PAGE_RETRY_WAITS[sighting.attempts : most - 1]
    return now + waits[0] if waits else None


def is_kept_by_entry(sighting: Sighting, why: Reason, now: datetime) -> bool:
    """Whether what the feed says is all that will be had of an article: its page, asked for the
    last time, shows a wall, or can't be had. A page that is gone, or a domain that is, holds no
    article; one that is read again has been kept before."""
    lost = why in NO_STORY or not sighting.entry.title
    return not lost and sighting.again_of is None and next_try_at(sighting, now, why) is None


def failed_fate(cause: Cause, *, again: bool) -> Fate:
    """The fate of a page that could not be had: ``failed`` while it is tried ``again``, and for
    good only then what the last answer said: ``gone``, ``rejected`` or ``failed``."""
    if again:
        return "failed"
    if cause.reason == "not_found":
        return "gone"
    return "rejected" if cause.reason in REFUSALS else "failed"


def verdict(
    sighting: Sighting, article: Article, languages: Sequence[str], now: datetime
) -> Verdict:
    """What a page that was read means for the story that its feed told of.

    Sites lead links of stories that they can't show to a notice, or to another story; feeds list
    many stories at the address of one page. So a page found elsewhere than its link says, or one
    that is read again because its feed shows another title, must tell what the title says.
    """
    again = sighting.again_of is not None
    led = not again and urls.key(sighting.url) != article.url_key
    own = sighting.entry.identity or not (again or led)
    if own or titles.tells_of(sighting.entry.title, article, languages):
        return "own"
    waits = led and next_try_at(sighting, now, ANOTHER_STORY.reason) is not None
    return "again" if waits else "entry"
