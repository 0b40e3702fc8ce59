"""Why a text was flagged, or was not: every mention in its sentence, what was taken away, what a replay says.

Plain data in one fixed order, so that a verdict made again of the same text by the same version is
the same bytes; the same data as a page stands in ``templates/explanation.html.j2``. Pure.
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

Row = dict[str, Any]
Texts = Mapping[FieldName, str]
State = Literal["reproduced", "differs", "older", "gone", "would", "unflagged", "unseen"]
"""What a replay says: the stored verdict came out again, byte by byte; it did not; it is of another
version of the topic; its topic is no more in the seeds; nothing is stored and today's topic would
flag it; nothing is stored and today's topic flags nothing; only text that no reader sees speaks for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """One topic's verdict on one article. ``today`` is the verdict of today's topic, None if it is gone."""

    topic: str
    state: State
    verdict: Match  # as stored; where nothing is stored, today's
    today: Match | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A sentence as it stands in a field, with the mentions in it; offsets of the whole field."""

    field: FieldName
    start: int
    end: int
    text: str
    mentions: tuple[Mention, ...]


def explain(
    kept: ArchivedArticle, topics: Mapping[str, Topic], *, country: str = ""
) -> list[Explanation]:
    """Every topic's verdict on the article, each replayed; those that flagged it come first."""
    stored = {match.topic: match for match in kept.matches}
    fields = matching.fields_of(kept.article, country=country)
    found = [_explained(topic, stored.get(slug), fields) for slug, topic in topics.items()]
    found = [
        replace(one, state="unseen")
        if one.topic in stored and matching.is_unseen(kept.article, stored[one.topic])
        else one
        for one in found
    ]
    for slug, match in stored.items():
        if slug not in topics:
            found.append(Explanation(topic=slug, state="gone", verdict=match, today=None))
    return sorted(found, key=lambda one: one.topic not in stored)


def _explained(topic: Topic, stored: Match | None, fields: Fields) -> Explanation:
    today = matching.matcher(topic).match(fields)
    state: State
    if stored is None:
        state = "would" if today.labels or today.doubtful else "unflagged"
        verdict = evident(today, fields, topic)
    else:
        verdict = stored
        if stored.version != today.version:
            state = "older"
        else:
            same = written(stored, fields.texts) == written(today, fields.texts)
            state = "reproduced" if same else "differs"
    return Explanation(topic=topic.slug, state=state, verdict=verdict, today=today)


def evident(verdict: Match, fields: Fields, topic: Topic, label: str | None = None) -> Match:
    """The verdict with what the rules found all the same, where it flagged nothing (or not ``label``)."""
    held = label in verdict.labels if label else verdict.labels
    if held or (label is None and verdict.mentions):
        return verdict
    document = Document(fields, matching.matcher(topic).vocabulary)
    document.take_enumerations(topic.enumerated, topic.enumerated_at_least)
    asked = [topic.labels[label]] if label else topic.labels.values()
    hits = [hit for one in asked for hit in document.evidence(one.rule)]
    away = list(document.taken_away)
    for noise in topic.noise:
        holds, places = document.ask(noise.rule)
        if holds:
            away += [replace(m, reason=f"noise {noise.name}") for m in scoring.in_order(places)]
    mentions = dict.fromkeys((*verdict.mentions, *scoring.in_order(hits)))
    return replace(verdict, mentions=tuple(mentions), taken_away=tuple(away))


# ── as data ───────────────────────────────────────────────────────────────────────────────────


def verdict_row(match: Match, texts: Texts) -> Row:
    """A verdict as plain data: labels, scores, themes, actors, and each mention in its sentence."""
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


def written(match: Match, texts: Texts) -> bytes:
    """The verdict's bytes: equal for equal verdicts on equal texts."""
    return json.dumps(verdict_row(match, texts), ensure_ascii=False).encode()


def row(kept: ArchivedArticle, explanations: Sequence[Explanation]) -> Row:
    """What ``rasd explain --json`` says."""
    article, texts = kept.article, matching.fields_of(kept.article).texts
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


def _mention_row(mention: Mention, texts: Texts) -> Row:
    start, end = sentence_of(mention, texts.get(mention.field, ""))
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


def sentence_of(mention: Mention, text: str) -> tuple[int, int]:
    """Where the sentence stands in which a mention begins; the mention's own place if none is told."""
    for start, end in sentences(text):
        if start <= mention.start < end:
            return start, max(end, mention.end)
    return mention.start, mention.end


def quotes(mentions: Sequence[Mention], texts: Texts) -> list[Quote]:
    """The sentences that hold the mentions, in the order in which one reads."""
    held: dict[tuple[FieldName, int, int], list[Mention]] = {}
    for mention in mentions:
        place = sentence_of(mention, texts.get(mention.field, ""))
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


def pieces(
    text: str, at: int, mentions: Sequence[Mention]
) -> list[tuple[str, tuple[Mention, ...]]]:
    """A text cut where mentions begin and end; ``at`` is its own place in the field.

    Every piece comes with the mentions that cover it; together the pieces are the text.
    """
    cuts = {0, len(text)}
    for mention in mentions:
        cuts |= {min(max(place - at, 0), len(text)) for place in (mention.start, mention.end)}
    edges = sorted(cuts)
    return [
        (text[a:b], tuple(m for m in mentions if m.start - at <= a and b <= m.end - at))
        for a, b in pairwise(edges)
    ]
