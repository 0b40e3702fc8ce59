"""Which concepts of the lexicon example texts mention more than other texts do. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from crawler import matching, query
from crawler.evaluation.drafts import KnownConcept
from crawler.evaluation.labelled import LabelledItem
from crawler.matching.topics import Concept, Evidence, Label, Topic

MIN_SHARE = 1 / 3  # of the examples
MIN_RATIO = 3.0  # times as often as in other texts
MAX_CONCEPTS = 6  # that a person is shown
MAX_OTHERS = 500  # texts, evenly from all: each is searched for every concept
_LABEL = "any"


def find_known_concepts(
    concepts: Mapping[str, Concept],
    examples: Sequence[LabelledItem],
    others: Sequence[LabelledItem],
) -> tuple[KnownConcept, ...]:
    """The telling concepts, those in most examples first; none without other texts."""
    if not concepts or not others:
        return ()
    sample = others[:: -(-len(others) // MAX_OTHERS)]
    matcher = matching.get_matcher(_topic(concepts))
    here, there = _count(matcher, examples), _count(matcher, sample)
    found = [
        KnownConcept(name=name, examples=here[n], others=there[n], of_others=len(sample))
        for n, name in enumerate(concepts)
        if here[n] >= MIN_SHARE * len(examples)
        and here[n] * len(sample) >= MIN_RATIO * there[n] * len(examples)
    ]
    return tuple(sorted(found, key=lambda one: (-one.examples, one.others))[:MAX_CONCEPTS])


def _topic(concepts: Mapping[str, Concept]) -> Topic:
    """A topic of which every concept is a line of evidence."""
    lines = tuple(Evidence(name=name, rule=query.ConceptRef(name), points=0) for name in concepts)
    rule = query.parse("NOT (a AND NOT a)")
    label = Label(name=_LABEL, title={}, rule=rule, evidence=lines)
    return Topic(
        slug="concepts", title={}, labels={_LABEL: label}, concepts=dict(concepts), version=""
    )


def _count(matcher: matching.Matcher, items: Sequence[LabelledItem]) -> Counter[int]:
    """In how many texts each concept stands, by its place."""
    counts: Counter[int] = Counter()
    for item in items:
        fields = matching.text_fields(item.title, item.text, language=item.language)
        counts.update(matcher.held_lines(fields)[_LABEL])
    return counts
