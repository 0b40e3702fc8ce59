"""Assess one try of a feed: outcome, window, and suggestions for its seed file. Pure.

A suggestion names the line of the seed file to change.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from crawler import dates
from crawler.discovery.homepage import Homepage
from crawler.model import (
    Cause,
    Extraction,
    Feed,
    FeedEntry,
    FeedWindow,
    Probe,
    ProbeOutcome,
    ProbeResponse,
    Source,
    status_cause,
)
from crawler.polling.window import reading_failed

BLOCKED_STATUSES = frozenset({401, 402, 403, 407, 429, 451})
# a poll every quarter of the window: three quarters of what it shows are known
POLLS_PER_WINDOW = 4
MAX_CLOCK_ERROR = timedelta(days=1)  # a clock that goes wrong by more is no date


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowSpan:
    """The period that a window covers, by the dates of its entries."""

    dated: int = 0
    newest_at: datetime | None = None
    oldest_at: datetime | None = None

    @property
    def seconds(self) -> int | None:
        """From the oldest to the newest entry; None if fewer than two have a date."""
        if self.newest_at is None or self.oldest_at is None or self.dated < 2:
            return None
        return int((self.newest_at - self.oldest_at).total_seconds())


def measure_window(entries: Iterable[FeedEntry], zone: str, now: datetime) -> WindowSpan:
    """The span of these entries; dates in the future are ignored."""
    moments = []
    for entry in entries:
        found = dates.parse_date(entry.published or entry.updated or "", zone=zone)
        if found is not None and found[0] <= now + MAX_CLOCK_ERROR:
            moments.append(found[0])
    if not moments:
        return WindowSpan()
    return WindowSpan(dated=len(moments), newest_at=max(moments), oldest_at=min(moments))


def build_probe(
    source: Source,
    feed: Feed,
    response: ProbeResponse,
    window: FeedWindow | Extraction | None,
    now: datetime,
    *,
    front: Homepage | None = None,
    kinds: Collection[str] = (),
) -> Probe:
    """Return the probe of a response.

    ``window`` is None if the response was not parsed, or the way in which parsing failed. ``front``
    is what the bytes say as a home page, ``kinds`` the other kinds of feed as which they can be
    parsed.
    """
    outcome, cause = _outcome(response, window)
    read = window if isinstance(window, FeedWindow) else FeedWindow(kind="")
    found = measure_window(read.entries, source.timezone, now)
    moved = _new_url(feed, response)
    advice = [
        *_suggest_for_url(response, moved),
        *_suggest_for_failure(feed, outcome, cause, front, kinds),
        *(_suggest_for_window(source, feed, read, found, now) if outcome == "ok" else ()),
    ]
    return Probe(
        source=source.slug,
        feed=feed.url,
        kind=feed.kind,
        probed_at=now,
        outcome=outcome,
        status=response.status or None,
        format=read.kind,
        entries=len(read.entries) or len(read.more),
        dated=found.dated,
        newest_at=found.newest_at,
        window_seconds=found.seconds,
        moved_to=moved,
        reason=cause.reason,
        detail=cause.detail,
        suggestions=tuple(advice),
    )


def _outcome(
    response: ProbeResponse, window: FeedWindow | Extraction | None
) -> tuple[ProbeOutcome, Cause]:
    """The outcome and why it is not ``ok``."""
    if not response.status:
        cause = Cause(reason=response.reason, detail=response.detail)
        return ("blocked" if is_forbidden(response) else "failed"), cause
    if response.status != 200 or window is None:
        return ("blocked" if response.status in BLOCKED_STATUSES else "failed"), status_cause(
            response.status
        )
    if not isinstance(window, FeedWindow):
        return "failed", reading_failed(window)
    if not window.kind:
        detail = response.content_type or "no content type"
        return "not_a_feed", window.refused or Cause(reason="not_a_feed", detail=detail)
    if not window.entries and not window.more:
        detail = f"{window.unusable} entries without a link" if window.unusable else ""
        return "empty", Cause(reason="empty_feed", detail=detail)
    return "ok", Cause(reason="")


def is_forbidden(response: ProbeResponse) -> bool:
    """Whether the site's robots.txt forbids this URL."""
    return not response.status and response.reason == "robots"


def _new_url(feed: Feed, response: ProbeResponse) -> str | None:
    """The URL to which the feed has moved permanently or to another site, or None."""
    if response.url in (response.asked, feed.url) or response.reason == "tls_downgrade":
        return None
    return response.url if response.permanent or response.reason == "offsite_redirect" else None


def _suggest_for_url(response: ProbeResponse, moved: str | None) -> Iterable[str]:
    if response.reason == "tls_downgrade":
        yield "it leads from https to plain http, which is refused: look for its https address"
    elif moved and response.reason == "offsite_redirect":
        host = urlsplit(moved).hostname
        yield f'it leads to another site: look there, then write url: "{moved}" or hosts: [{host}]'
    elif moved and response.status:
        yield f'moved for good: write url: "{moved}"'


def _suggest_for_failure(
    feed: Feed, outcome: ProbeOutcome, cause: Cause, front: Homepage | None, kinds: Collection[str]
) -> Iterable[str]:
    if outcome == "blocked" and cause.reason == "robots":
        yield "robots.txt forbids this address to rasd: ask the site, or find another way in"
    elif outcome == "blocked":
        yield "the site turns machines away: set crawl.contact, ask it, or find another way in"
    elif outcome == "failed" and cause.reason == "not_found":
        yield "nothing is there any more: rasd sources discover with the outlet's home"
    elif outcome == "not_a_feed":
        yield from (f"it can be read as {kind}: write kind: {kind}" for kind in kinds)
        if front is not None and (front.title or front.feeds):
            named = f" titled {front.title!r}" if front.title else ""
            yield f"this is a web page{named}"
            yield from (f'it links a feed: write url: "{link}"' for link in front.feeds[:3])
    elif outcome == "empty" and feed.kind == "section":
        yield "links selects nothing on this page: the page has changed its shape"


def _suggest_for_window(
    source: Source, feed: Feed, window: FeedWindow, found: WindowSpan, now: datetime
) -> Iterable[str]:
    if window.entries and not found.dated:
        yield "no entry has a date that can be read: articles then count from when they were seen"
    # A sitemap or a list of posts is asked by date and page: how often matters less there.
    if (
        feed.kind == "feed"
        and found.seconds
        and feed.every_seconds * POLLS_PER_WINDOW > found.seconds
    ):
        every = max(found.seconds // POLLS_PER_WINDOW // 60, 1)
        if every * 60 < feed.every_seconds:
            held = format_period(timedelta(seconds=found.seconds))
            yield (
                f"its {len(window.entries)} entries span {held}: write every: {every}m, or add "
                f"a second feed"
            )
    if found.newest_at is not None and source.stale_after_hours is not None:
        age = now - found.newest_at
        if age > timedelta(hours=source.stale_after_hours):
            yield (
                f"the newest entry is {format_period(age)} old, though expect calls "
                f"{source.stale_after_hours} h stale"
            )


def format_period(length: timedelta) -> str:
    """A period for people, in its largest fitting unit: 40 min, 7 h, 3 d."""
    minutes = int(length.total_seconds() // 60)
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 72 * 60 else f"{minutes // 1440} d"
