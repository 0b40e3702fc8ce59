"""The shapes of times, matches and mentions in JSON, the same in every answer and export. Pure.

A key has one meaning wherever it stands. Times are ISO 8601 in UTC, to the second; what is not
known is null.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from crawler.model import Match, Mention

JsonRow = dict[str, Any]
"""One object of JSON."""


def iso(at: datetime | None) -> str | None:
    """A time as ISO 8601: ``2026-11-23T08:00:00+00:00``; None stays None."""
    return at.astimezone(UTC).isoformat(timespec="seconds") if at else None


def match_row(match: Match) -> JsonRow:
    """What a topic says of an article, without the proof."""
    return {
        "topic": match.topic,
        "version": match.version,
        "labels": list(match.labels),
        "doubtful": list(match.doubtful),
        "score": dict(match.score),
    }


def mention_row(mention: Mention) -> JsonRow:
    """A term's place in a field; ``start`` and ``end`` count its characters, end exclusive."""
    return {
        "field": mention.field,
        "start": mention.start,
        "end": mention.end,
        "concept": mention.concept,
        "term": mention.term,
        "text": mention.text,
    }
