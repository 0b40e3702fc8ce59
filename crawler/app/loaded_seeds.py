"""The seeds in use: those of the folder, or, while that has mistakes, the last good ones that the
archive keeps, or none."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from crawler import seeds, spiders
from crawler.app import on_demand
from crawler.config import Config
from crawler.errors import ConfigError, SeedError
from crawler.seeds.folder import FolderState, find_seeds_folder, load_folder, require_sources
from storage import seed_sets

_FOUND_BY = ("lexicon/", "sources/")


@dataclass(frozen=True)
class LoadedSeeds:
    """The seeds in use and where they are from: the folder, or, if that is broken, the archive."""

    found: seeds.Seeds
    files: Mapping[str, str]  # path in the folder → text
    state: FolderState  # of the folder before it was read; empty if they are not from there
    broken: tuple[str, ...] = ()  # the folder's problems, while these are in use instead
    kept_at: datetime | None = None  # … since they were loaded and kept as the last good ones

    @cached_property
    def digest(self) -> str:
        """A hash of what decides which concepts an article mentions; "" if it was read from no
        files."""
        files = sorted(
            (path, text) for path, text in self.files.items() if path.startswith(_FOUND_BY)
        )
        return hashlib.sha256(repr(files).encode()).hexdigest()[:16] if files else ""


def load(
    settings: Config, *, sources: bool = False, last_good: bool = False, or_none: bool = False
) -> LoadedSeeds:
    """The seeds of the configured folder.

    ``sources``: there have to be some. ``last_good``: if they have mistakes, those that the archive
    keeps. ``or_none``: if there are no good ones at all, none. Else raises SeedError, and
    ConfigError if there is no folder.
    """
    try:
        return _load(settings, sources=sources, last_good=last_good)
    except (SeedError, ConfigError) as error:
        if not or_none:
            raise
        return LoadedSeeds(seeds.Seeds(), {}, (), broken=tuple(str(error).splitlines()))


def _load(settings: Config, *, sources: bool, last_good: bool) -> LoadedSeeds:
    """If the folder's files are those that the archive keeps, only what is asked for is parsed."""
    kept = seed_sets.read_last(settings.archive) if last_good else None
    kept_at, kept_files = kept or (None, {})

    def load_files(files: Mapping[str, str], *, kinds: Collection[str]) -> seeds.Seeds:
        chosen = on_demand.load if kept and files == kept_files else seeds.load
        return chosen(files, kinds=kinds)

    try:
        loaded = load_folder(settings.seeds, spiders.kinds(), load_files)
        if sources:
            require_sources(loaded.found, find_seeds_folder(settings.seeds))
    except SeedError as error:
        if kept is None:
            raise
        try:
            found = seeds.load(kept_files, kinds=spiders.kinds())
        except SeedError:  # what an older rasd took
            raise error from None
        return LoadedSeeds(found, kept_files, (), broken=error.problems, kept_at=kept_at)
    return LoadedSeeds(loaded.found, loaded.files, loaded.state)
