"""What a user names in a command or a request: a topic or digest of the seeds, a moment. Pure."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TypeVar

from crawler import languages
from crawler.errors import NotFoundError, UsageError
from crawler.matching.topics import actor_spellings
from crawler.query import WATCH_LABEL
from crawler.seeds import Seeds

_Named = TypeVar("_Named")
_AGE_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


def one(named: Mapping[str, _Named], name: str | None, noun: str, option: str) -> _Named:
    """The one with this name; without a name, the only one there is.

    NotFoundError for an unknown name, UsageError if there are several and no name.
    """
    if name is None and len(named) == 1:
        return next(iter(named.values()))
    if name is None:
        raise UsageError(
            f"which {noun}? give {option}: {', '.join(named) or 'the seeds hold none'}"
        )
    if name not in named:
        raise NotFoundError(f"no {noun} {name!r} in the seeds; known: {', '.join(named)}")
    return named[name]


def no_source(slug: str, known: Collection[str]) -> str:
    """The message for a slug that no source has: with the near one, or the verb that lists all."""
    near = difflib.get_close_matches(slug, known, n=1)
    hint = f"did you mean {near[0]!r}?" if near else "rasd sources list shows them"
    return f"no source {slug!r} in the seeds; {hint}"


def main_topic(seeds: Seeds) -> str | None:
    """The topic meant if none is named: the first of the first digest; None if no digest has one.

    Topics in no digest are examples and drafts.
    """
    return next((slug for recipe in seeds.digests.values() for slug in recipe.topics), None)


def names(seeds: Seeds) -> dict[str, Collection[str]]:
    """The sources, topics, labels, themes, actors, sides and languages that a search may name, by
    kind; actors and sides are looked for when they are asked for: they take the whole lexicon."""
    labels = {WATCH_LABEL, *(name for topic in seeds.topics.values() for name in topic.labels)}
    spoken = {code for source in seeds.sources.values() for code in source.languages}
    known = {"source": seeds.sources, "topic": seeds.topics, "label": labels}
    known["theme"] = {name for topic in seeds.topics.values() for name in topic.themes}
    return known | {
        "lang": spoken | {*languages.CODES, "und"},
        "actor": _Actors(seeds),
        "side": _Sides(seeds),
    }


def actors(seeds: Seeds) -> Mapping[str, Collection[str]]:
    """The actors of the lexicon by name, each with the terms that name it."""
    return actor_spellings(seeds.concepts.values())


class _Actors(Mapping[str, Collection[str]]):
    """``actors``, looked for when they are first asked for."""

    def __init__(self, seeds: Seeds) -> None:
        self._find = cache(lambda: actors(seeds))

    def __getitem__(self, name: str) -> Collection[str]:
        return self._find()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._find())

    def __len__(self) -> int:
        return len(self._find())


class _Sides(Collection[str]):
    """The sides for which actors of the lexicon speak, looked for when they are first asked for."""

    def __init__(self, seeds: Seeds) -> None:
        terms = (term for one in seeds.concepts.values() for term in one.terms)
        self._find = cache(lambda: {term.actor.side for term in terms if term.actor is not None})

    def __contains__(self, side: object) -> bool:
        return side in self._find()

    def __iter__(self) -> Iterator[str]:
        return iter(self._find())

    def __len__(self) -> int:
        return len(self._find())


def moment(written: str | None, now: datetime) -> datetime | None:
    """A day (2026-11-23), a time (2026-11-23T08:00Z) or an age (7d, 12h, 30m), as aware UTC.

    None stays None. UsageError for anything else.
    """
    if written is None:
        return None
    try:
        if age := re.fullmatch(r"(\d+)([mhd])", written):
            return now - timedelta(**{_AGE_UNITS[age[2]]: int(age[1])})
        at = datetime.fromisoformat(written)
    except (ValueError, OverflowError) as error:
        raise UsageError(f"{written!r} is no day (2026-11-23) and no age (7d, 12h)") from error
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
