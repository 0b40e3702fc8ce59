"""From the archive to the outbox, from the outbox to the recipients.

    due recipients ─► those who miss the same articles ─► one DigestInput ─► one Letter
      ─► a Message each ─► one transaction that checks, marks and queues ─► channels

Reading, composing and rendering run in a thread and all writes in the archive's writer: nothing
here holds up the event loop. What was queued is delivered by the next process that calls
``deliver``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial

import structlog

from crawler.digest import composition, rendering, schedule, searches
from crawler.digest.records import Digest, DigestInput
from crawler.digest.rendering import Letter
from crawler.matching.topics import Topic
from crawler.model import (
    ArchivedArticle,
    Delivery,
    Finding,
    IssueHistory,
    IssueToQueue,
    Message,
    QueueingOutcome,
)
from crawler.monitoring.spells import Spells, kind_of
from crawler.outbox.delivery import DeliveryRun
from crawler.outbox.searched import Searched
from crawler.ports import ArticleSearch, Channel, Clock, DigestArchive, WatchList, Writer
from crawler.seeds import Seeds
from crawler.seeds.digests import DigestRecipe

log = structlog.get_logger("rasd")
FIRST_ISSUE_AGE = timedelta(days=1)  # how far a recipient's first issue looks back
LATE_AGE = timedelta(hours=1)  # an article is committed sooner after it was kept
COPY_AGE = timedelta(days=30)  # what was listed longer ago is not searched for copies
# How far before a recipient's last issue a saved search looks for what issues left out: a broad one
# would find more every day than there is place for.
SEARCH_AGE = timedelta(days=7)
# An issue is composed without holding anyone up, and again if another process has issued to the
# recipient meanwhile; then with the archive held, which is sure to end.
MAX_FREE_CHOICES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Where a digest goes: a subscription of the archive or one of the configuration."""

    recipe: str
    channel: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Slot:
    """Which issue is made, and when; what the recipe's saved searches find until then."""

    recipe: DigestRecipe
    name: str
    now: datetime
    searched: Searched


@dataclass(frozen=True, slots=True, kw_only=True)
class _Basis:
    """What an issue is composed from; recipients with an equal basis get the same issue."""

    since: datetime
    searched_since: datetime
    unlisted_ids: tuple[int, ...]
    listed_ids: tuple[int, ...]  # lately
    newest_doubtful_id: int | None  # of the articles that earlier watch lists saw


@dataclass(frozen=True, slots=True, kw_only=True)
class _Composed:
    """An issue for all recipients of one basis."""

    digest: Digest
    letter: Letter | None
    newest_doubtful_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outbox:
    """Queues issues and delivers messages; owns no state but the archive's rows."""

    archive: DigestArchive
    watch_list: WatchList
    search: ArticleSearch
    seeds: Seeds
    channels: Mapping[str, Channel]
    clock: Clock
    writer: Writer
    configured: tuple[Recipient, ...] = ()
    findings: Callable[[], Sequence[Finding]] = tuple  # what is wrong with the watch just now
    sender_domain: str = "rasd.invalid"
    spells: Spells = field(default_factory=Spells)

    def recipients(self, recipe: str | None = None) -> list[Recipient]:
        """The recipients of this recipe (None: of any), the configuration's first, each once."""
        stored = [
            Recipient(recipe=s.recipe, channel=s.channel, address=s.address)
            for s in self.archive.subscriptions(recipe)
        ]
        named = [r for r in self.configured if recipe in (None, r.recipe)]
        return list(dict.fromkeys((*named, *stored)))

    def preview(self, recipe: DigestRecipe, since: datetime) -> Digest:
        """The digest of what was kept since then, shown before or not; writes nothing."""
        now = self.clock()
        found = self._searched(recipe, now).since(since)
        flagged = self.archive.flagged(recipe.topics, since, now)
        ids = sorted({*found, *(article.id for article in flagged)})
        articles = searches.with_answers(self.archive.articles(ids), found)
        return composition.compose(self._input(recipe, since, now, articles))

    async def send(
        self, recipe: DigestRecipe, recipients: Sequence[Recipient]
    ) -> tuple[int, list[tuple[Message, Delivery]]]:
        """Queue an issue of what is new for these recipients now, and deliver what is due; returns
        for how many, and the deliveries."""
        now = self.clock()
        queued = await self.queue(recipe, recipients, slot_by_hand(now), now)
        return queued, await self.deliver()

    async def queue_due(self) -> int:
        """Queue every digest whose hour has come and that was not issued yet; returns how many."""
        now, queued = self.clock(), 0
        for recipe, recipients in await asyncio.to_thread(self._due, now):
            slot = schedule.slot(now, recipe.hour, recipe.timezone)
            what = ("digest", recipe.slug)
            try:
                queued += await self.queue(recipe, recipients, slot, now)
            except Exception as error:  # tried again; other digests and the mail do not wait for it
                if self.spells.failed(what, kind_of(error)):
                    log.exception("a digest could not be queued", recipe=recipe.slug, slot=slot)
                continue
            if ended := self.spells.worked(what):
                log.warning(
                    "a digest can be queued again",
                    recipe=recipe.slug,
                    times=ended.times,
                    seconds=ended.seconds,
                )
        return queued

    async def queue(
        self, recipe: DigestRecipe, recipients: Sequence[Recipient], slot: str, now: datetime
    ) -> int:
        """Queue the slot's issue for these recipients; returns for how many.

        Those that had this slot already are passed over. An issue without a story is made too,
        with a message or without, as the recipe has it.
        """
        searched = self._searched(recipe, now)
        queued, wanted = 0, _Slot(recipe=recipe, name=slot, now=now, searched=searched)
        for is_last in (*[False] * MAX_FREE_CHOICES, True):
            if is_last:
                work = partial(self._choose_and_queue, wanted, recipients)
                issues, outcomes = await self.writer.soon(work)
            else:
                issues = await asyncio.to_thread(self._issues, wanted, recipients)
                if not issues:
                    break
                outcomes = await self.writer.soon(partial(self.archive.queue_issues, issues))
            queued += outcomes.count("queued")
            outdated = {
                issue.address
                for issue, outcome in zip(issues, outcomes, strict=True)
                if outcome == "outdated"
            }
            recipients = [r for r in recipients if r.address in outdated]
            if not recipients:
                break
        return queued

    async def deliver(self) -> list[tuple[Message, Delivery]]:
        """Deliver the messages that are due; returns each with its outcome.

        If the caller is cancelled, the messages in hand are still delivered, and no other.
        """
        run = DeliveryRun(
            archive=self.archive,
            channels=self.channels,
            clock=self.clock,
            writer=self.writer,
            spells=self.spells,
        )
        return await run.run()

    def _due(self, now: datetime) -> list[tuple[DigestRecipe, list[Recipient]]]:
        """The recipients whose last issue is older than the recipe's last hour; an issue sent by
        hand after that hour counts."""
        due = []
        for recipe in self.seeds.digests.values():
            due_at = schedule.due_at(now, recipe.hour, recipe.timezone)
            histories = self.archive.issue_histories(recipe.slug)
            waiting = [
                recipient
                for recipient in self.recipients(recipe.slug)
                if (history := histories.get(recipient.address)) is None
                or history.last_until < due_at
            ]
            if waiting:
                due.append((recipe, waiting))
        return due

    def _choose_and_queue(
        self, slot: _Slot, recipients: Sequence[Recipient]
    ) -> tuple[Sequence[IssueToQueue], Sequence[QueueingOutcome]]:
        """Choose within the transaction that queues, while no other process can: for recipients to
        whom others issued again and again meanwhile. The writer's thread calls it."""
        self.archive.lock_issues()
        issues = self._issues(slot, recipients)
        return issues, self.archive.queue_issues(issues)

    def _issues(self, slot: _Slot, recipients: Sequence[Recipient]) -> list[IssueToQueue]:
        """An issue for each address that has not had this slot; composed once for each basis."""
        recipe = slot.recipe
        histories = self.archive.issue_histories(recipe.slug)
        issued = self.archive.issued_addresses(recipe.slug, slot.name)
        groups: dict[_Basis, dict[str, Recipient]] = {}
        for recipient in recipients:
            address = recipient.address
            if address not in issued:
                basis = self._basis(slot, address, histories.get(address))
                groups.setdefault(basis, {}).setdefault(address, recipient)
        issues = []
        for basis, group in groups.items():
            made = self._composed(slot, basis)
            issues += [
                self._issue(slot, recipient, made, histories.get(recipient.address))
                for recipient in group.values()
            ]
        return issues

    def _basis(self, slot: _Slot, address: str, history: IssueHistory | None) -> _Basis:
        recipe, now = slot.recipe, slot.now
        begin = (now if history is None else history.first_until) - FIRST_ISSUE_AGE
        since = begin if history is None else history.last_until
        looks_from = max(begin, since - SEARCH_AGE)
        flagged = self.archive.unlisted_ids(recipe.slug, address, recipe.topics, begin, now)
        found = set(slot.searched.since(looks_from))
        if found:
            found -= {*self.archive.listed_ids(recipe.slug, address, looks_from)}
        return _Basis(
            since=since,
            searched_since=looks_from,
            unlisted_ids=tuple(sorted({*flagged, *found})),
            listed_ids=self.archive.listed_ids(recipe.slug, address, now - COPY_AGE),
            newest_doubtful_id=None if history is None else history.newest_doubtful_id,
        )

    def _composed(self, slot: _Slot, basis: _Basis) -> _Composed:
        """The issue and its mail; no mail if it says nothing and the recipe prefers silence."""
        found = slot.searched.since(basis.searched_since)
        articles = searches.with_answers(self.archive.articles(basis.unlisted_ids), found)
        shown = self.archive.articles(basis.listed_ids)
        given = self._input(slot.recipe, basis.since, slot.now, articles)
        doubtful = self._doubtful(slot, basis)
        digest = composition.compose(replace(given, shown_before=shown, doubtful=doubtful))
        says_something = bool(digest.sections or digest.earlier)
        is_mailed = says_something or slot.recipe.when_empty == "line"
        seen = (basis.newest_doubtful_id, *(article.id for article in doubtful))
        return _Composed(
            digest=digest,
            letter=rendering.render(digest) if is_mailed else None,
            newest_doubtful_id=max((number for number in seen if number is not None), default=None),
        )

    def _doubtful(self, slot: _Slot, basis: _Basis) -> Sequence[ArchivedArticle]:
        """What was nearly flagged since the last issue; also what was kept before it and committed
        after it was composed: ids are given in the order of commits, times are not."""
        seen, since = basis.newest_doubtful_id, basis.since
        if seen is None:
            return self.watch_list.doubtful(slot.recipe.topics, since, slot.now)
        found = self.watch_list.doubtful(slot.recipe.topics, since - LATE_AGE, slot.now)
        return [one for one in found if one.kept_at >= since or one.id > seen]

    def _issue(
        self,
        slot: _Slot,
        recipient: Recipient,
        made: _Composed,
        history: IssueHistory | None,
    ) -> IssueToQueue:
        previous_id = None if history is None else history.last_id
        return IssueToQueue(
            recipe=slot.recipe.slug,
            address=recipient.address,
            slot=slot.name,
            until=slot.now,
            previous_id=previous_id,
            article_ids=made.digest.article_ids,
            newest_doubtful_id=made.newest_doubtful_id,
            message=(
                None
                if made.letter is None
                else self._message(made.letter, recipient, slot.name, previous_id)
            ),
        )

    def _message(
        self, letter: Letter, recipient: Recipient, slot: str, previous_id: int | None
    ) -> Message:
        return rendering.address(
            letter,
            recipient=recipient.address,
            channel=recipient.channel,
            sender_domain=self.sender_domain,
            key=f"{recipient.recipe}/{recipient.address}/{slot}",
            follows=previous_id,
        )

    def _searched(self, recipe: DigestRecipe, until: datetime) -> Searched:
        return Searched(self.search, (self.seeds.queries[slug] for slug in recipe.queries), until)

    def _input(
        self,
        recipe: DigestRecipe,
        since: datetime,
        now: datetime,
        articles: Sequence[ArchivedArticle],
    ) -> DigestInput:
        return DigestInput(
            recipe=recipe,
            topics=self._topics(recipe),
            sources=self.seeds.sources,
            articles=articles,
            doubtful=self.watch_list.doubtful(recipe.topics, since, now),
            health=self.archive.health(self.seeds.sources),
            findings=self.findings(),
            since=since,
            now=now,
        )

    def _topics(self, recipe: DigestRecipe) -> dict[str, Topic]:
        """What the sections are of, by the names that ``DigestRecipe.judged_by`` gives them."""
        topics = [self.seeds.topics[slug] for slug in recipe.topics]
        saved = (self.seeds.queries[slug] for slug in recipe.queries)
        topics += [searches.as_topic(one, self.seeds.concepts) for one in saved]
        return {topic.slug: topic for topic in topics}


def slot_by_hand(now: datetime) -> str:
    """The slot of an issue sent by hand: its minute, so that a second command in it sends
    nothing.
    """
    return "by-hand-" + now.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")


def summary(done: Iterable[tuple[Message, Delivery]]) -> str:
    """The outcomes of deliveries in words: ``2 sent, 1 deferred``."""
    outcomes = [delivery.outcome for _, delivery in done]
    counts = [f"{outcomes.count(name)} {name}" for name in dict.fromkeys(outcomes)]
    return ", ".join(counts) or "nothing to deliver"
