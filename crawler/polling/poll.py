"""One poll while it is in progress: what each answer means, and what is done next. Pure.

The walk of an answer is ``received``, of a page ``page_received``; ``steps`` draws them, ``ledger``
keeps what they found. A poll is complete when every request has an answer and every URL its fate;
``close`` then gives the row and the feed's next state. Only its own methods change a poll.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import Any

from crawler import urls
from crawler.model import (
    Cause,
    Extraction,
    Fate,
    FeedEntry,
    FeedWindow,
    ShownEntry,
    Sighting,
    status_cause,
)
from crawler.polling import changes, entries, gaps, outcomes
from crawler.polling.entries import Keyed
from crawler.polling.ledger import PollLedger, host_of
from crawler.polling.steps import (
    AskGapCounts,
    AskPlace,
    FailureAction,
    FeedAnswer,
    FetchPage,
    FindPending,
    FindReach,
    FindShown,
    IdentifyBlockPage,
    PageAnswer,
    Pause,
    Plan,
    ReadEntry,
    ReadFetched,
    ReadInline,
    ReadStored,
    ReadWindow,
    RecordAgain,
    RecordEntries,
    RejectSightings,
    SetOutcome,
    Step,
    UnpackTail,
)
from crawler.polling.window import entry_dates, incomplete, inline_articles, reading_failed

FAILPOINTS = (
    "poll.feed_received",
    "poll.sighted",
    "page.received",
    "page.read",
    "page.settled",
    "poll.closing",
)
"""Where the crawl itself may be killed in tests; the archive has its own."""
MAX_PENDING_SIGHTINGS = 2_000  # of what earlier polls left, that one poll takes up again (R17)
ENTRIES_BEFORE_PAUSE = 1_000  # entries looked at before other tasks have their turn
READABLE = frozenset({"new", "nothing_new"})  # outcomes of a feed whose window was seen


class PollInProgress(PollLedger):
    """A poll in progress: decides what every answer means for its feed and its URLs."""

    # ── requests of the feed ──────────────────────────────────────────────────────────────────

    def feed_failed(self, cause: Cause, not_before: datetime | None = None) -> None:
        """Record that a URL of the feed could not be fetched; ``not_before``: its host's wish."""
        self.not_before = not_before or self.not_before
        self.record_outcome("failed", cause)
        self.request_done()

    @property
    def compares_bodies(self) -> bool:
        """Whether an answer with the same fingerprint as in the poll before need not be read."""
        return self.outcome is None and not self.missing and self.rules.max_depth == 1

    def received(self, answer: FeedAnswer) -> Plan:
        """Everything that follows from an answer to a request for one URL of the feed."""
        first = self.outcome is None
        conditional = not self.unconditional and answer.depth == 1
        refused = outcomes.of_status(answer.status, conditional=conditional)
        if answer.instead == "" and not first:
            self.last_place_new = False  # no further page: what was shown is all
        elif answer.instead and answer.instead not in self.requested_urls:
            self.requested(answer.instead)
            yield AskPlace(url=answer.instead, depth=answer.depth)
        elif refused is not None:
            self.record_outcome(*refused)
        else:
            self.min_wait = max(self.min_wait, answer.fresh_for)
            if first and answer.moved_to:
                self.note(Cause(reason="moved", detail=f"moved to {answer.moved_to}"))
            if not self._is_unchanged(answer):
                yield from self._read(answer, (yield ReadWindow()))
        if first and self.outcome in READABLE and self.missing:
            yield AskGapCounts()
        if first and (self.outcome in READABLE or self.outcome == "not_modified"):
            yield from self._take_up_pending()
        self.request_done()

    def _is_unchanged(self, answer: FeedAnswer) -> bool:
        if answer.fingerprint is None:
            return False
        self.body_sha256 = answer.fingerprint
        if self.body_sha256 != self.state.body_sha256:
            return False
        self.unchanged, self.seen = True, self.state.entries
        self.unusable = self.state.unusable
        self.entries = self.seen + self.unusable
        self._take_validators(answer)
        self.record_outcome("nothing_new")
        return True

    # ── one window ────────────────────────────────────────────────────────────────────────────

    def _read(self, answer: FeedAnswer, window: FeedWindow | Extraction) -> Plan:
        if isinstance(window, str):
            self.record_outcome("failed", reading_failed(window))
        elif not window.kind:
            block_page = yield IdentifyBlockPage(requested_url=self.feed.url)
            self.record_outcome(*outcomes.of_no_feed(window, answer, block_page))
        else:
            known = len(self.new)
            keyed = yield from self._key(window)
            new = yield from self._record(keyed, answer.received_at)
            again = yield from self._record_again(keyed, new, answer.received_at)
            yield from self._record_tail(window)
            yield from self._record_unlinked(window)
            self._note_window(window)
            self._note_transfer(answer, window)
            self.last_place_new = len(self.new) > known
            yield from self._ask_further(window, keyed, answer.depth)
            self._take_validators(answer)
            self.record_outcome(*outcomes.of_window(window, self.last_place_new))
            yield from self._take_up([*new, *again], inline_articles(window, keyed))

    def _key(self, window: FeedWindow) -> Generator[Step, Any, list[Keyed]]:
        """The window's entries, each with the key by which it is known."""
        keyed: list[Keyed] = []
        for number, entry in enumerate(entries.placed(window, self.home_hosts, self.hosts), 1):
            if number % ENTRIES_BEFORE_PAUSE == 0:
                yield Pause()
            keyed.append((self.key_of(entry.url), entry))
        told = entries.told_apart(keyed, self.shared_keys | self._home_keys(window))
        pairs = zip(keyed, told, strict=True)
        self.shared_keys.update(key for (key, _), (_, one) in pairs if one.identity)
        return told

    def _home_keys(self, window: FeedWindow) -> frozenset[str]:
        """The key of the home page if a feed's entries may link to it: no story is that page."""
        lists_pages = window.kind.startswith(("section", "sitemap"))
        return frozenset() if lists_pages else frozenset((self.key_of(self.source.home),))

    def _record(
        self, keyed: Sequence[Keyed], now: datetime
    ) -> Generator[Step, Any, Sequence[Sighting]]:
        """Record what was never seen before. If nothing was known at the first URL, the gap that
        there may be is opened in the same transaction."""
        unique: dict[str, FeedEntry] = {}
        for key, entry in keyed:
            if key not in self.keys:
                unique.setdefault(key, entry)
        self.keys.update(unique)
        first = self.seen == 0
        self.seen += len(keyed)
        if not unique:
            return []
        gap = None
        if first:
            gap = gaps.suspected(self.state, self.source.slug, self.feed.url, self.started_at)
        new: Sequence[Sighting] = yield RecordEntries(entries=list(unique.items()), gap=gap)
        overlaps = len(new) < len(unique) or any(one.moved_from is not None for one in new)
        self.overflow |= first and gap is not None and not overlaps
        self._take_dates(unique, new, now)
        self.expect(new, new=True)
        return new

    def _record_again(
        self, keyed: Sequence[Keyed], new: Sequence[Sighting], now: datetime
    ) -> Generator[Step, Any, Sequence[Sighting]]:
        """Record what is shown now at known addresses, where that is to be read again."""
        fresh = {sighting.url_key for sighting in new}
        known = {key: entry for key, entry in reversed(keyed) if key not in fresh}
        if not known:
            return []
        shown: Sequence[ShownEntry] = yield FindShown(keys=list(known))
        changed = changes.choose(known, shown, self.source.timezone, now)
        if not changed:
            return []
        again: Sequence[Sighting] = yield RecordAgain(entries=changed)
        self.expect(again, new=False)
        return again

    def _take_dates(
        self, unique: Mapping[str, FeedEntry], new: Iterable[Sighting], now: datetime
    ) -> None:
        entries = islice(unique.values(), ENTRIES_BEFORE_PAUSE)
        printed = entry_dates(entries, self.source.timezone, now)
        dated = dict(zip(unique, printed, strict=False))
        self.dates += [at for at in printed if at is not None]
        self.new_dates += [dated.get(s.url_key) for s in new]

    def _record_tail(self, window: FeedWindow) -> Plan:
        """Record what the far end of a very long feed has that is new, slice by slice; the next
        polls take it up (R17)."""
        for piece in window.tail:
            packed = yield UnpackTail(piece=piece)
            told = dict(entries.told_apart(packed, self.shared_keys))
            unseen = [(key, entry) for key, entry in told.items() if key not in self.keys]
            self.keys.update(key for key, _ in unseen)
            self.seen += len(packed)
            self.entries += len(packed) if window.listed is None else 0
            new = yield RecordEntries(entries=unseen)
            self.expect(new, new=True)
            self.new_dates += [None] * len(new)
            for sighting in (yield from self._reject_offsite(new)):
                self.settled(sighting, "queued")

    def _record_unlinked(self, window: FeedWindow) -> Plan:
        """Record what can't be asked for as rejected, so that it is not lost without a word."""
        if not window.unusable:
            return
        cause = Cause(reason="no_link", detail=entries.unlinked_detail(window))
        self.note(cause)
        unlinked = {entries.unlinked_key(entry): entry for entry in window.unlinked}
        new: Sequence[Sighting] = yield RecordEntries(entries=list(unlinked.items()))
        if new:
            yield RejectSightings(rejected=[(one, Cause(reason="no_link")) for one in new])

    def _note_window(self, window: FeedWindow) -> None:
        counted = len(window.entries) + window.unusable
        self.entries += window.listed if window.listed is not None else counted
        self.unusable += window.unusable
        if len(self.new) > MAX_PENDING_SIGHTINGS:
            detail = f"{len(self.new)} new at once; what is not asked for now is queued"
            self.note(Cause(reason="burst", detail=detail))
        if left_out := incomplete(window):
            self.partial = True
            self.note(left_out)
        self.listed_not_taken.update(window.beyond)
        self.saw_older_than_since |= bool(window.older)
        self.doubted_urls.update(window.doubted)

    def _note_transfer(self, answer: FeedAnswer, window: FeedWindow) -> None:
        """A transfer that broke off may have had more; only a parser that saw the end of the feed
        knows that it had not, and a listing has no end to be seen."""
        if not answer.whole:
            self.partial |= window.kind == "section"
            self.note(outcomes.BROKEN_TRANSFER)

    def _take_validators(self, answer: FeedAnswer) -> None:
        """Keep them only if the feed has a single URL, of which all came: one says nothing of the
        others."""
        alone = len(self.requested_urls) == 1 and answer.whole
        self.etag = answer.etag if alone else None
        self.last_modified = answer.last_modified if alone else None

    def _ask_further(self, window: FeedWindow, keyed: Sequence[Keyed], depth: int) -> Plan:
        """Ask the URLs that this one names and that are worth it, within the kind's limits."""
        if not window.more or not (yield from self._goes_on(keyed)):
            return
        for url in window.more:
            if url in self.requested_urls:
                continue
            if (domain := urls.registrable(url)) not in self.hosts:
                self.note(Cause(reason="offsite", detail=f"{domain} is named, and not asked"))
                continue
            if depth >= self.rules.max_depth or len(self.requested_urls) >= self.rules.max_urls:
                self.partial = True
                detail = f"{len(self.requested_urls)} asked, and more are named"
                self.note(Cause(reason="place_limit", detail=detail))
                return
            self.requested(url)
            yield AskPlace(url=url, depth=depth + 1)

    def _goes_on(self, keyed: Sequence[Keyed]) -> Generator[Step, Any, bool]:
        """Whether to read on: always unless nothing was new, and then if a gap began before all
        that this URL shows."""
        if not self.rules.stop_at_known or self.last_place_new:
            return True
        if not self.missing or not keyed:
            return False
        keys = [key for key, _ in keyed]
        return not (yield FindReach(keys=keys, at=min(gap.from_at for gap in self.missing)))

    # ── its URLs ──────────────────────────────────────────────────────────────────────────────

    def _take_up_pending(self) -> Plan:
        if not self.has_pending:
            return
        waiting = yield FindPending(limit=MAX_PENDING_SIGHTINGS)
        older = [s for s in waiting if s.id not in self.new]
        self.expect(older, new=False)
        yield from self._take_up(older, {})

    def _take_up(self, sightings: Sequence[Sighting], inline: Mapping[str, bytes]) -> Plan:
        """Give each sighting what it needs: reading, if its page is here already, or a request."""
        for sighting in (yield from self._reject_offsite(sightings)):
            if sighting.has_page and (yield ReadStored(sighting=sighting)):
                continue
            article = inline.get(entries.window_key(sighting), b"")
            if sighting.entry.identity and not article:
                article = entries.own_words(sighting.entry)
            if article:
                yield ReadInline(sighting=sighting, article=article)
            else:
                yield FetchPage(sighting=sighting)

    def _reject_offsite(
        self, sightings: Sequence[Sighting]
    ) -> Generator[Step, Any, Sequence[Sighting]]:
        """The sightings on the source's own hosts. The others are rejected in one transaction:
        thousands, each in its own, would delay every write for half a minute (R25). An address on
        another source's host is that source's to read."""
        foreign = {s.id: self._foreign_host(s.url) for s in sightings if not s.has_page}
        others = [
            (s, Cause(reason="offsite", detail=host))
            for s in sightings
            if (host := foreign.get(s.id, ""))
        ]
        if others:
            yield RejectSightings(rejected=others)
        for sighting, _ in others:
            self.settled(sighting, "rejected")
        rejected = {s.id for s, _ in others}
        return [s for s in sightings if s.id not in rejected]

    def _foreign_host(self, url: str) -> str:
        """Why an address is not on the source's hosts; "" if it is."""
        if (domain := urls.registrable(url)) not in self.hosts:
            return f"{domain} is no host of the source"
        host = host_of(url) if self.others else ""
        return f"{host} is another source's" if host in self.others else ""

    def page_received(self, sighting: Sighting, answer: PageAnswer) -> Plan:
        """Everything that follows from an answer to a request for an article's page."""
        if answer.status not in outcomes.READ_STATUSES:
            yield from self._fail(sighting, status_cause(answer.status), answer.received_at)
        elif answer.refusal:
            yield from self._fail(sighting, answer.refusal, answer.received_at)
        elif kind := (yield _looked_at(sighting)):
            yield from self._fail(sighting, Cause(reason=kind), answer.received_at)
        else:
            if not answer.whole:
                self.note(outcomes.BROKEN_TRANSFER)
            yield ReadFetched(sighting=sighting)

    def page_failed(
        self, sighting: Sighting, action: FailureAction, cause: Cause, now: datetime
    ) -> Plan:
        """Everything that follows from a page that could not be fetched or read."""
        if action == "reject":
            yield from self._settle(sighting, "rejected", cause)
        elif action == "retry":
            yield from self._fail(sighting, cause, now)
        else:
            self.settled(sighting, "queued")

    def _fail(self, sighting: Sighting, cause: Cause, now: datetime) -> Plan:
        """Nothing that may pass is final: the page is asked for again, later each time. If it is
        not had as often as is worth it, the story is kept by what the feed says of it."""
        again = outcomes.next_try_at(sighting, now, cause.reason)
        if outcomes.is_kept_by_entry(sighting, cause.reason, now):
            self.note_end(cause, "the feed's words are kept")
            yield ReadEntry(sighting=sighting)
            return
        if again is None:
            self.note_end(cause, "given up")
        fate = outcomes.failed_fate(cause, again=again is not None)
        yield from self._settle(sighting, fate, cause, next_try_at=again)

    def note_end(self, cause: Cause, end: str) -> None:
        """Note why a page was not had, and what became of its story."""
        self.note(replace(cause, detail=f"{cause.detail}; {end}" if cause.detail else end))

    def _settle(
        self, sighting: Sighting, fate: Fate, cause: Cause, next_try_at: datetime | None = None
    ) -> Plan:
        written = yield SetOutcome(
            sighting=sighting, fate=fate, cause=cause, next_try_at=next_try_at
        )
        self.settled(sighting, fate if written else "queued")


def _looked_at(sighting: Sighting) -> IdentifyBlockPage:
    return IdentifyBlockPage(requested_url=sighting.url, headline=sighting.entry.title)
