"""A topic's rules evaluated on a document: labels, scores and the mentions that support them.

A score tells how clearly a label's rule holds, not how important the story is. A rule that holds
scores 0.5, more for the headline and the lead, a little for each further sentence; a rule that does
not hold scores less than 0.5, by how much of it holds. The topic's weights and noise are added and
subtracted. A label holds if its rule does and its score is at least ``MIN_LABEL_SCORE``.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from crawler.matching.document import Document
from crawler.matching.mentions import Span
from crawler.matching.topics import MIN_LABEL_SCORE, Label, Topic
from crawler.model import Match, Mention

HEADLINE_BONUS, LEAD_BONUS, SENTENCE_BONUS, MAX_BONUS_SENTENCES = 0.2, 0.1, 0.05, 4
MAX_UNLABELLED_SCORE = MIN_LABEL_SCORE - 0.01  # the most that a rule which does not hold can score
MAX_EVIDENCE_SPANS = 40  # mentions kept of a label that only nearly holds

_FIELD_ORDER: dict[str, int] = {"headline": 0, "lead": 1, "summary": 2, "body": 3, "url": 4}


@dataclass(frozen=True, slots=True)
class _Answer:
    holds: bool
    score: float
    spans: Sequence[Span]


def score_topic(document: Document, topic: Topic) -> Match:
    """Return the topic's match for the document; without labels and scores if nothing speaks for
    it.
    """
    document.exclude_enumerations(topic.enumerated, topic.enumerated_at_least)
    asked = {noise.name: document.evaluate(noise.rule) for noise in topic.noise}
    noisy = {name: spans for name, (holds, spans) in asked.items() if holds}
    answers: dict[str, _Answer] = {}
    for label in topic.labels.values():
        answers[label.name] = _judge_label(document, topic, label, noisy, answers)
    labels = tuple(name for name, answer in answers.items() if answer.holds)
    doubtful = tuple(
        n for n, a in answers.items() if not a.holds and topic.doubtful <= a.score and a.score > 0
    )
    shown = labels or doubtful
    spans = [span for name in shown for span in answers[name].spans]
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
        score={name: answer.score for name, answer in answers.items() if answer.score},
        mentions=sorted_mentions(spans),
        taken_away=(*document.excluded, *_noise_mentions(noisy)) if shown else (),
        themes=tuple(themes),
        actors=tuple(document.actors) if shown else (),
        doubtful=doubtful,
    )


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


def sorted_mentions(spans: Sequence[Span]) -> tuple[Mention, ...]:
    """The mentions of the spans, each once, in reading order."""
    mentions = {mention: None for span in spans for mention in span.mentions}
    return tuple(sorted(mentions, key=lambda m: (_FIELD_ORDER[m.field], m.start, m.end, m.concept)))


def _judge_label(
    document: Document,
    topic: Topic,
    label: Label,
    noisy: dict[str, list[Span]],
    before: dict[str, _Answer],
) -> _Answer:
    holds, spans = document.evaluate(label.rule)
    score = (
        _score_spans(spans, document)
        if holds
        else MAX_UNLABELLED_SCORE * document.weigh(label.rule)
    )
    if not score:
        return _Answer(False, 0.0, ())
    score += sum(w.add for w in label.weights if document.evaluate(w.rule)[0])
    for noise in topic.noise:
        if noise.name in noisy and (not noise.takes or label.name in noise.takes):
            score -= noise.less
    if label.needs is not None and not before[label.needs].holds:
        holds, score = False, min(score, before[label.needs].score)
    score = round(min(1.0, max(0.0, score if holds else min(score, MAX_UNLABELLED_SCORE))), 2)
    holds = holds and score >= MIN_LABEL_SCORE
    if not spans and score >= topic.doubtful:  # otherwise it is never shown
        spans = document.evidence(label.rule)[:MAX_EVIDENCE_SPANS]
    return _Answer(holds, score, spans)


def _score_spans(spans: Sequence[Span], document: Document) -> float:
    headline = any(h.field == "headline" for h in spans)
    lead = any(
        h.field in ("lead", "summary")
        or (h.field == "body" and h.mentions[0].end <= document.lead_end)
        for h in spans
    )
    sentences = {(h.field, h.sentence) for h in spans}
    more = min(max(len(sentences) - 1, 0), MAX_BONUS_SENTENCES)
    return MIN_LABEL_SCORE + HEADLINE_BONUS * headline + LEAD_BONUS * lead + SENTENCE_BONUS * more


def _noise_mentions(noisy: dict[str, list[Span]]) -> list[Mention]:
    return [
        replace(mention, reason=f"noise {name}")
        for name, spans in noisy.items()
        for mention in sorted_mentions(spans)
    ]
