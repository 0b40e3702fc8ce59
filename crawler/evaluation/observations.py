"""Labelled texts as a topic's scorecards see them: which lines of evidence hold in each. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from crawler import matching
from crawler.evaluation.labelled import LabelledItem
from crawler.matching.fields import Fields
from crawler.matching.topics import Topic
from crawler.model import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """A text and what a topic's scorecards see in it.

    ``rules`` are the labels whose rule holds in it, ``lines`` for each of these the evidence that
    holds, by its place on the card. ``truth`` has the judged labels only. ``cluster`` names the
    event: texts of one event are never on both sides of a fold. ``weight`` is the text's share in
    the fit; 1 for a judged text.
    """

    id: str
    cluster: str
    language: Language
    title: str
    truth: dict[str, bool]
    rules: frozenset[str]
    lines: dict[str, tuple[int, ...]]
    weight: float = 1.0


def observe(items: Iterable[tuple[LabelledItem, Fields]], topic: Topic) -> Iterator[Observation]:
    """What the topic's cards see in each item."""
    for item, fields in items:
        yield _observe(item, fields, topic, 1.0)


def observe_examples(topic: Topic) -> Iterator[Observation]:
    """What the cards see in the topic's own examples; each is an event of its own."""
    for example in topic.examples:
        item = LabelledItem(
            id=f"line {example.line}",
            title="",
            text=example.text,
            truth={name: name in example.labels for name in topic.labels},
        )
        yield _observe(item, matching.text_fields("", example.text), topic, 1.0)


def observe_background(
    items: Iterable[tuple[LabelledItem, Fields]], topic: Topic, weight: float
) -> Iterator[Observation]:
    """Texts that belong to no label, whatever they say of any, with their weight; those in which
    a rule holds, since no other can teach anything.
    """
    prefilter = matching.get_matcher(topic).prefilter
    for item, fields in items:
        if prefilter.may_match(*fields.texts.values(), country=fields.facts.country):
            found = _observe(item, fields, topic, weight)
            if found.rules:
                yield replace(found, truth=dict.fromkeys(topic.labels, False))


def _observe(item: LabelledItem, fields: Fields, topic: Topic, weight: float) -> Observation:
    held = matching.get_matcher(topic).held_lines(fields)
    return Observation(
        id=item.id,
        cluster=item.cluster or item.id,
        language=item.language,
        title=item.title or item.text[:80],
        truth=item.truth,
        rules=frozenset(held),
        lines=held,
        weight=weight,
    )
