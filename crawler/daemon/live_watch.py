"""What the daemon watches: the feeds of the seeds in use, and how changed seeds take effect.

::

    seeds changed ─► feeds to poll ─► hosts and ports of crawls ─► changed feeds polled anew
                 ├─► stored articles matched with new and changed topics
                 └─► new and changed concepts looked for in stored articles
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import dataclass
from functools import partial

import structlog

from crawler.app import App
from crawler.daemon.concept_indexing import ConceptIndexer
from crawler.daemon.live_seeds import LiveSeeds, SeedsChange
from crawler.daemon.rematching import Rematcher
from crawler.daemon.rounds import Round
from crawler.engine.embedded import Engine
from crawler.model import Feed, Finding, Source
from crawler.polling.closing import FeedKey

log = structlog.get_logger("rasd")
Rounds = Collection[asyncio.Task[Round]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What a look at the seeds found."""

    changed: bool = False  # other seeds are in use
    judged: bool = False  # they have mistakes, others than before, or none any more


class LiveWatch:
    """The feeds that are watched, kept in step with the seeds folder."""

    def __init__(self, app: App, engine: Engine) -> None:
        self._app, self._engine = app, engine
        self.feeds = self._feeds()
        self.unpolled = set(self.feeds)  # feeds without a row, as far as is known
        self.seeds = LiveSeeds(app, lambda found: engine.prove_browser(found.sources.values()))
        self.rematcher = Rematcher(app)
        self.indexer = ConceptIndexer(app)
        self._renewed: set[FeedKey] = set()  # feeds to poll as if for the first time
        self._begun = False

    async def begin(self, rounds: Rounds) -> None:
        """Keep the seeds in use, and go on with the rematches that the last process left, once."""
        if self._begun:
            return
        await self.seeds.keep()
        await self._app.writer.soon(self._app.poll_requests.give_back)
        await self.rematcher.plan(rounds)
        await self.indexer.plan()
        self._begun = True

    async def heed(self, rounds: Rounds, *, at_once: bool = False) -> Heard:
        """Look at the seeds, and have what changed in them take effect; as ``LiveSeeds.look``."""
        before = self.seeds.problems
        change = await self.seeds.look(at_once=at_once)
        if change is not None:
            await self._use(change, rounds)
        judged = before != self.seeds.problems
        if judged and before:  # what the open finding says is no longer what is wrong
            end = partial(self._app.coverage.end_finding, "", "seeds", self._app.clock())
            await self._app.writer.soon(end)
        await self._renew()
        await self.indexer.look()
        return Heard(changed=change is not None, judged=judged)

    def findings(self) -> list[Finding]:
        """One finding if the seeds folder has mistakes, else none."""
        return self.seeds.findings()

    async def _use(self, change: SeedsChange, rounds: Rounds) -> None:
        feeds = self._feeds()
        self.unpolled = (self.unpolled | (feeds.keys() - self.feeds.keys())) & feeds.keys()
        self.feeds = feeds
        self._renewed |= set(change.feeds)
        self._engine.refresh()
        log.info("seeds changed", **change.facts())
        await self.rematcher.plan(rounds)
        await self.indexer.plan()

    async def _renew(self) -> None:
        """Make changed feeds due, once no poll by what they were before is in hand."""
        if renewed := self._renewed - self._engine.in_hand:
            self._renewed -= renewed
            begin_again = partial(self._app.archive.begin_again, renewed, self._app.clock())
            await self._app.writer.soon(begin_again)

    def _feeds(self) -> dict[FeedKey, tuple[Source, Feed]]:
        return {
            (source.slug, feed.url): (source, feed)
            for source in self._app.seeds.sources.values()
            for feed in source.feeds
        }
