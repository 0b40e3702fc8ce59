"""What the reading verbs say: plain data first (that is ``--json``), then the same for a terminal."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from rich.text import Text

from crawler.errors import NotFoundError, RasdError
from crawler.model import ArchivedArticle, Mention
from crawler.seeds import Seeds

if TYPE_CHECKING:
    pass


Row = dict[str, Any]
T = TypeVar("T")


class UsageError(RasdError, ValueError):
    """The command cannot be understood."""

    exit_code = 2


def one(named: Mapping[str, T], name: str | None, noun: str, option: str) -> T:
    """The one of this name, or the only one there is; NotFound or UsageError otherwise."""
    if name is None and len(named) == 1:
        return next(iter(named.values()))
    if name is None:
        raise UsageError(
            f"which {noun}? give {option}: {', '.join(named) or 'the seeds hold none'}"
        )
    if name not in named:
        raise NotFoundError(f"no {noun} {name!r} in the seeds; known: {', '.join(named)}")
    return named[name]


def main_topic(seeds: Seeds) -> str | None:
    """The topic meant where none is named: the first that a digest is made of, for the topics that
    stand beside it are examples and drafts; None where no digest is."""
    return next((slug for recipe in seeds.digests.values() for slug in recipe.topics), None)


def moment(written: str | None, now: datetime) -> datetime | None:
    """A day (2026-11-23), a time (2026-11-23T08:00Z) or an age (7d, 12h, 30m), as aware UTC."""
    if written is None:
        return None
    if age := re.fullmatch(r"(\d+)([mhd])", written):
        unit = {"m": "minutes", "h": "hours", "d": "days"}[age[2]]
        return now - timedelta(**{unit: int(age[1])})
    try:
        at = datetime.fromisoformat(written)
    except ValueError as error:
        raise UsageError(f"{written!r} is no day (2026-11-23) and no age (7d, 12h)") from error
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def date_facts(kept: ArchivedArticle) -> Row:
    written = kept.article
    return {
        "id": kept.id,
        "headline": written.headline,
        "url": written.url,
        "source": written.source,
        "language": written.language,
        "published_at": iso(written.published.at) if written.published else None,
        "published_from": written.published.source if written.published else None,
        "first_seen_at": iso(written.first_seen_at),
        "matches": [
            {
                "topic": m.topic,
                "labels": list(m.labels),
                "score": m.score,
                "version": m.version,
                "doubtful": list(m.doubtful),
            }
            for m in kept.matches
        ],
    }


def mention_row(mention: Mention) -> Row:
    return {
        "field": mention.field,
        "start": mention.start,
        "end": mention.end,
        "concept": mention.concept,
        "term": mention.term,
        "text": mention.text,
    }


def sentence(kept: ArchivedArticle, mention: Mention) -> str:
    from crawler.languages import sentences

    text = {
        "headline": kept.article.headline,
        "lead": kept.article.lead,
        "body": kept.article.body,
    }.get(mention.field, "")
    spans = (s for s in sentences(text) if s[0] <= mention.start < s[1])
    start, end = next(spans, (0, 0))
    return text[start:end] if mention.field != "headline" else ""


def highlighted(text: str, kept: ArchivedArticle, field: str, style: str = "") -> Text:
    shown = Text(text, style=style)
    for match in kept.matches:
        for mention in match.mentions:
            if mention.field == field:
                shown.stylize("bold black on yellow", mention.start, mention.end)
    return shown


def date_origin(kept: ArchivedArticle) -> str:
    published = kept.article.published
    seen = f"first seen {short(iso(kept.article.first_seen_at))}"
    if published is None:
        return f"no date that can be trusted; {seen}"
    day = "" if published.has_time else " (a day only)"
    at = short(iso(published.at))
    return f"published {at} UTC{day}, from {published.source}: {published.printed!r}; {seen}"


def iso(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z") if at else None


def short(iso: str | None) -> str:
    return iso[:16].replace("T", " ") if iso else "–"
