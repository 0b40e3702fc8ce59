"""One round of polls: its feeds polled once, a log line per poll, and whether the network was
there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import structlog

from crawler.engine.embedded import Engine
from crawler.model import NO_CONNECTION, Feed, Gap, Poll, Source
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
    def offline(self) -> bool:
        """Whether no site at all was reached: then our own network is the likely cause."""
        return bool(self.polls) and len(self.unreachable) == len(self.polls)

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


def log_unreachable(of: Round, *, was_online: bool = True) -> None:
    """Log each poll in which no connection could be made. If none of several polls could make one,
    log a single line instead, and only if the round before was online."""
    if of.offline and len(of.polls) > 1:
        if was_online:
            sources = len({p.source for p in of.polls})
            log.info("no network: every source is out of reach for now", sources=sources)
        return
    for poll in of.unreachable:
        log_poll(poll)


def is_online(of: Round, *, was_online: bool) -> bool:
    """Whether the network is there after this round; a single poll without a connection tells of
    its site alone."""
    return was_online if len(of.polls) <= 1 and of.offline else not of.offline


def is_unreachable(poll: Poll) -> bool:
    """Whether the poll came to no connection at all; a feed of which a later URL could not be
    reached was answered."""
    return poll.outcome == "failed" and poll.reason in NO_CONNECTION
