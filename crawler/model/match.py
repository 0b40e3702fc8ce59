"""The nouns that flow through rasd: frozen records, no behaviour beyond naming themselves.

Every datetime is aware UTC and its name ends in ``_at``; offsets are counted in characters of the
original text, end exclusive. Where a noun is defined for people: ``docs/vocabulary.md``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

FieldName = Literal["headline", "lead", "body", "url"]
VerdictName = Literal["relevant", "not", "missed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A term's place in the original text of one field: ``text[start:end]`` is what stands there."""

    field: FieldName
    start: int
    end: int
    concept: str
    term: str  # as the lexicon writes it
    text: str
    reason: str = ""  # of a mention taken away: what took it


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A person or an institution named in a text, and for whom it speaks."""

    name: str
    role: str
    side: str  # the concept it stands for


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """An article seen by one topic: its labels, and the proof for each.

    ``score`` maps labels to 0–1: those that hold have 0.5 or more, those that do not but were near
    have less. ``doubtful`` are the labels just under the line, for the watch list; a match may have
    only those. ``taken_away`` lists mentions that did not count, each with its ``reason``: a trap,
    an enumeration, an office not held at the time, or a noise rule that took labels.
    """

    topic: str
    version: str  # hash of the topic and its concepts
    labels: tuple[str, ...]
    score: dict[str, float]
    mentions: tuple[Mention, ...]
    taken_away: tuple[Mention, ...] = ()
    themes: tuple[str, ...] = ()
    actors: tuple[Actor, ...] = ()
    doubtful: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What an analyst says of an article under one label: that it belongs there, or does not.

    ``relevant`` and ``missed`` both say yes; ``missed`` adds that the topic had not said so.
    ``version`` is that of the match when it was judged, "" where there was none.
    """

    article_id: int
    topic: str
    label: str
    verdict: VerdictName
    said_by: str = ""
    note: str = ""
    version: str = ""
    said_at: datetime
