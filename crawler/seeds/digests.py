"""The schema of ``digests/<slug>.yml``, and the recipe built from it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import time
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from crawler.errors import UnknownSeedError
from crawler.model import Language
from crawler.seeds.files import SeedDocument
from crawler.seeds.schema import BuiltSeeds, Lang, Shape, Titles
from crawler.seeds.sources import Zone


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestRecipe:
    """What a digest contains and when it is sent; the archive has its recipients."""

    slug: str
    title: dict[Language, str]
    topics: tuple[str, ...]
    languages: tuple[Language, ...]  # the first frames the mail
    hour: time
    timezone: str
    when_empty: Literal["line", "silence"] = "line"
    max_events: int = 12


def _parse_hour(value: object) -> object:
    if not isinstance(value, str) or not re.fullmatch(r"(?:[01]?[0-9]|2[0-3]):[0-5][0-9]", value):
        raise ValueError(f'{value!r} is no time of day; write it in quotes, such as "07:30"')
    hours, _, minutes = value.partition(":")
    return time(int(hours), int(minutes))


class DigestFile(Shape):
    """``digests/<slug>.yml``."""

    title: Titles
    topics: Annotated[list[str], Field(min_length=1)]
    languages: Annotated[list[Lang], Field(min_length=1)]
    hour: Annotated[time, BeforeValidator(_parse_hour)]
    timezone: Zone
    when_empty: Literal["line", "silence"] = "line"
    max_events: Annotated[int, Field(ge=1, le=1000)] = 12


def build_digest(file: SeedDocument, found: BuiltSeeds, kinds: Collection[str]) -> DigestRecipe:
    """Return the recipe. Raises SeedError if it names an unknown topic."""
    shape: DigestFile = file.shape
    for n, topic in enumerate(shape.topics):
        if topic not in found["topics"]:
            near = difflib.get_close_matches(topic, found["topics"], n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            message = file.problem(("topics", n), f"no topic {topic!r} in topics/{hint}")
            raise UnknownSeedError("topics", topic, message)
    return DigestRecipe(
        slug=file.slug,
        title=shape.title,
        topics=tuple(shape.topics),
        languages=tuple(shape.languages),
        hour=shape.hour,
        timezone=shape.timezone,
        when_empty=shape.when_empty,
        max_events=shape.max_events,
    )
