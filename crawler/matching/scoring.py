"""A topic's scorecards filled in for a document: labels, points, and the mentions behind them.

Each label is a scorecard. Where its rule holds, the points of all its evidence that holds are
added up; the sum decides whether the label holds or is doubtful. A score is the same sum on a scale
from 0 to 1 (``Label.score``): it tells how clearly a label holds, not how important the story is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from crawler.matching.document import Document
from crawler.matching.mentions import Span
from crawler.matching.topics import MIN_LABEL_SCORE, Evidence, Label, Topic
from crawler.model import HeldEvidence, Match, Mention

MAX_UNLABELLED_SCORE = MIN_LABEL_SCORE - 0.01  # the most that a label which does not hold can score

_FIELD_ORDER: dict[str, int] = {"headline": 0, "lead": 1, "summary": 2, "body": 3, "url": 4}


@dataclass(frozen=True, slots=True)
class _Card:
    """A label's scorecard, filled in: which evidence holds, and where."""

    points: int
    held: Sequence[tuple[Evidence, Sequence[Span]]]
    holds: bool
    doubtful: bool
    score: float
    rule_spans: Sequence[Span] = ()


_BLANK = _Card(0, (), holds=False, doubtful=False, score=0.0)


def score_topic(document: Document, topic: Topic, *, show: Collection[str] = ()) -> Match:
    """Return the topic's match for the document, whose enumerations are excluded; without labels
    and scores if nothing speaks for it.

    The proof is that of the labels that hold, else of the doubtful ones, and of those to ``show``.
    """
    cards: dict[str, _Card] = {}
    for label in topic.labels.values():
        needed = cards[label.needs] if label.needs is not None else None
        cards[label.name] = _fill_card(document, label, needed)
    labels = tuple(name for name, card in cards.items() if card.holds)
    doubtful = tuple(name for name, card in cards.items() if card.doubtful)
    shown = [name for name in cards if name in (labels or doubtful) or name in show]
    spans = [span for name in shown for span in _spans_for(cards[name])]
    themes = []
    for name, rule in topic.themes.items() if shown else ():
        holds, more = document.evaluate(rule)
        if holds:
            themes.append(name)
            spans += more
    spans += document.actors.values() if shown else ()
    return Match(
        topic=topic.slug,
        version=topic.version,
        labels=labels,
        score={name: card.score for name, card in cards.items() if card.score},
        mentions=sorted_mentions(spans),
        taken_away=tuple(document.excluded) if shown else (),
        themes=tuple(themes),
        actors=tuple(document.actors) if shown else (),
        doubtful=doubtful,
        evidence=tuple(
            _held_evidence(name, line, found)
            for name, card in cards.items()
            if card.holds or card.doubtful or name in show
            for line, found in card.held
        ),
    )


def held_lines(document: Document, topic: Topic) -> dict[str, tuple[int, ...]]:
    """For each label whose rule holds, and that of the label it needs, the lines of its card that
    hold, by their place.
    """
    found: dict[str, tuple[int, ...]] = {}
    for label in topic.labels.values():
        if (label.needs is None or label.needs in found) and document.evaluate(label.rule)[0]:
            held = (n for n, e in enumerate(label.evidence) if document.evaluate(e.rule)[0])
            found[label.name] = tuple(held)
    return found


def _fill_card(document: Document, label: Label, needed: _Card | None) -> _Card:
    """The label's card; blank where its rule does not hold, or that of the label that it needs."""
    if needed is _BLANK:
        return _BLANK
    holds, spans = document.evaluate(label.rule)
    if not holds:
        return _BLANK
    held = []
    for line in label.evidence:
        found, places = document.evaluate(line.rule)
        if found:
            held.append((line, places))
    points = label.start + sum(line.points for line, _ in held)
    held.sort(key=lambda pair: -abs(pair[0].points))
    score = label.score(points)
    near = label.doubtful_from is not None and points >= label.doubtful_from
    doubtful = near and points < label.holds_from
    holds = points >= label.holds_from
    if needed is not None and not needed.holds:
        doubtful = (near or holds) and needed.doubtful
        holds, score = False, min(score, needed.score)
    score = score if holds else min(score, MAX_UNLABELLED_SCORE)
    return _Card(points, held, holds, doubtful, score, () if label.evidence else spans)


def _spans_for(card: _Card) -> Iterable[Span]:
    """The places of what speaks for the label."""
    yield from card.rule_spans
    for line, spans in card.held:
        if not line.against:
            yield from spans


def _held_evidence(label: str, line: Evidence, spans: Sequence[Span]) -> HeldEvidence:
    """A line of evidence that holds, with the first place where it does."""
    if not spans:
        return HeldEvidence(label=label, name=line.name, points=line.points)
    first = min(spans, key=_reading_order)
    return HeldEvidence(
        label=label,
        name=line.name,
        points=line.points,
        field=first.field,
        start=min(mention.start for mention in first.mentions),
        end=max(mention.end for mention in first.mentions),
    )


def _reading_order(span: Span) -> tuple[int, int, int]:
    return _FIELD_ORDER[span.field], span.first, span.last


def missing_evidence(match: Match, label: Label) -> tuple[Evidence, ...]:
    """What speaks for the label and does not hold, the most telling first."""
    held = {line.name for line in match.evidence if line.label == label.name}
    lacking = [e for e in label.evidence if not e.against and e.points and e.name not in held]
    return tuple(sorted(lacking, key=lambda e: -e.points))


def points_of(match: Match, label: Label) -> int:
    """The sum that decided about a label that holds or is doubtful."""
    return label.start + sum(line.points for line in match.evidence if line.label == label.name)


def rank(match: Match) -> tuple[int, int, float]:
    """How much a topic finds: labels, then doubtful ones, then scores."""
    return len(match.labels), len(match.doubtful), sum(match.score.values())


def doubt_labels(match: Match, doubted: Collection[str]) -> Match:
    """The match with these labels only doubtful, their scores under the threshold."""
    if not doubted:
        return match
    score = {
        name: min(score, MAX_UNLABELLED_SCORE) if name in doubted else score
        for name, score in match.score.items()
    }
    return replace(
        match,
        labels=tuple(name for name in match.labels if name not in doubted),
        doubtful=tuple(n for n in match.score if n in doubted or n in match.doubtful),
        score=score,
    )


def sorted_mentions(spans: Iterable[Span]) -> tuple[Mention, ...]:
    """The mentions of the spans, each once, in reading order."""
    mentions = {mention: None for span in spans for mention in span.mentions}
    return tuple(sorted(mentions, key=lambda m: (_FIELD_ORDER[m.field], m.start, m.end, m.concept)))
