"""Propose a topic from example texts: concepts, a rule, evidence with points to start from. Pure.

::

    examples, other texts ─► telling terms ─► concepts ─► rule ─► evidence ─► points ─► draft

Everything is a guess that counts stand behind, and each has its counts in the draft: ``drafts``
writes them beside it. A person strikes and adds; ``rasd fit`` finds the points.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from crawler import matching, seeds
from crawler.errors import InvalidFileError
from crawler.evaluation.drafts import (
    ConceptDraft,
    EvidenceDraft,
    RuleDraft,
    TopicDraft,
    seed_files,
)
from crawler.evaluation.keyness import TellingTerm, find_telling_terms
from crawler.evaluation.known_concepts import find_known_concepts
from crawler.evaluation.labelled import LabelledItem
from crawler.evaluation.observations import Observation, observe, observe_background
from crawler.languages import folded_text
from crawler.matching.topics import MAX_POINTS, POINTS_TO_DOUBLE_THE_ODDS, Concept, Topic

MIN_EXAMPLES = 5
MAX_TERMS = 15  # of one concept in one language: what a person reads through in a minute
# Of the other texts: a word that stands in fewer is the subject's own, else of others, too.
MAX_OWN_SHARE = 0.01
MIN_AGAINST = 3.84  # log-likelihood, p < 0.05: of what only looks like it, against the examples
GATE_RECALL = 0.95  # of the examples that a rule has to hold in
MIN_OTHERS = 5  # other texts in which the rule holds, for counts to say anything about a line
PLAIN_POINTS = 6  # of a line about which they don't
# Lines overlap: the headline is at the top, too. Each gets a part of what it would be worth alone.
OVERLAP = 3
MAX_EXAMPLES = 12  # kept in the file, of each kind
MAX_EXAMPLE = 400  # characters

_TOGETHER = "concept:{0} SAME SENTENCE concept:{1}"
_RULES = (
    "concept:{0}",
    "concept:{0} AND concept:{1}",
    "concept:{0} OR concept:{1} >= 3",
    "concept:{0} OR concept:{1}",
)
_FOR = (
    ("its own words in the headline", "headline:concept:{0}"),
    ("its own words at the top", "top:concept:{0}"),
    ("its own words in three places", "concept:{0} >= 3"),
    (
        "its own words and those around them in one sentence",
        "concept:{0} SAME SENTENCE concept:{1}",
    ),
    ("the same in three places", f"({_TOGETHER}) >= 3"),
    ("its own words and others around them within six words", "concept:{0} NEAR/6 concept:{1}"),
    ("words around it at the top", "top:concept:{1}"),
    ("words around it in three places", "concept:{1} >= 3"),
)
_AGAINST = (
    ("its own words in one place at most", "NOT concept:{0} >= 2"),
    ("no word around it", "NOT concept:{1}"),
    ("what only looks like it, at the top", "top:concept:{2}"),
    ("what only looks like it, in two places", "concept:{2} >= 2"),
)


class TooLittleError(InvalidFileError):
    """The examples don't suffice for a proposal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is asked for: the names of the topic and its label."""

    slug: str
    title: str
    label: str


def propose_topic(
    request: Request,
    examples: Sequence[LabelledItem],
    lookalikes: Sequence[LabelledItem],
    others: Sequence[LabelledItem],
    lexicon: Mapping[str, Concept] | None = None,
) -> TopicDraft:
    """A draft of a topic about what the examples are about.

    ``lookalikes`` are texts that a person says don't belong; ``others`` are any texts of the same
    press; the draft names concepts of the ``lexicon`` that may help. Raises TooLittleError if there
    are fewer than ``MIN_EXAMPLES`` examples, or if they share no telling word.
    """
    if len(examples) < MIN_EXAMPLES:
        raise TooLittleError(
            f"{len(examples)} example texts; a proposal takes {MIN_EXAMPLES} or more, better twenty"
        )
    others = _apart(others, [*examples, *lookalikes])
    concepts = tuple(_concepts(request.slug, examples, lookalikes, others))
    draft = TopicDraft(
        slug=request.slug,
        title=request.title,
        label=request.label,
        concepts=concepts,
        examples=len(examples),
        lookalikes=len(lookalikes),
        others=len(others),
        known=find_known_concepts(lexicon or {}, examples, others),
    )
    trial = _Trial(examples, lookalikes, others)
    draft = replace(draft, rules=trial.rules(draft))
    draft = trial.scored(replace(draft, evidence=tuple(_lines(concepts))))
    return _with_texts(draft, examples, lookalikes)


def _apart(others: Sequence[LabelledItem], given: Sequence[LabelledItem]) -> list[LabelledItem]:
    """The other texts without those that were given, too: an archive has its own examples."""
    known = {folded_text(one.text or one.title) for one in given}
    return [one for one in others if folded_text(one.text or one.title) not in known]


# ── concepts ──────────────────────────────────────────────────────────────────────────────────


def _concepts(
    slug: str,
    examples: Sequence[LabelledItem],
    lookalikes: Sequence[LabelledItem],
    others: Sequence[LabelledItem],
) -> Iterator[ConceptDraft]:
    terms = find_telling_terms(examples, others)
    own = _best(term for term in terms if term.share_elsewhere <= MAX_OWN_SHARE)
    around = _best(term for term in terms if term.share_elsewhere > MAX_OWN_SHARE)
    if not own and not around:
        raise TooLittleError("the example texts share no word that stands out; give more of them")
    yield ConceptDraft(name=f"{slug}-subject", title="its own words", terms=own or around)
    if own and around:
        yield ConceptDraft(name=f"{slug}-around", title="words around it", terms=around)
    rarer_in_examples = {
        (term.language, term.text)
        for term in find_telling_terms(lookalikes, examples, min_likelihood=MIN_AGAINST)
    }
    against = _best(
        term
        for term in find_telling_terms(lookalikes, others)
        if (term.language, term.text) in rarer_in_examples
    )
    if against:
        yield ConceptDraft(name=f"{slug}-not", title="what only looks like it", terms=against)


def _best(terms: Iterable[TellingTerm]) -> tuple[TellingTerm, ...]:
    """The surest terms of each language, in the order given."""
    counted: dict[str, int] = {}
    kept = []
    for term in terms:
        counted[term.language] = counted.get(term.language, 0) + 1
        if counted[term.language] <= MAX_TERMS:
            kept.append(term)
    return tuple(kept)


def _names(concepts: Sequence[ConceptDraft]) -> tuple[str, str, str]:
    """The concepts for the places {0}, {1}, {2} of a pattern; "" for one that there is not."""
    by_kind = {one.name.rpartition("-")[2]: one.name for one in concepts}
    return by_kind["subject"], by_kind.get("around", ""), by_kind.get("not", "")


def _filled(pattern: str, names: Sequence[str]) -> str | None:
    """The pattern with its concepts; None if it asks for one that there is not."""
    missing = any(f"{{{n}}}" in pattern and not name for n, name in enumerate(names))
    return None if missing else pattern.format(*names)


def _lines(concepts: Sequence[ConceptDraft]) -> Iterator[EvidenceDraft]:
    for against, patterns in ((False, _FOR), (True, _AGAINST)):
        for name, pattern in patterns:
            rule = _filled(pattern, _names(concepts))
            if rule is not None:
                yield EvidenceDraft(name=name, rule=rule, against=against)


# ── what the texts say about rules and lines ──────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Trial:
    """The texts on which guesses are tried."""

    examples: Sequence[LabelledItem]
    lookalikes: Sequence[LabelledItem]
    others: Sequence[LabelledItem]

    def rules(self, draft: TopicDraft) -> tuple[RuleDraft, ...]:
        """The rules tried, the chosen one first: of those that lose few examples, the one that
        holds in the fewest other texts.
        """
        names = _names(draft.concepts)
        tried = []
        for text in filter(None, (_filled(pattern, names) for pattern in _RULES)):
            topic = compiled(replace(draft, rules=(RuleDraft(text=text),)))
            held = sum(1 for one in self._seen(self.examples, topic) if one.rules)
            elsewhere = sum(1 for one in self._elsewhere(topic) if one.rules)
            tried.append(RuleDraft(text=text, examples=held, elsewhere=elsewhere))
        enough = GATE_RECALL * len(self.examples)
        tried.sort(key=lambda r: (-min(r.examples, enough), r.elsewhere, len(r.text)))
        return tuple(tried)

    def scored(self, draft: TopicDraft) -> TopicDraft:
        """The draft with points for its lines and a start; lines that hold nowhere are left out."""
        topic = compiled(draft)
        right = [one for one in self._seen(self.examples, topic) if one.rules]
        wrong = [one for one in self._elsewhere(topic) if one.rules]
        counted = []
        for n, line in enumerate(draft.evidence):
            a, b = _holding(right, draft.label, n), _holding(wrong, draft.label, n)
            points = _points(line, a / (len(right) + 1), b / (len(wrong) + 1), len(wrong))
            counted.append(replace(line, points=points, right=a, wrong=b))
        sums = [_sums(one, draft.label, counted) for one in (right, wrong)]
        start = -_best_threshold(*sums)
        return replace(
            draft,
            evidence=tuple(line for line in counted if line.right or line.wrong),
            start=start,
            passing=len(right),
            passing_elsewhere=len(wrong),
            flagged=sum(points + start >= 0 for points in sums[0]),
            flagged_elsewhere=sum(points + start >= 0 for points in sums[1]),
        )

    def _seen(self, items: Sequence[LabelledItem], topic: Topic) -> Iterator[Observation]:
        yield from observe(_with_fields(items), topic)

    def _elsewhere(self, topic: Topic) -> Iterator[Observation]:
        """What the topic sees in the texts that don't belong."""
        yield from self._seen(self.lookalikes, topic)
        yield from observe_background(_with_fields(self.others), topic, 1.0)


def compiled(draft: TopicDraft) -> Topic:
    """The topic that the draft's files give."""
    return seeds.load(seed_files(draft), kinds=()).topics[draft.slug]


def _with_fields(
    items: Iterable[LabelledItem],
) -> Iterator[tuple[LabelledItem, matching.Fields]]:
    for item in items:
        yield item, matching.text_fields(item.title, item.text, language=item.language)


def _holding(seen: Sequence[Observation], label: str, line: int) -> int:
    return sum(line in one.lines[label] for one in seen)


def _points(line: EvidenceDraft, right: float, wrong: float, others: int) -> int:
    """Ten for each doubling of the odds, divided among lines that overlap."""
    if others < MIN_OTHERS:
        return -PLAIN_POINTS if line.against else PLAIN_POINTS
    half = 0.5 / (others + 1)  # a line that no other text has is not certain
    doublings = math.log2((right + half) / (wrong + half))
    points = round(POINTS_TO_DOUBLE_THE_ODDS * doublings / OVERLAP)
    return max(-MAX_POINTS, min(0, points)) if line.against else min(MAX_POINTS, max(0, points))


def _sums(seen: Sequence[Observation], label: str, lines: Sequence[EvidenceDraft]) -> list[int]:
    return [sum(lines[n].points for n in one.lines[label]) for one in seen]


def _best_threshold(right: Sequence[int], wrong: Sequence[int]) -> int:
    """The sum from which F1 is best; the lowest of equals."""
    best, best_f1 = 0, -1.0
    for at in sorted(set(right)):
        held = sum(points >= at for points in right)
        false = sum(points >= at for points in wrong)
        f1 = 2 * held / (held + false + len(right))
        if f1 > best_f1:
            best, best_f1 = at, f1
    return best


# ── examples ──────────────────────────────────────────────────────────────────────────────────


def _with_texts(
    draft: TopicDraft, examples: Sequence[LabelledItem], lookalikes: Sequence[LabelledItem]
) -> TopicDraft:
    """The draft with examples that it judges rightly; one of each event, the shortest first."""
    topic = compiled(draft)

    def kept(items: Sequence[LabelledItem], *, wanted: bool) -> tuple[str, ...]:
        found: dict[str, str] = {}
        for item in sorted(items, key=lambda one: len(one.text)):
            text = _example(item)
            flagged = bool(matching.match_text("", text, topic).labels)
            if flagged == wanted and len(found) < MAX_EXAMPLES:
                found.setdefault(item.cluster or item.id, text)
        return tuple(found.values())

    return replace(
        draft, matches=kept(examples, wanted=True), misses=kept(lookalikes, wanted=False)
    )


def _example(item: LabelledItem) -> str:
    """The headline and first sentences in one line."""
    title = " ".join(item.title.split())
    joined = " ".join(item.text.split())
    if title and not title.endswith((".", "!", "?", "؟")):
        title += "."
    text = f"{title} {joined}".strip()
    if len(text) <= MAX_EXAMPLE:
        return text
    cut = max(text.rfind(mark, 0, MAX_EXAMPLE) for mark in (". ", "؟ ", "! ", "? "))
    return text[: cut + 1] if cut > 0 else text[:MAX_EXAMPLE].rpartition(" ")[0]
