"""From the archive to the outbox, from the outbox to inboxes.

An issue, what it held and its message are one transaction, keyed by recipe, recipient and slot:
nothing is queued twice, and what was queued is delivered by whoever comes next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from crawler.digest import composition, records, rendering, schedule
from crawler.model import Delivery, Finding, Message
from crawler.ports import Channel, Clock, DigestArchive, WatchList
from crawler.seeds import Seeds
from crawler.seeds.digests import DigestRecipe

FIRST_ISSUE = timedelta(days=1)  # a new subscriber's first digest looks back so far


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Where a digest goes: a subscription of the archive or one of the configuration."""

    recipe: str
    channel: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outbox:
    """Queues issues and delivers messages; owns no state but the archive's rows."""

    archive: DigestArchive
    watch_list: WatchList
    seeds: Seeds
    channels: Mapping[str, Channel]
    clock: Clock
    configured: tuple[Recipient, ...] = ()
    findings: Callable[[], Sequence[Finding]] = tuple  # what is wrong with the watch just now
    sender_domain: str = "rasd.invalid"

    def recipients(self, recipe: str | None = None) -> list[Recipient]:
        """Everyone who gets this recipe (None: any), the configuration's first, nobody twice."""
        stored = [
            Recipient(recipe=s.recipe, channel=s.channel, address=s.address)
            for s in self.archive.subscriptions(recipe)
        ]
        named = [r for r in self.configured if recipe in (None, r.recipe)]
        return list(dict.fromkeys((*named, *stored)))

    def compose(self, recipe: DigestRecipe, since: datetime, until: datetime) -> records.Digest:
        """The digest of what was kept in [since, until), worded for nobody yet."""
        return composition.compose(
            recipe,
            self.archive.flagged(recipe.topics, since, until),
            sources=self.seeds.sources,
            health=self.archive.health(self.seeds.sources),
            findings=self.findings(),
            now=self.clock(),
            since=since,
            until=until,
            topics={slug: self.seeds.topics[slug] for slug in recipe.topics},
            doubtful=self.watch_list.doubtful(recipe.topics, since, until),
        )

    def queue_due(self) -> int:
        """Queue every digest whose hour has come and that was not issued yet; how many."""
        now, queued = self.clock(), 0
        for recipe in self.seeds.digests.values():
            slot = schedule.slot(now, recipe.hour, recipe.timezone)
            due_at = schedule.due_at(now, recipe.hour, recipe.timezone)
            for recipient in self.recipients(recipe.slug):
                last = self.archive.last_issue_until(recipe.slug, recipient.address)
                if last is not None and last >= due_at:
                    continue  # an issue sent by hand after the hour covers the slot
                queued += self.queue(recipe, recipient, slot, now)
        return queued

    def queue(self, recipe: DigestRecipe, recipient: Recipient, slot: str, now: datetime) -> bool:
        """Queue one issue; False if this slot was issued before. Silence is an issue, too."""
        if self.archive.issue_exists(recipe.slug, recipient.address, slot):
            return False
        since = self.archive.last_issue_until(recipe.slug, recipient.address) or now - FIRST_ISSUE
        issue = self.compose(recipe, since, now)
        message: Message | None = None
        if issue.article_ids or recipe.when_empty == "line":
            message = rendering.render(
                issue,
                recipient=recipient.address,
                sender_domain=self.sender_domain,
                channel=recipient.channel,
                key=f"{recipe.slug}/{recipient.address}/{slot}",
            )
        return self.archive.queue_issue(
            recipe.slug, recipient.address, slot, now, issue.article_ids, message
        )

    async def deliver(self) -> list[tuple[Message, Delivery]]:
        """Deliver what is due, one message at a time; what became of each."""
        done = []
        while (queued := self.archive.claim_message(self.clock())) is not None:
            channel = self.channels.get(queued.message.channel)
            if channel is None:
                why = f"channel {queued.message.channel!r} is not configured"
                delivery = Delivery(outcome="deferred", detail=why)
            else:
                delivery = await channel.deliver(queued.message)
            self.archive.close_message(queued, delivery, self.clock())
            done.append((queued.message, delivery))
        return done


def slot_by_hand(now: datetime) -> str:
    """The slot of an issue sent by hand: its minute, so that a second command in it sends nothing."""
    return "by-hand-" + now.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")


def summary(done: Iterable[tuple[Message, Delivery]]) -> str:
    """What became of deliveries, in words: ``2 sent, 1 deferred``."""
    outcomes = [delivery.outcome for _, delivery in done]
    counts = [f"{outcomes.count(name)} {name}" for name in dict.fromkeys(outcomes)]
    return ", ".join(counts) or "nothing to deliver"
