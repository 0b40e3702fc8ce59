"""What a user names in a command or a request: a topic or digest of the seeds, a moment. Pure."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from crawler import languages
from crawler.errors import NotFoundError, UsageError
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
    """The sources, topics, labels and languages that a search may name, by kind."""
    labels = {WATCH_LABEL, *(name for topic in seeds.topics.values() for name in topic.labels)}
    spoken = {code for source in seeds.sources.values() for code in source.languages}
    known = {"source": seeds.sources, "topic": seeds.topics, "label": labels}
    return known | {"lang": spoken | {*languages.CODES, "und"}}


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
