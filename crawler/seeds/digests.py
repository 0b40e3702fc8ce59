"""The schema of ``digests/<slug>.yml``, and the recipe built from it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import time
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from crawler.errors import SeedError, UnknownSeedError
from crawler.model import Language
from crawler.seeds.files import SeedDocument
from crawler.seeds.schema import BuiltSeeds, Lang, Shape, Titles
from crawler.seeds.sources import Zone


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestRecipe:
    """What a digest contains and when it is sent; the archive has its recipients."""

    slug: str
    title: dict[Language, str]
    topics: tuple[str, ...] = ()
    queries: tuple[str, ...] = ()  # slugs of saved searches
    languages: tuple[Language, ...]  # the first frames the mail
    hour: time
    timezone: str
    when_empty: Literal["line", "silence"] = "line"
    max_events: int = 12

    @property
    def judged_by(self) -> tuple[str, ...]:
        """The slugs of its topics, then its saved searches as ``@slug``: what its sections are
        of."""
        return (*self.topics, *(f"@{slug}" for slug in self.queries))


def _parse_hour(value: object) -> object:
    if not isinstance(value, str) or not re.fullmatch(r"(?:[01]?[0-9]|2[0-3]):[0-5][0-9]", value):
        raise ValueError(f'{value!r} is no time of day; write it in quotes, such as "07:30"')
    hours, _, minutes = value.partition(":")
    return time(int(hours), int(minutes))


class DigestFile(Shape):
    """``digests/<slug>.yml``."""

    title: Titles
    topics: list[str] = Field(default_factory=list)
    queries: list[str] = Field(default_factory=list)
    languages: Annotated[list[Lang], Field(min_length=1)]
    hour: Annotated[time, BeforeValidator(_parse_hour)]
    timezone: Zone
    when_empty: Literal["line", "silence"] = "line"
    max_events: Annotated[int, Field(ge=1, le=1000)] = 12


def build_digest(file: SeedDocument, found: BuiltSeeds, kinds: Collection[str]) -> DigestRecipe:
    """Return the recipe. Raises SeedError if it names an unknown topic or saved search, or none of
    either."""
    shape: DigestFile = file.shape
    if not shape.topics and not shape.queries:
        raise SeedError(file.problem((), "a digest of nothing; name topics or queries"))
    for folder, noun, names in (
        ("topics", "topic", shape.topics),
        ("queries", "saved search", shape.queries),
    ):
        for n, name in enumerate(names):
            _require(file, found, (folder, n), noun, name)
    return DigestRecipe(
        slug=file.slug,
        title=shape.title,
        topics=tuple(shape.topics),
        queries=tuple(name.removeprefix("@") for name in shape.queries),
        languages=tuple(shape.languages),
        hour=shape.hour,
        timezone=shape.timezone,
        when_empty=shape.when_empty,
        max_events=shape.max_events,
    )


def _require(
    file: SeedDocument, found: BuiltSeeds, key_path: tuple[str, int], noun: str, name: str
) -> None:
    """Raise SeedError if the folder that the key is called after has nothing of this name; a saved
    search may be called ``@slug`` too."""
    folder = key_path[0]
    slug = name.removeprefix("@") if folder == "queries" else name
    if slug not in found[folder]:
        near = difflib.get_close_matches(slug, found[folder], n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        message = file.problem(key_path, f"no {noun} {slug!r} in {folder}/{hint}")
        raise UnknownSeedError(folder, slug, message)
