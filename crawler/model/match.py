"""What topics see in an article: mentions, matches, and analysts' verdicts on them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

FieldName = Literal["headline", "lead", "summary", "body", "url"]
"""The parts of an article in which terms are looked for. ``summary`` is not shown by its page."""
VerdictName = Literal["relevant", "not", "missed"]
"""An analyst's answers: it belongs under the label, it does not, it does and the topic missed it.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A place in an article where a term of a concept stands."""

    field: FieldName
    start: int  # characters of the field's original text …
    end: int  # … exclusive
    concept: str  # its name
    term: str  # as the lexicon writes it
    text: str  # as the article writes it: field[start:end]
    reason: str = ""  # why the mention does not count; "" if it does


@dataclass(frozen=True, slots=True, kw_only=True)
class ConceptPlaces:
    """The mentions of one concept in an article, as they are kept for searches.

    Of ``sentences``, bit n stands for sentence n of the article, counted from 0 through its fields;
    all sentences from 62 on share bit 62.
    """

    sentences: int
    places: bytes  # matching.concepts.places packs and unpacks them


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundConcepts:
    """The concepts of a lexicon that an article mentions, and what they were found by.

    ``versions`` names every concept that was looked for.
    """

    versions: Mapping[str, str]
    country: str  # of the article's source, as it was known then
    found: Mapping[str, ConceptPlaces]


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A person or an institution that an article names."""

    name: str
    role: str  # as the article writes it: "foreign minister"
    side: str  # the concept that it speaks for


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldEvidence:
    """A line of a label's scorecard that holds in an article, and the first place where it does.

    ``field`` is "" where the line has no place: it asks for what is not there, or for metadata.
    """

    label: str
    name: str  # as the topic writes it
    points: int  # added to the label's sum; less than 0 if it speaks against the label
    field: FieldName | Literal[""] = ""
    start: int = 0  # characters of the field's original text …
    end: int = 0  # … exclusive


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """What one topic finds in an article: labels, and the mentions that prove them.

    A match has at least one label or one doubtful label. ``taken_away`` are the mentions that do
    not count, each with its ``reason``: a trap, an enumeration, an office not held at the time.
    ``evidence`` are the lines that hold of the labels' scorecards, label by label, those that
    weigh most first.
    """

    topic: str
    version: str  # hash of the topic and its concepts; "" for the answer of a search
    labels: tuple[str, ...]  # in the topic's order
    score: dict[str, float]  # label → 0 to 1: 0.5 or more if it holds, less if it nearly did
    mentions: tuple[Mention, ...]
    taken_away: tuple[Mention, ...] = ()
    themes: tuple[str, ...] = ()
    actors: tuple[Actor, ...] = ()
    doubtful: tuple[str, ...] = ()  # labels just below the line, for the watch list
    evidence: tuple[HeldEvidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """An analyst's judgement of one label of one topic on one article."""

    article_id: int
    topic: str
    label: str
    verdict: VerdictName
    said_by: str = ""  # name or initials
    note: str = ""
    version: str = ""  # of the match that was judged; "" if there was none
    said_at: datetime
