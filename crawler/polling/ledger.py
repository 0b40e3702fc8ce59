"""What a poll in progress has requested, seen and counted, and how it ends. Pure.

``poll`` decides what happens next; here it is written down. A ledger balances by construction:
every new sighting is counted once, under one fate.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Self

from crawler import urls
from crawler.model import (
    Cause,
    Fate,
    Feed,
    FeedState,
    Gap,
    Poll,
    PollOutcome,
    Reason,
    Sighting,
    Source,
)
from crawler.polling import feed_state, gaps, schedule
from crawler.polling.gap_tracking import FeedLook, GapReport

_RANK = {"empty": 1, "not_modified": 2, "nothing_new": 3, "new": 4}  # what can be read, by weight


@dataclass(frozen=True, slots=True, kw_only=True)
class PollRules:
    """The limits within which one kind of feed is polled."""

    max_depth: int = 1  # how deep URLs of a feed may name further URLs
    max_urls: int = 1  # URLs of the feed requested in one poll
    stop_at_known: bool = False  # request a further URL only after one that showed something new


ONE_URL = PollRules()  # of a kind whose feeds have one URL each
NO_REPORT = GapReport()  # before a look was assessed


@dataclass(kw_only=True)
class PollLedger:
    """The state of a poll in progress. A feed may be read at several URLs: the files of a
    sitemap, the pages of a listing."""

    source: Source
    feed: Feed
    state: FeedState  # the feed's, when the poll began
    started_at: datetime
    rules: PollRules = ONE_URL
    since: datetime | None = None  # entries dated before are not looked for
    missing: Sequence[Gap] = ()  # open gaps of the source that this feed may cover
    has_pending: bool = False  # earlier polls of this feed left sightings to do
    unconditional: bool = True  # requested without validators
    jitter: float = 0.5  # in [0, 1]
    others: frozenset[str] = frozenset()  # hosts on which sources publish; its own are taken out
    meaningless: frozenset[str] = frozenset()  # parameters of its addresses that say nothing
    hosts: frozenset[str] = field(init=False)  # registrable domains that the source publishes on
    home_hosts: frozenset[str] = field(init=False)  # those of them that are not only its feeds'
    # the requests
    open_requests: int = 0  # requests of this feed without an answer yet
    requested_urls: set[str] = field(default_factory=set)  # of the feed, requested so far
    doubted_urls: set[str] = field(default_factory=set)  # files that are looked into at times
    outcome: PollOutcome | None = None  # None: no answer yet
    reason: Reason = ""
    detail: str = ""
    notes: list[Cause] = field(default_factory=list)
    min_wait: timedelta = timedelta(0)  # the shortest interval that the site wishes
    not_before: datetime | None = None  # the host's Retry-After
    # what they showed
    keys: set[str] = field(default_factory=set)  # url keys seen in this poll
    shared_keys: set[str] = field(default_factory=set)  # of addresses that several entries share
    entries: int = 0  # listed and looked at
    unusable: int = 0  # of them, without a usable link
    seen: int = 0  # of them, the others
    unchanged: bool = False  # the same bytes as in the poll before
    overflow: bool = False  # no known entry in the first window
    partial: bool = False  # a later URL could not be read, or held more than was taken
    saw_older_than_since: bool = False
    last_place_new: bool = False  # whether the last URL read showed something new
    dates: list[datetime] = field(default_factory=list)  # of the entries, where one is printed
    new_dates: list[datetime | None] = field(default_factory=list)  # of the new entries
    listed_not_taken: dict[str, datetime] = field(default_factory=dict)  # url key: date
    gap_counts: dict[int, int] = field(default_factory=dict)  # gap id: posts that the site counts
    etag: str | None = None
    last_modified: str | None = None
    body_sha256: str | None = None
    # what its URLs came to
    new: set[int] = field(default_factory=set)  # ids of this poll's own new sightings
    out: dict[int, Sighting] = field(default_factory=dict)  # sightings without a fate yet
    fates: Counter[Fate] = field(default_factory=Counter)
    flagged: int = 0
    retried: int = 0
    # the end
    report: GapReport = NO_REPORT
    closing: bool = False

    def __post_init__(self) -> None:
        self.hosts = allowed_hosts(self.source)
        places = (self.source.home, *self.source.hosts)
        self.home_hosts = frozenset(urls.registrable(place) for place in places)
        # Two editions of one outlet may share a registrable domain.
        own = published_hosts([self.source]) | {host_of(f.url) for f in self.source.feeds}
        others = (host for host in self.others if host.partition(":")[0] not in own)
        self.others = frozenset(others) - own  # a host that it names without a port is its own

    @classmethod
    def begin(
        cls,
        source: Source,
        feed: Feed,
        state: FeedState,
        *,
        now: datetime,
        since: datetime | None,
        open_gaps: Sequence[Gap] = (),
        **more: Any,
    ) -> Self:
        """A new poll of this feed. It is conditional only if the feed's validators are known,
        nothing is missing and a 304 can be believed."""
        missing = gaps.to_fill(gaps.pending(open_gaps, source.slug), state)
        must_read = bool(missing) or feed.render or state.failures > 0
        return cls(
            source=source,
            feed=feed,
            state=state,
            started_at=now,
            since=gaps.since(since, missing),
            missing=missing,
            unconditional=must_read
            or schedule.is_full_due(state, now)
            or not (state.etag or state.last_modified),
            **more,
        )

    def key_of(self, url: str) -> str:
        """The key by which an address of the source is known."""
        return urls.key_without(urls.key(url), self.meaningless)

    # ── requests of the feed ──────────────────────────────────────────────────────────────────

    def conditions(self) -> dict[str, str]:
        """The headers that make the first request conditional; empty if it is unconditional."""
        known = {
            "If-None-Match": self.state.etag,
            "If-Modified-Since": self.state.last_modified,
        }
        return {} if self.unconditional else {name: v for name, v in known.items() if v}

    def requested(self, url: str) -> None:
        """Count one more URL of the feed, whose answer is awaited."""
        self.open_requests += 1
        self.requested_urls.add(url)

    def side_requested(self) -> None:
        """Count one more request that shows no entries."""
        self.open_requests += 1

    def side_request_done(self, gap: Gap, count: int | None) -> None:
        """Take what the site counts for a gap; None: nothing was counted."""
        if count is not None:
            self.gap_counts[gap.id] = count
        self.request_done()

    def request_done(self) -> None:
        """Count one request as answered."""
        self.open_requests = max(self.open_requests - 1, 0)

    def record_outcome(self, outcome: PollOutcome, cause: Cause | None = None) -> None:
        """Weigh in one answer, and why it is no success. The first that can be read makes the
        poll a success; one that cannot be read later makes it partial."""
        before = _RANK.get(self.outcome or "", -1)
        if _RANK.get(outcome, 0) > before:
            self.outcome = outcome
            if cause is not None and not self.reason:
                self.reason, self.detail = cause.reason, cause.detail
        elif outcome not in _RANK:
            self.partial = True
            if cause is not None:
                self.reason, self.detail = cause.reason, cause.detail

    def note(self, cause: Cause) -> bool:
        """Note what else there is to say of this poll; False if its reason is already known."""
        if cause.reason in {self.reason, *(note.reason for note in self.notes)}:
            return False
        self.notes.append(cause)
        return True

    # ── its URLs ──────────────────────────────────────────────────────────────────────────────

    def expect(self, sightings: Sequence[Sighting], *, new: bool) -> None:
        """Expect a fate for each of these in this poll."""
        self.out.update((s.id, s) for s in sightings)
        if new:
            self.new.update(s.id for s in sightings)

    def settled(self, sighting: Sighting, fate: Fate, *, flagged: bool = False) -> None:
        """Count the fate of one URL; a second fate of the same URL is not counted."""
        if self.out.pop(sighting.id, None) is None:
            return
        if sighting.id in self.new:
            self.fates[fate] += 1
        else:
            self.retried += 1
        self.flagged += flagged

    # ── the end ───────────────────────────────────────────────────────────────────────────────

    def claim_close(self) -> bool:
        """Whether the poll is complete and the caller has to close it: True once."""
        complete = not self.out and not self.open_requests and self.outcome is not None
        claimed = complete and not self.closing
        self.closing |= claimed
        return claimed

    def close_early(self, outcome: PollOutcome, cause: Cause) -> None:
        """Complete the poll now: unanswered requests count as this outcome, open URLs as queued."""
        if self.open_requests or self.outcome is None:
            self.record_outcome(outcome, cause)
        self.open_requests = 0
        for sighting in list(self.out.values()):
            self.settled(sighting, "queued")

    def look(self) -> FeedLook | None:
        """What this poll says about the source's gaps; None if it says nothing."""
        tracks_gaps = (self.overflow or bool(self.missing)) and self.seen > 0
        if not self.new and not tracks_gaps:
            return None
        return FeedLook(
            source=self.source.slug,
            timezone=self.source.timezone,
            feed=self.feed.url,
            at=self.started_at,
            since=self.since,
            first_success_at=self.state.first_success_at,
            saw_older_than_since=self.saw_older_than_since,
            complete=not self.partial,
            ends_with_new=self.rules.stop_at_known and self.last_place_new,
            tracks_gaps=tracks_gaps,
            keys=frozenset(self.keys),
            dates=tuple(self.dates),
            new_dates=tuple(self.new_dates),
            seen=self.seen,
            new=len(self.new),
            listed_not_taken=dict(self.listed_not_taken),
            gap_counts=dict(self.gap_counts),
        )

    def assess(self, report: GapReport) -> None:
        """Take what the archive says about this poll's look."""
        self.report = report
        if report.reached_back:
            self.overflow = False

    def close(self, now: datetime) -> tuple[Poll, FeedState]:
        """The closed poll's row, which balances by construction, and the feed's next state."""
        fates = self.fates
        row = Poll(
            source=self.source.slug,
            feed=self.feed.url,
            started_at=self.started_at,
            ended_at=now,
            outcome=self.outcome or "failed",
            entries=self.entries,
            unusable=self.unusable,
            seen=self.seen,
            known=self.seen - len(self.new),
            new=len(self.new),
            queued=fates["queued"],
            kept=fates["kept"],
            rejected=fates["rejected"],
            failed=fates["failed"],
            quarantined=fates["quarantined"],
            gone=fates["gone"],
            flagged=self.flagged,
            retried=self.retried,
            overflow=self.overflow,
            reason=self.reason,
            detail=self.detail,
            notes=tuple(self.notes),
        )
        return row, feed_state.after(self._learned(), row)

    def _learned(self) -> feed_state.Learned:
        return feed_state.Learned(
            feed=self.feed,
            before=self.state,
            unconditional=self.unconditional,
            unchanged=self.unchanged,
            partial=self.partial,
            dates=tuple(self.dates),
            per_hour=self.report.per_hour,
            etag=self.etag,
            last_modified=self.last_modified,
            body_sha256=self.body_sha256,
            jitter=self.jitter,
            min_wait=self.min_wait,
            not_before=self.not_before,
        )


def allowed_hosts(source: Source) -> frozenset[str]:
    """The registrable domains that a source publishes on: home, feeds, and those it names."""
    places = (source.home, *(feed.url for feed in source.feeds), *source.hosts)
    return frozenset(urls.registrable(place) for place in places)


def published_hosts(sources: Iterable[Source]) -> frozenset[str]:
    """The hosts on which these sources publish, as ``host_of`` writes them."""
    return frozenset(host_of(at) for source in sources for at in (source.home, *source.hosts))


def host_of(url_or_host: str) -> str:
    """The host of an address with its port, without ``www.`` and what else makes no difference."""
    return urls.key(url_or_host).partition("/")[0].partition("?")[0]
