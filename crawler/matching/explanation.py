"""Why a text was flagged or not: each mention in its sentence, exclusions, and a replay. Pure.

The result is plain data in a fixed order, so that the same match on the same text gives the same
bytes. ``views.explanation_html`` renders it as a page.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Literal

from crawler import matching
from crawler.languages import sentences
from crawler.matching import scoring
from crawler.matching.document import Document
from crawler.matching.fields import Fields
from crawler.matching.topics import Topic
from crawler.model import ArchivedArticle, FieldName, Match, Mention

JsonObject = dict[str, Any]
Texts = Mapping[FieldName, str]
Replay = Literal["reproduced", "differs", "older", "gone", "would", "unflagged", "unseen"]
"""The result of matching again with today's topic.

``reproduced``: the same, byte by byte; ``differs``: not the same; ``older``: stored by another
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
            same = verdict_bytes(stored, fields.texts) == verdict_bytes(today, fields.texts)
            state = "reproduced" if same else "differs"
    return Explanation(topic=topic.slug, state=state, verdict=verdict, today=today)


def with_evidence(verdict: Match, fields: Fields, topic: Topic, label: str | None = None) -> Match:
    """The match with mentions of everything its rules look for, if it flagged nothing (or not
    ``label``).
    """
    held = label in verdict.labels if label else verdict.labels
    if held or (label is None and verdict.mentions):
        return verdict
    document = Document.from_fields(fields, matching.get_matcher(topic).vocabulary)
    document.exclude_enumerations(topic.enumerated, topic.enumerated_at_least)
    asked = [topic.labels[label]] if label else topic.labels.values()
    spans = [hit for one in asked for hit in document.evidence(one.rule)]
    away = list(document.excluded)
    for noise in topic.noise:
        holds, places = document.evaluate(noise.rule)
        if holds:
            away += [
                replace(m, reason=f"noise {noise.name}") for m in scoring.sorted_mentions(places)
            ]
    mentions = dict.fromkeys((*verdict.mentions, *scoring.sorted_mentions(spans)))
    return replace(verdict, mentions=tuple(mentions), taken_away=tuple(away))


# ── as data ───────────────────────────────────────────────────────────────────────────────────


def verdict_row(match: Match, texts: Texts) -> JsonObject:
    """A match as plain data: labels, scores, themes, actors, and each mention in its sentence."""
    return {
        "topic": match.topic,
        "version": match.version,
        "labels": list(match.labels),
        "doubtful": list(match.doubtful),
        "score": dict(match.score),
        "themes": list(match.themes),
        "actors": [{"name": a.name, "role": a.role, "side": a.side} for a in match.actors],
        "mentions": [_mention_row(m, texts) for m in match.mentions],
        "taken_away": [_mention_row(m, texts) | {"reason": m.reason} for m in match.taken_away],
    }


def verdict_bytes(match: Match, texts: Texts) -> bytes:
    """The match as bytes: equal matches on equal texts give equal bytes."""
    return json.dumps(verdict_row(match, texts), ensure_ascii=False).encode()


def explanation_row(kept: ArchivedArticle, explanations: Sequence[Explanation]) -> JsonObject:
    """The output of ``rasd explain --json``."""
    article, texts = kept.article, matching.article_fields(kept.article).texts
    at = article.published.at if article.published else None
    return {
        "id": kept.id,
        "headline": article.headline,
        "url": article.url,
        "source": article.source,
        "language": article.language,
        "published_at": at.isoformat() if at else None,
        "oddities": list(article.oddities),
        "verdicts": [
            verdict_row(e.verdict, texts)
            | {
                "replay": e.state,
                "today": None
                if e.today is None
                else {
                    "version": e.today.version,
                    "labels": list(e.today.labels),
                    "score": dict(e.today.score),
                },
            }
            for e in explanations
        ],
    }


def _mention_row(mention: Mention, texts: Texts) -> JsonObject:
    start, end = find_sentence(mention, texts.get(mention.field, ""))
    return {
        "field": mention.field,
        "start": mention.start,
        "end": mention.end,
        "concept": mention.concept,
        "term": mention.term,
        "text": mention.text,
        "sentence": texts.get(mention.field, "")[start:end],
    }


# ── in the text ───────────────────────────────────────────────────────────────────────────────


def find_sentence(mention: Mention, text: str) -> tuple[int, int]:
    """The offsets of the sentence in which a mention begins; the mention's own if there is none."""
    for start, end in sentences(text):
        if start <= mention.start < end:
            return start, max(end, mention.end)
    return mention.start, mention.end


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
