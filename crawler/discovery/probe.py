"""What a try of a feed found, in words: outcome, window, and what to write otherwise. Pure.

A suggestion names the line of the seed file to change; where nothing can be said, nothing is.
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

BLOCKED = frozenset({401, 402, 403, 407, 429, 451})
KNOWN_SHARE = 4  # a poll every quarter of the window: three quarters of what it shows are known
LATE = timedelta(days=1)  # a clock that goes wrong by more is no date


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """How far back a window reaches, by its entries' own dates."""

    dated: int = 0
    newest_at: datetime | None = None
    oldest_at: datetime | None = None

    @property
    def seconds(self) -> int | None:
        """From the oldest to the newest; None where fewer than two entries are dated."""
        if self.newest_at is None or self.oldest_at is None or self.dated < 2:
            return None
        return int((self.newest_at - self.oldest_at).total_seconds())


def span(entries: Iterable[FeedEntry], zone: str, now: datetime) -> Span:
    """The span of these entries; a date in the future is not believed."""
    moments = []
    for entry in entries:
        found = dates.parse_date(entry.published or entry.updated or "", zone=zone)
        if found is not None and found[0] <= now + LATE:
            moments.append(found[0])
    if not moments:
        return Span()
    return Span(dated=len(moments), newest_at=max(moments), oldest_at=min(moments))


def judge_probe(
    source: Source,
    feed: Feed,
    answer: ProbeResponse,
    window: FeedWindow | Extraction | None,
    now: datetime,
    *,
    front: Homepage | None = None,
    kinds: Collection[str] = (),
) -> Probe:
    """The probe. ``window`` is None where the answer was not read, a word where reading failed;
    ``front`` is what the bytes say as a page, ``kinds`` as which other kinds they could be read."""
    outcome, cause = _outcome(answer, window)
    read = window if isinstance(window, FeedWindow) else FeedWindow(kind="")
    found = span(read.entries, source.timezone, now)
    moved = _moved(feed, answer)
    advice = [
        *_on_place(answer, moved),
        *_on_failure(feed, outcome, cause, front, kinds),
        *(_on_window(source, feed, read, found, now) if outcome == "ok" else ()),
    ]
    return Probe(
        source=source.slug,
        feed=feed.url,
        kind=feed.kind,
        probed_at=now,
        outcome=outcome,
        status=answer.status or None,
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
    answer: ProbeResponse, window: FeedWindow | Extraction | None
) -> tuple[ProbeOutcome, Cause]:
    """The outcome and why it is not ``ok``."""
    if not answer.status:
        cause = Cause(reason=answer.reason, detail=answer.detail)
        return ("blocked" if is_forbidden(answer) else "failed"), cause
    if answer.status != 200 or window is None:
        return ("blocked" if answer.status in BLOCKED else "failed"), status_cause(answer.status)
    if not isinstance(window, FeedWindow):
        return "failed", reading_failed(window)
    if not window.kind:
        detail = answer.content_type or "no content type"
        return "not_a_feed", window.refused or Cause(reason="not_a_feed", detail=detail)
    if not window.entries and not window.more:
        detail = f"{window.unusable} entries without a link" if window.unusable else ""
        return "empty", Cause(reason="empty_feed", detail=detail)
    return "ok", Cause(reason="")


def is_forbidden(answer: ProbeResponse) -> bool:
    """Whether the site's robots.txt keeps this address from us."""
    return not answer.status and answer.reason == "robots"


def _moved(feed: Feed, answer: ProbeResponse) -> str | None:
    """The new address, where the old one says that it has moved for ever, or to another site."""
    if answer.url in (answer.asked, feed.url) or answer.reason == "tls_downgrade":
        return None
    return answer.url if answer.permanent or answer.reason == "offsite_redirect" else None


def _on_place(answer: ProbeResponse, moved: str | None) -> Iterable[str]:
    if answer.reason == "tls_downgrade":
        yield "it leads from https to plain http, which is refused: look for its https address"
    elif moved and answer.reason == "offsite_redirect":
        host = urlsplit(moved).hostname
        yield f'it leads to another site: look there, then write url: "{moved}" or hosts: [{host}]'
    elif moved and answer.status:
        yield f'moved for good: write url: "{moved}"'


def _on_failure(
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


def _on_window(
    source: Source, feed: Feed, window: FeedWindow, found: Span, now: datetime
) -> Iterable[str]:
    if window.entries and not found.dated:
        yield "no entry has a date that can be read: articles then count from when they were seen"
    # A sitemap or a list of posts is asked by date and page: how often matters less there.
    if feed.kind == "feed" and found.seconds and feed.every_seconds * KNOWN_SHARE > found.seconds:
        every = max(found.seconds // KNOWN_SHARE // 60, 1)
        if every * 60 < feed.every_seconds:
            held = spoken(timedelta(seconds=found.seconds))
            yield f"its {len(window.entries)} entries span {held}: write every: {every}m, or add a second feed"
    if found.newest_at is not None and source.stale_after_hours is not None:
        age = now - found.newest_at
        if age > timedelta(hours=source.stale_after_hours):
            yield f"the newest entry is {spoken(age)} old, though expect calls {source.stale_after_hours} h stale"


def spoken(length: timedelta) -> str:
    """A length for people, in its largest fitting unit: 40 min, 7 h, 3 d."""
    minutes = int(length.total_seconds() // 60)
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 72 * 60 else f"{minutes // 1440} d"
