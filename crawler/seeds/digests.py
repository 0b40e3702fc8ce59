"""What is watched: seed files, read strictly. ``{path: text}`` in, sources, topics and digests out.

A key that is not known, a language that is not one, a rule that cannot be parsed is an error with
``file:line``, what was found and what was meant; one bad seed and nothing is loaded. This module
opens no file (``app`` reads the folder) and judges no text (``matching`` runs the examples).
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import time
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from crawler.errors import SeedError
from crawler.model import Language
from crawler.seeds.files import SeedDocument
from crawler.seeds.schema import Found, Lang, Shape, Titles
from crawler.seeds.sources import Zone


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestRecipe:
    """What a digest holds and when it goes out; who gets it stands in the archive."""

    slug: str
    title: dict[Language, str]
    topics: tuple[str, ...]
    languages: tuple[Language, ...]  # the first frames the mail
    hour: time
    timezone: str
    when_empty: Literal["line", "silence"] = "line"
    max_events: int = 12


def _hour(value: object) -> object:
    if not isinstance(value, str) or not re.fullmatch(r"[0-2]?\d:[0-5]\d", value):
        raise ValueError(f'{value!r} is no time of day; write it in quotes, such as "07:30"')
    hours, _, minutes = value.partition(":")
    return time(int(hours), int(minutes))


class DigestFile(Shape):
    title: Titles
    topics: Annotated[list[str], Field(min_length=1)]
    languages: Annotated[list[Lang], Field(min_length=1)]
    hour: Annotated[time, BeforeValidator(_hour)]
    timezone: Zone
    when_empty: Literal["line", "silence"] = "line"
    max_events: Annotated[int, Field(ge=1)] = 12


def digest(file: SeedDocument, found: Found, kinds: Collection[str]) -> DigestRecipe:
    shape: DigestFile = file.shape
    for n, topic in enumerate(shape.topics):
        if topic not in found["topics"]:
            raise SeedError(file.problem(("topics", n), f"no topic {topic!r} in topics/"))
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
