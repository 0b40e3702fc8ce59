"""One poll while it is going on: what it saw, what is still out, what became of each URL. Pure.

A ``Tally`` begins when a feed is asked and is closed once, when the last of its pages has a fate;
``poll`` then gives the row, whose ledger balances by construction or not at all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from crawler.model import (
    Cause,
    Fate,
    Feed,
    FeedState,
    Gap,
    Page,
    Poll,
    PollOutcome,
    PreparedArticle,
    Reason,
    Rejection,
    Sighting,
    Source,
)
from crawler.polling import gaps, schedule

FAILPOINTS = (
    "poll.feed_received", "poll.sighted", "page.received", "page.read", "page.settled", "poll.closing",
)  # fmt: skip
"""Where the crawl itself may be killed in tests; the archive has its own."""
TRUST_AGAIN = timedelta(days=7)  # validators that lied are not sent for so long
_RANK = {"empty": 1, "not_modified": 2, "nothing_new": 3, "new": 4}  # what can be read, by weight


@dataclass(kw_only=True)
class PollInProgress:
    """A poll in progress. ``on_done`` is called once, when nothing is out any more.

    A feed may be read in several places: the files of a sitemap, the pages of a listing. ``asking``
    counts the answers still to come, ``places`` remembers which were asked.
    """

    source: Source
    feed: Feed
    state: FeedState
    started_at: datetime
    on_done: Callable[[PollInProgress], None]
    since: datetime | None = None  # what is dated before is not looked for
    asking: int = 0
    places: set[str] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)  # url keys seen in this poll
    partial: bool = False  # a later place could not be read, or held more than was taken
    older: bool = False  # it saw what is dated before ``since``
    last_place_new: bool = False  # whether the last place read showed something new
    missing: Sequence[Gap] = ()  # the gaps of its source, open when it began
    dates: list[datetime] = field(default_factory=list)  # the entries', where they say one
    new_at: list[datetime | None] = field(default_factory=list)  # the new entries' dates
    beyond: dict[str, datetime] = field(
        default_factory=dict
    )  # url keys that were listed, not taken
    counted: dict[int, int] = field(
        default_factory=dict
    )  # gap id: posts its site says it published
    full: bool = True  # asked without conditions
    same: bool = False  # the very bytes of the look before
    body_sha256: str | None = None
    per_hour: float | None = None
    jitter: float = 0.5
    floor: timedelta = timedelta(0)
    not_before: datetime | None = None
    outcome: PollOutcome | None = None
    reason: Reason = ""
    detail: str = ""
    notes: list[Cause] = field(default_factory=list)
    seen: int = 0
    overflow: bool = False
    flagged: int = 0
    retried: int = 0
    etag: str | None = None
    last_modified: str | None = None
    closed: bool = False
    new: set[int] = field(default_factory=set)  # ids of this poll's own new sightings
    out: dict[int, Sighting] = field(default_factory=dict)  # sightings without a fate yet
    fates: Counter[Fate] = field(default_factory=Counter)

    def ask(self, place: str) -> None:
        """One more place of the feed will answer."""
        self.asking += 1
        self.places.add(place)

    def answered(self, outcome: PollOutcome, cause: Cause | None = None) -> None:
        """Record the answer of one place of the feed, and why it is no success.

        The first place that can be read makes the poll a success; one that cannot be read later
        makes it partial.
        """
        self.asking = max(self.asking - 1, 0)
        before = _RANK.get(self.outcome or "", -1)
        if _RANK.get(outcome, 0) > before:
            self.outcome = outcome
            if cause is not None and not self.reason:
                self.reason, self.detail = cause.reason, cause.detail
        elif outcome not in _RANK:
            self.partial = True
            if cause is not None:
                self.reason, self.detail = cause.reason, cause.detail

    def note(self, cause: Cause) -> None:
        """Record what else there is to say of this poll; each reason once."""
        if cause.reason not in {self.reason, *(note.reason for note in self.notes)}:
            self.notes.append(cause)

    def heard_aside(self) -> None:
        """A place that shows no entries has answered, or will not."""
        self.asking = max(self.asking - 1, 0)
        self.close_if_done()

    def expect(self, sightings: list[Sighting], *, new: bool) -> None:
        """These URLs will get a fate in this poll."""
        self.out.update((s.id, s) for s in sightings)
        if new:
            self.new.update(s.id for s in sightings)

    def settled(self, sighting: Sighting, fate: Fate, *, flagged: bool = False) -> None:
        """One URL has its fate; the last one closes the poll."""
        if self.out.pop(sighting.id, None) is None:
            return
        if sighting.id in self.new:
            self.fates[fate] += 1
        else:
            self.retried += 1
        self.flagged += flagged
        self.close_if_done()

    def close_if_done(self) -> None:
        """Close the poll if the feed was heard and nothing is out."""
        if not self.out and not self.asking and self.outcome is not None and not self.closed:
            self.closed = True
            self.on_done(self)

    def abandon(self, outcome: PollOutcome, cause: Cause) -> None:
        """Close the poll now: what is still out stays queued."""
        if self.asking or self.outcome is None:
            self.answered(outcome, cause)
        self.asking = 0
        for sighting in list(self.out.values()):
            self.settled(sighting, "queued")
        self.close_if_done()

    def poll(self, now: datetime) -> Poll:
        """The closed poll's row."""
        fates = self.fates
        return Poll(
            source=self.source.slug,
            feed=self.feed.url,
            started_at=self.started_at,
            ended_at=now,
            outcome=self.outcome or "failed",
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

    def next_state(self, poll: Poll) -> FeedState:
        """The feed's state after this poll; validators are kept only from an answer that was read."""
        learned = self._learned(poll)
        state = schedule.next_feed_state(
            learned,
            poll,
            self.feed,
            jitter=self.jitter,
            floor=self.floor,
            not_before=self.not_before,
        )
        if poll.outcome not in ("new", "nothing_new"):
            return state
        if self.full:
            state = replace(state, full_at=poll.ended_at)
        if self.partial:  # what was not read must be asked for again, whatever the server says
            return replace(state, etag=None, last_modified=None, body_sha256=None)
        if self._lied(poll):
            state = replace(state, lied_at=poll.ended_at)
        trusted = state.lied_at is None or poll.ended_at - state.lied_at > TRUST_AGAIN
        return replace(
            state,
            etag=self.etag if trusted else None,
            last_modified=self.last_modified if trusted else None,
            body_sha256=self.body_sha256,
        )

    def _learned(self, poll: Poll) -> FeedState:
        """What this look says of the feed's rhythm, if it was a look at a whole window."""
        if self.same or not self.seen:
            return self.state
        span = window_seconds(self.dates)
        return replace(
            self.state,
            entries=self.seen,
            window_seconds=span or self.state.window_seconds,
            per_hour=self.per_hour if poll.new else self.state.per_hour,
        )

    def _lied(self, poll: Poll) -> bool:
        """Whether a 304 before was a lie: asked without conditions, the server shows something new
        under the validators it had said nothing changed under (P16)."""
        before = self.state
        same_etag = self.etag is not None and self.etag == before.etag
        same_time = self.last_modified is not None and self.last_modified == before.last_modified
        return (
            self.full
            and bool(poll.new)
            and before.last_success_at is not None
            and (same_etag or (self.etag is None and same_time))
        )

    def look(self, reaches_back: bool) -> gaps.GapEvidence:
        """What this poll can say of a gap. A listing is read to its end when its last page showed
        nothing new."""
        return gaps.GapEvidence(
            feed=self.feed.url,
            at=self.started_at,
            since=self.since,
            older=self.older,
            reaches_back=reaches_back,
            complete=not self.partial,
            new=self.new_at,
        )


def window_seconds(dates: Sequence[datetime]) -> int | None:
    """The time a window's entries span by their dates; None where too few say one.

    The oldest tenth is left aside: a pinned story would make any window look long.
    """
    if len(dates) < 5:
        return None
    ordered = sorted(dates)[len(dates) // 10 :]
    return round((ordered[-1] - ordered[0]).total_seconds()) or None


@dataclass(kw_only=True)
class Fetched:
    """The item that walks the pipelines: a page, whose it is, and later what was read in it.

    ``reading`` None after the reading stage means: stopped before it was read.
    """

    tally: PollInProgress
    sighting: Sighting
    page: Page
    stored: bool = False  # the page came from the archive, not from the net
    reading: PreparedArticle | Rejection | None = None
