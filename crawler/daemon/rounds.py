"""One round of polls: its feeds polled once, a log line per poll, and whether the network was
there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import structlog

from crawler.engine.embedded import Engine
from crawler.model import Feed, Gap, Poll, Source
from crawler.monitoring.network import Network, is_unreachable
from crawler.monitoring.poll_log import log_poll
from crawler.polling import schedule

log = structlog.get_logger("rasd")


@dataclass(slots=True)
class Round:
    """The polls of one round, in the order they were closed."""

    polls: list[Poll] = field(default_factory=list)

    @property
    def unreachable(self) -> list[Poll]:
        """The polls in which no connection could be made."""
        return [p for p in self.polls if is_unreachable(p)]

    @property
    def new(self) -> int:
        """URLs never seen before."""
        return sum(p.new for p in self.polls)

    @property
    def answered(self) -> list[Poll]:
        """Polls in which the feed could be read or said that nothing changed."""
        return [
            p for p in self.polls if p.outcome in ("new", "nothing_new", "not_modified", "empty")
        ]


async def poll_round(engine: Engine, feeds: Sequence[tuple[Source, Feed]]) -> Round:
    """Poll these feeds once and log each poll; those without a connection are logged by
    ``log_unreachable`` when the round is over."""
    this = Round()

    def on_poll(poll: Poll) -> None:
        this.polls.append(poll)
        if not is_unreachable(poll):
            log_poll(poll)

    await engine.poll(feeds, on_poll)
    return this


def backfill(
    sources: Sequence[Source], polls: Sequence[Poll], gaps: Iterable[Gap]
) -> list[tuple[Source, Feed]]:
    """Feeds that may cover a gap that was opened after they were asked, one per host."""
    asked_at = {(p.source, p.feed): p.started_at for p in polls}
    missing = {gap.source: gap for gap in gaps}
    feeds = [
        (source, feed)
        for source in sources
        if (gap := missing.get(source.slug)) is not None
        for feed in source.feeds
        if feed.url != gap.feed
        and (at := asked_at.get((source.slug, feed.url))) is not None
        and at < gap.opened_at
    ]
    waves = schedule.waves(feeds)
    return waves[0] if waves else []


def log_unreachable(of: Round, network: Network) -> None:
    """Log each poll in which no connection could be made. If the network is gone, log a single line
    instead, and one when it is back."""
    change = network.judge(of.polls)
    if change is not None and change.is_back:
        log.warning("the network is back", seconds=change.seconds)
    elif change is not None:
        log.warning("no network: every source is out of reach for now", sources=change.sources)
    if network.is_there:
        for poll in of.unreachable:
            log_poll(poll)
