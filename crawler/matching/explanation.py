"""Why a text was flagged or not: each mention in its sentence, exclusions, and a replay. Pure.

As ``--json``, for a terminal and as a page: ``crawler.views.explanation``, ``explanation_html``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import Literal

from crawler import matching
from crawler.languages import sentences
from crawler.matching import scoring
from crawler.matching.fields import Fields
from crawler.matching.topics import Topic
from crawler.model import ArchivedArticle, FieldName, HeldEvidence, Match, Mention

Texts = Mapping[FieldName, str]
Replay = Literal["reproduced", "differs", "older", "gone", "would", "unflagged", "unseen"]
"""The result of matching again with today's topic.

``reproduced``: the same; ``differs``: not the same; ``older``: stored by another
version of the topic; ``gone``: the topic is no longer in the seeds; ``would``: not stored, but
today's topic flags it; ``unflagged``: not stored, and not flagged today; ``unseen``: based on
hidden text only.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """One topic's match on one article. ``today`` is the match of today's topic, None if that is
    gone.
    """

    topic: str
    state: Replay
    verdict: Match  # as stored; where nothing is stored, today's
    today: Match | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A sentence of a field with its mentions; offsets are those of the whole field."""

    field: FieldName
    start: int
    end: int
    text: str
    mentions: tuple[Mention, ...]


def explain(
    kept: ArchivedArticle, topics: Mapping[str, Topic], *, country: str = ""
) -> list[Explanation]:
    """Return every topic's match for the article with its replay, stored matches first."""
    stored = {match.topic: match for match in kept.matches}
    fields = matching.article_fields(kept.article, country=country)
    found = [_explain_topic(topic, stored.get(slug), fields) for slug, topic in topics.items()]
    found = [
        replace(one, state="unseen")
        if one.topic in stored and matching.is_from_hidden_text(kept.article, stored[one.topic])
        else one
        for one in found
    ]
    for slug, match in stored.items():
        if slug not in topics:
            found.append(Explanation(topic=slug, state="gone", verdict=match, today=None))
    return sorted(found, key=lambda one: one.topic not in stored)


def _explain_topic(topic: Topic, stored: Match | None, fields: Fields) -> Explanation:
    today = matching.get_matcher(topic).match(fields)
    state: Replay
    if stored is None:
        state = "would" if today.labels or today.doubtful else "unflagged"
        verdict = with_evidence(today, fields, topic)
    else:
        verdict = stored
        if stored.version != today.version:
            state = "older"
        else:
            state = "reproduced" if stored == today else "differs"
    return Explanation(topic=topic.slug, state=state, verdict=verdict, today=today)


def with_evidence(verdict: Match, fields: Fields, topic: Topic, label: str | None = None) -> Match:
    """The match with mentions of everything its rules look for, and with the evidence that holds
    all the same, if it flagged nothing (or not ``label``).
    """
    held = label in verdict.labels if label else verdict.labels
    if held or (label is None and verdict.mentions):
        return verdict
    asked = [label] if label else list(topic.labels)
    document = matching.get_matcher(topic).story(fields)
    full = scoring.score_topic(document, topic, show=asked)
    spans = [hit for name in asked for hit in document.evidence(topic.labels[name].rule)]
    mentions = dict.fromkeys((*verdict.mentions, *full.mentions, *scoring.sorted_mentions(spans)))
    return replace(
        verdict, mentions=tuple(mentions), taken_away=full.taken_away, evidence=full.evidence
    )


# ── in the text ───────────────────────────────────────────────────────────────────────────────


def find_sentence(mention: Mention | HeldEvidence, text: str) -> tuple[int, int]:
    """The offsets of the sentence in which a mention begins; the mention's own if there is none."""
    for start, end in _sentence_places(text):
        if start <= mention.start < end:
            return start, max(end, mention.end)
    return mention.start, mention.end


@lru_cache(maxsize=8)  # of one article, whose many mentions are looked up one after the other
def _sentence_places(text: str) -> tuple[tuple[int, int], ...]:
    return tuple(sentences(text))


def evidence_sentence(line: HeldEvidence, texts: Texts) -> str:
    """The sentence in which a line of evidence first holds; "" if it has no place."""
    text = texts.get(line.field, "") if line.field else ""
    start, end = find_sentence(line, text)
    return text[start:end]


def quote_sentences(mentions: Sequence[Mention], texts: Texts) -> list[Quote]:
    """The sentences that contain the mentions, in reading order."""
    held: dict[tuple[FieldName, int, int], list[Mention]] = {}
    for mention in mentions:
        place = find_sentence(mention, texts.get(mention.field, ""))
        held.setdefault((mention.field, *place), []).append(mention)
    return [
        Quote(
            field=name,
            start=start,
            end=end,
            text=texts.get(name, "")[start:end],
            mentions=tuple(found),
        )
        for (name, start, end), found in held.items()
    ]


def split_at_mentions(
    text: str, at: int, mentions: Sequence[Mention]
) -> list[tuple[str, tuple[Mention, ...]]]:
    """Cut a text where mentions begin and end; ``at`` is the text's offset in the field.

    Each piece comes with the mentions that cover it; the pieces together are the text.
    """
    cuts = {0, len(text)}
    for mention in mentions:
        cuts |= {min(max(place - at, 0), len(text)) for place in (mention.start, mention.end)}
    edges = sorted(cuts)
    return [
        (text[a:b], tuple(m for m in mentions if m.start - at <= a and b <= m.end - at))
        for a, b in pairwise(edges)
    ]
