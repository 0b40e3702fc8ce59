"""Why a text was flagged or not: each mention in its sentence, exclusions, and a replay. Pure.

As ``--json``, for a terminal and as a page: ``crawler.views.explanation``, ``explanation_html``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import Literal, get_args

from crawler import matching
from crawler.languages import sentences
from crawler.matching import scoring
from crawler.matching.fields import Fields
from crawler.matching.shortfall import LabelCard, fill_cards
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
    gone; ``cards`` are its scorecards, filled in.
    """

    topic: str
    state: Replay
    verdict: Match  # as stored; where nothing is stored, today's
    today: Match | None
    cards: tuple[LabelCard, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A sentence of a field with its mentions and the lines of evidence that first hold in it;
    offsets are those of the whole field."""

    field: FieldName
    start: int
    end: int
    text: str
    mentions: tuple[Mention, ...]
    lines: tuple[HeldEvidence, ...] = ()


def explain(
    kept: ArchivedArticle, topics: Mapping[str, Topic], *, country: str = ""
) -> list[Explanation]:
    """Return every topic's match for the article with its replay: stored matches first, then the
    topics whose rule holds for a label at least."""
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
    return sorted(found, key=lambda one: (one.topic not in stored, not _comes_near(one)))


def _comes_near(one: Explanation) -> bool:
    return any(card.points is not None for card in one.cards)


def _explain_topic(topic: Topic, stored: Match | None, fields: Fields) -> Explanation:
    matcher = matching.get_matcher(topic)
    today = matcher.match(fields)
    cards = fill_cards(matcher.story(fields), topic)
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
    return Explanation(topic=topic.slug, state=state, verdict=verdict, today=today, cards=cards)


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


def quote_sentences(
    mentions: Sequence[Mention], texts: Texts, lines: Sequence[HeldEvidence] = ()
) -> list[Quote]:
    """The sentences that contain the mentions or the places of the lines, each once, in reading
    order."""
    held: dict[tuple[FieldName, int], tuple[list[Mention], list[HeldEvidence]]] = {}
    ends: dict[tuple[FieldName, int], int] = {}
    placed: tuple[Mention | HeldEvidence, ...] = (*mentions, *lines)
    for one in placed:
        if not one.field:
            continue
        start, end = find_sentence(one, texts.get(one.field, ""))
        key = (one.field, start)
        ends[key] = max(end, ends.get(key, end))
        found, proven = held.setdefault(key, ([], []))
        if isinstance(one, HeldEvidence):
            proven.append(one)
        else:
            found.append(one)
    return [
        Quote(
            field=name,
            start=start,
            end=ends[name, start],
            text=texts.get(name, "")[start : ends[name, start]],
            mentions=tuple(found),
            lines=tuple(proven),
        )
        for (name, start), (found, proven) in sorted(held.items(), key=_reading_order)
    ]


def _reading_order(item: tuple[tuple[FieldName, int], object]) -> tuple[int, int]:
    (name, start), _ = item
    return get_args(FieldName).index(name), start


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
