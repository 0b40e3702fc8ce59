"""The seeds folder, watched: what changed in it is loaded and checked before it is used.

::

    look ─► as it was? ─► done
      │
      └──► the same at two looks in a row? ─► load ─► no mistake ─► used, and kept as the last good
                 │                              │
                 └─ no: a file is being written └─ mistakes: the last good set stays, a finding

A look costs a few hundred ``stat``; nothing is opened while nothing changed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog

from crawler import spiders
from crawler.app import App
from crawler.app.loaded_seeds import LoadedSeeds
from crawler.errors import ConfigError, GuardError, SeedError
from crawler.model import Feed, Finding, Source
from crawler.seeds import Seeds, folder, load

log = structlog.get_logger("rasd")

MAX_NAMED = 10  # slugs in a line of the log


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedsChange:
    """What a new set of seeds changes: slugs, and the feeds whose own keys changed."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    feeds: tuple[tuple[str, str], ...] = ()

    def facts(self) -> dict[str, str]:
        """What the log says of it; only what there is."""
        said = {
            "added": self.added,
            "removed": self.removed,
            "changed": self.changed,
            "topics": self.topics,
        }
        return {name: _listed(slugs) for name, slugs in said.items() if slugs}


class LiveSeeds:
    """Watches the folder of the seeds that this app has loaded. ``accept`` is called with a set
    before it is used, and raises GuardError if it can't be."""

    def __init__(self, app: App, accept: Callable[[Seeds], None]) -> None:
        self._app, self._accept = app, accept
        self._known = app.loaded.state  # of the folder, when it was last loaded or refused
        self._seen = self._known
        self.problems = app.loaded.broken
        self._broken_at: datetime = app.clock()

    async def keep(self) -> None:
        """Keep the set that was loaded at the start as the last good one, or say that it is one."""
        if self.problems:
            self._log_broken()
        else:
            self._save(await asyncio.to_thread(self._kept))

    async def look(self, *, at_once: bool = False) -> SeedsChange | None:
        """Load what changed, and have the app use it; None if nothing did, or if it is broken.

        A change is loaded once it was seen twice, unless ``at_once``: an editor may be writing.
        """
        state = await asyncio.to_thread(self._look)
        if state == self._known or not (at_once or state == self._seen):
            self._seen = state
            return None
        before = self._app.seeds
        loaded = await self._load()
        unchanged = await asyncio.to_thread(self._look) == state
        self._known = self._seen = state if unchanged else ()  # else it is read once more
        if loaded is None:
            return None
        self._save(before)
        return compare(before, loaded.found)

    def findings(self) -> list[Finding]:
        """One finding if the folder is broken, else none."""
        if not self.problems:
            return []
        more = f" (and {len(self.problems) - 1} more)" if len(self.problems) > 1 else ""
        proof = f"{self.problems[0]}{more}; the last good seeds are in use"
        return [Finding(source="", kind="seeds", proof=proof, opened_at=self._broken_at)]

    def _look(self) -> folder.FolderState:
        try:
            return folder.look(folder.find_seeds_folder(self._app.config.seeds))
        except ConfigError:  # the folder is gone
            return ()

    async def _load(self) -> LoadedSeeds | None:
        """The folder's seeds, in use from now on; None if they can't be used."""
        try:
            loaded = await asyncio.to_thread(self._read)
            self._accept(loaded.found)
            self._app.use(loaded)
        except (SeedError, ConfigError, GuardError) as error:
            if not self.problems:
                self._broken_at = self._app.clock()
            self.problems = tuple(str(error).splitlines())
            self._log_broken()
            return None
        if self.problems:
            log.warning("seeds are whole again")
        self.problems = ()
        return loaded

    def _read(self) -> LoadedSeeds:
        at = self._app.config.seeds
        loaded = folder.load_folder(at, spiders.kinds())
        folder.require_sources(loaded.found, folder.find_seeds_folder(at))
        return LoadedSeeds(loaded.found, loaded.files, loaded.state)

    def _log_broken(self) -> None:
        log.error(
            "seeds are broken; the last good ones stay in use",
            problem=self.problems[0],
            problems=len(self.problems),
        )

    def _kept(self) -> Seeds | None:
        """The set that was kept last; None if there is none, or if this rasd can't read it."""
        last = self._app.seed_sets.last()
        if last is None:
            return None
        if last[1] == self._app.loaded.files:
            return self._app.seeds
        try:
            return load(last[1], kinds=spiders.kinds())
        except SeedError:
            return None

    def _save(self, before: Seeds | None) -> None:
        """Keep the seeds in use; in the same transaction, forget how far the topics are that judge
        by what differs from ``before``."""
        app, now = self._app, self._app.clock()
        stale = () if before is None else judged_otherwise(before, app.seeds)
        files = app.loaded.files

        def save() -> None:
            app.rematches.forget(stale)
            app.seed_sets.save(files, now)

        app.writer.later(save, "the seeds in use")


def compare(before: Seeds, after: Seeds) -> SeedsChange:
    """What differs between two sets, by slug."""
    old, new = before.sources, after.sources
    both = [slug for slug in new if slug in old]
    versions = {slug: topic.version for slug, topic in before.topics.items()}
    return SeedsChange(
        added=tuple(slug for slug in new if slug not in old),
        removed=tuple(slug for slug in old if slug not in new),
        changed=tuple(slug for slug in both if new[slug] != old[slug]),
        topics=tuple(
            slug for slug, topic in after.topics.items() if versions.get(slug) != topic.version
        ),
        feeds=tuple(key for slug in both for key in _changed_feeds(old[slug], new[slug])),
    )


def judged_otherwise(before: Seeds, after: Seeds) -> tuple[str, ...]:
    """The topics that depend on a country which a source had or has now: what was stored of
    that source was judged by the other."""
    pairs = [(before.sources[slug], source) for slug, source in after.sources.items()
             if slug in before.sources]  # fmt: skip
    moved = {
        c for old, new in pairs if old.country != new.country for c in (old.country, new.country)
    }
    return tuple(slug for slug, topic in after.topics.items() if topic.countries & moved)


def _listed(slugs: tuple[str, ...]) -> str:
    more = f" … ({len(slugs)})" if len(slugs) > MAX_NAMED else ""
    return " ".join(slugs[:MAX_NAMED]) + more


def _changed_feeds(before: Source, after: Source) -> list[tuple[str, str]]:
    known: dict[str, Feed] = {feed.url: feed for feed in before.feeds}
    return [
        (after.slug, feed.url)
        for feed in after.feeds
        if feed.url in known and feed != known[feed.url]
    ]
