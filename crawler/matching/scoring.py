"""A verdict with its proof: a topic's rules asked of a document, and what speaks for the answer.

A score says how plainly a label's rule holds, not how important the story is. A rule that holds
gives half, more for the headline and the lead, a little for each further sentence of proof; one
that does not gives less than half, by how much of it holds. The topic's weights and noise add and
take. A label holds where its rule does and its score is at least ``LINE``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from crawler.matching.document import Document
from crawler.matching.mentions import Span
from crawler.matching.topics import LINE, Label, Topic
from crawler.model import Match, Mention

_IN_HEADLINE, _IN_LEAD, _PER_SENTENCE, _SENTENCES = 0.2, 0.1, 0.05, 4
_UNDER = LINE - 0.01  # the most that a rule which does not hold can score
_SHOWN = 40  # mentions kept of a label that only nearly holds

_ORDER: dict[str, int] = {"headline": 0, "lead": 1, "body": 2, "url": 3}


@dataclass(frozen=True, slots=True)
class _Answer:
    holds: bool
    score: float
    hits: Sequence[Span]


def score_topic(document: Document, topic: Topic) -> Match:
    """The topic's verdict on the document; without any label or score it says: nothing."""
    document.take_enumerations(topic.enumerated, topic.enumerated_at_least)
    asked = {noise.name: document.ask(noise.rule) for noise in topic.noise}
    noisy = {name: hits for name, (holds, hits) in asked.items() if holds}
    answers: dict[str, _Answer] = {}
    for label in topic.labels.values():
        answers[label.name] = _answer(document, topic, label, noisy, answers)
    labels = tuple(name for name, answer in answers.items() if answer.holds)
    doubtful = tuple(
        n for n, a in answers.items() if not a.holds and topic.doubtful <= a.score and a.score > 0
    )
    shown = labels or doubtful
    hits = [hit for name in shown for hit in answers[name].hits]
    themes = []
    for name, rule in topic.themes.items() if shown else ():
        holds, more = document.ask(rule)
        if holds:
            themes.append(name)
            hits += more
    hits += document.actors.values() if shown else ()
    return Match(
        topic=topic.slug,
        version=topic.version,
        labels=labels,
        score={name: answer.score for name, answer in answers.items() if answer.score},
        mentions=in_order(hits),
        taken_away=(*document.taken_away, *_taken(noisy)) if shown else (),
        themes=tuple(themes),
        actors=tuple(document.actors) if shown else (),
        doubtful=doubtful,
    )


def in_order(hits: Sequence[Span]) -> tuple[Mention, ...]:
    """The mentions of the hits, each once, in the order in which one reads."""
    mentions = {mention: None for hit in hits for mention in hit.mentions}
    return tuple(sorted(mentions, key=lambda m: (_ORDER[m.field], m.start, m.end, m.concept)))


def _answer(
    document: Document,
    topic: Topic,
    label: Label,
    noisy: dict[str, list[Span]],
    before: dict[str, _Answer],
) -> _Answer:
    holds, hits = document.ask(label.rule)
    score = _score(hits, document) if holds else _UNDER * document.weigh(label.rule)
    if not score:
        return _Answer(False, 0.0, ())
    score += sum(w.add for w in label.weights if document.ask(w.rule)[0])
    for noise in topic.noise:
        if noise.name in noisy and (not noise.takes or label.name in noise.takes):
            score -= noise.less
    if label.needs is not None and not before[label.needs].holds:
        holds, score = False, min(score, before[label.needs].score)
    score = round(min(1.0, max(0.0, score if holds else min(score, _UNDER))), 2)
    holds = holds and score >= LINE
    if not hits and score >= topic.doubtful:  # else nobody will be shown it
        hits = document.evidence(label.rule)[:_SHOWN]
    return _Answer(holds, score, hits)


def _score(hits: Sequence[Span], document: Document) -> float:
    headline = any(h.field == "headline" for h in hits)
    lead = any(
        h.field == "lead" or (h.field == "body" and h.mentions[0].end <= document.lead_end)
        for h in hits
    )
    sentences = {(h.field, h.sentence) for h in hits}
    more = min(max(len(sentences) - 1, 0), _SENTENCES)
    return LINE + _IN_HEADLINE * headline + _IN_LEAD * lead + _PER_SENTENCE * more


def _taken(noisy: dict[str, list[Span]]) -> list[Mention]:
    return [
        replace(mention, reason=f"noise {name}")
        for name, hits in noisy.items()
        for mention in in_order(hits)
    ]
