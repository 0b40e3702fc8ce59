"""A text with the concepts found in it, and the evaluation of queries on it.

::

    fields ─► fold ─► mentions ─► exclude traps, terms of office, enumerations ─► evaluate

Excluded mentions are kept with their reason. Topics' rules and archive searches use this
evaluation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from crawler import query
from crawler.languages import Folded, begins, prefix_readings, visible_text
from crawler.matching import term_index
from crawler.matching.concepts.counted import judge_terms, scan_fields
from crawler.matching.fields import Fields, ItemFacts
from crawler.matching.mentions import (
    FieldScan,
    Span,
    make_span,
    within_distance,
    within_passage,
)
from crawler.matching.required_concepts import RequiredConcepts
from crawler.matching.term_index import Occurrence, Vocabulary
from crawler.matching.topics import Concept
from crawler.model import Actor, FieldName, Mention

# What may stand between two names of an enumeration; Arabic و is written onto the next name.
_JOINING_WORDS = frozenset(
    {"et", "and", "y", "و", "the", "le", "la", "les", "l", "du", "de", "des", "d", "of"}
)
_CONJUNCTIONS = frozenset({"et", "and", "y", "و"})
_SEPARATOR = re.compile(r"[,،;؛/]|(?:^|\s)و")
# (what a query may ask for, the field that is part of it)
_PARTS = frozenset({("top", "headline"), ("top", "lead"), ("top", "summary"), ("lead", "summary")})
_NO_NEEDS = RequiredConcepts(())
Passages = Sequence[tuple[int, int]]
"""Offsets [start, end) of a body's characters."""


class Document:
    """Folded fields with the concepts found in them; evaluates queries."""

    def __init__(
        self,
        folded: dict[FieldName, Folded],
        facts: ItemFacts,
        *,
        lead_end: int = 0,
        needs: RequiredConcepts = _NO_NEEDS,
        concepts: dict[str, list[Span]] | None = None,
    ) -> None:
        self.folded, self.facts, self.lead_end = folded, facts, lead_end
        self.excluded: list[Mention] = []
        self.actors: dict[Actor, Span] = {}
        self._concepts = {} if concepts is None else concepts
        self._unsure: dict[str, dict[Span, str]] = {}  # by concept: what needs support, and why
        self._vocabulary: Mapping[str, Concept] = {}  # what was looked for
        self._needs, self._absent = needs, 0
        self._words: dict[tuple[str, ...], list[Span]] = {}
        self._passages: Passages | None = None  # of the body, if not all of it is looked at
        self._foreign: Passages = ()  # of the body, that are none of this text
        self._parts: dict[str, Document] = {}
        # Rules share parts: results by the identity of the node, which is kept with its result, so
        # that no other can have its identity.
        self._answers: dict[int, tuple[query.Query, tuple[bool, list[Span]]]] = {}
        self._spans: dict[int, tuple[query.Query, list[Span]]] = {}

    @classmethod
    def from_fields(
        cls, fields: Fields, vocabulary: Vocabulary, needs: RequiredConcepts = _NO_NEEDS
    ) -> Document:
        """Fold the texts and find the concepts of ``vocabulary`` in them."""
        scans = scan_fields(fields, vocabulary)
        folded = {scan.field: scan.folded for scan in scans}
        document = cls(folded, fields.facts, lead_end=fields.lead_end, needs=needs)
        document._find_concepts(scans, vocabulary)
        return document

    def _find_concepts(self, scans: Sequence[FieldScan], vocabulary: Vocabulary) -> None:
        for scan, found, reason, doubt in judge_terms(scans, vocabulary, self.facts):
            self._add(make_span(scan.field, scan.folded, found), found, reason, doubt)
        self._vocabulary = vocabulary.concepts
        self._exclude_unsupported()

    def _add(self, span: Span, found: Occurrence, reason: str, doubt: str) -> None:
        if reason:
            self._exclude(span, reason)
            return
        self._concepts.setdefault(found.entry.concept, []).append(span)
        if doubt:
            self._unsure.setdefault(found.entry.concept, {})[span] = doubt
        if found.entry.actor is not None:
            self.actors.setdefault(found.entry.actor, span)

    def _exclude_unsupported(self) -> None:
        """Exclude ambiguous mentions of concepts that nothing in the text supports."""
        unsupported = [
            name
            for name in self._unsure
            if not any(map(self._is_sure_of, (name, *self._vocabulary[name].supported_by)))
        ]
        for name in unsupported:
            unsure = self._unsure.pop(name)
            left = self._concepts[name]
            self._concepts[name] = [span for span in left if span not in unsure]
            self.actors = {a: span for a, span in self.actors.items() if span not in unsure}
            for span in left:
                if span in unsure:
                    self._exclude(span, unsure[span])

    def _is_sure_of(self, concept: str) -> bool:
        """Whether a mention of the concept needs no support."""
        unsure = self._unsure.get(concept, {})
        return any(span not in unsure for span in self._concepts.get(concept, ()))

    def exclude_enumerations(self, concepts: Sequence[str], at_least: int) -> None:
        """Exclude mentions that are only names in a list of ``at_least`` or more.

        Call this before any evaluation: results are cached.
        """
        spans = sorted(
            (h for name in concepts for h in self._concepts.get(name, ())),
            key=lambda h: (h.field, h.first),
        )
        for run in self._split_into_lists(spans):
            names = {(h.mentions[0].concept, h.mentions[0].term) for h in run}
            if len(names) >= at_least:
                for span in run:
                    self._concepts[span.mentions[0].concept].remove(span)
                    self._exclude(span, "enumeration")
        self._absent = self._absent_bits()

    def exclude_passages(self, passages: Passages, reason: str) -> None:
        """Exclude what stands in these passages of the body; call it before any evaluation.

        Concepts are kept with the reason; plain words are not looked for there.
        """
        self._foreign = passages
        for spans in self._concepts.values():
            for span in [span for span in spans if _stands_in(span, passages)]:
                spans.remove(span)
                self._exclude(span, reason)
        self.actors = {
            actor: span for actor, span in self.actors.items() if not _stands_in(span, passages)
        }
        self._exclude_unsupported()

    def only(self, passages: Passages, *, lead_end: int, headline: bool) -> Document:
        """One of the stories that the body tells: these passages of it, and the headline only if
        it is about this story. What was excluded stays so.
        """

        def belongs(span: Span) -> bool:
            if span.field == "body":
                return _stands_in(span, passages)
            return headline and span.field == "headline"

        folded: dict[FieldName, Folded] = {
            name: text
            for name, text in self.folded.items()
            if name == "body" or (headline and name == "headline")
        }
        concepts = {
            name: [span for span in spans if belongs(span)]
            for name, spans in self._concepts.items()
        }
        story = Document(
            folded, self.facts, lead_end=lead_end, needs=self._needs, concepts=concepts
        )
        story.excluded, story._passages, story._foreign = self.excluded, passages, self._foreign
        story.actors = {actor: span for actor, span in self.actors.items() if belongs(span)}
        story._absent = story._absent_bits()
        return story

    def _absent_bits(self) -> int:
        """The required concepts that are not in the text, as bits."""
        return sum(bit for name, bit in self._needs.bits.items() if not self._concepts.get(name))

    # ── asking ────────────────────────────────────────────────────────────────────────────────

    def evaluate(self, node: query.Query) -> tuple[bool, list[Span]]:
        """Return whether the query holds, and its places. The list is shared: don't change it."""
        if isinstance(node, query.ConceptRef):  # half of all that is node
            spans = self._concepts.get(node.name, [])
            return bool(spans), spans
        known = self._answers.get(id(node))
        if known is None:
            if self._needs.by_node.get(id(node), 0) & self._absent:
                return False, []
            known = self._answers[id(node)] = (node, self._evaluate(node))
        return known[1]

    def _evaluate(self, node: query.Query) -> tuple[bool, list[Span]]:
        match node:
            case query.Not(inner):
                return not self.evaluate(inner)[0], []
            case query.And(parts):
                spans: list[Span] = []
                for part in parts:
                    holds, more = self.evaluate(part)
                    if not holds:
                        return False, []
                    spans += more
                return True, spans
            case query.Or(parts):
                answers = [self.evaluate(part) for part in parts]
                return any(a for a, _ in answers), [h for a, spans in answers if a for h in spans]
            case query.InField(name, inner):
                return self.part(name).evaluate(inner)
            case query.Filter():
                return self.facts.holds(node), []
            case query.Count(inner):
                spans = self._find_spans(inner)
                return node.holds(len({(h.field, h.first, h.last) for h in spans})), spans
            case query.SavedRef(slug):
                raise ValueError(f"@{slug} was not resolved before it was node")
            case _:
                spans = self._find_spans(node)
                return bool(spans), spans

    def evidence(self, node: query.Query) -> list[Span]:
        """The places of all words and concepts of the query, whether or not it holds."""
        leaves = [
            q
            for q in query.walk(node)
            if isinstance(q, query.Word | query.Phrase | query.Prefix | query.ConceptRef)
        ]
        return [span for leaf in dict.fromkeys(leaves) for span in self._find_spans(leaf)]

    def _find_spans(self, node: query.Query) -> list[Span]:
        if isinstance(node, query.ConceptRef):
            return self._concepts.get(node.name, [])
        known = self._spans.get(id(node))
        if known is None:
            if self._needs.by_node.get(id(node), 0) & self._absent:
                return []
            known = self._spans[id(node)] = (node, self._compute_spans(node))
        return known[1]

    def _compute_spans(self, node: query.Query) -> list[Span]:
        match node:
            case query.Word(text):
                return self._find_words((text,))
            case query.Phrase(words):
                return self._find_words(words)
            case query.Prefix(text):
                return self._find_prefix(text)
            case query.Near(left, right, distance):
                return list(
                    within_distance(self._find_spans(left), self._find_spans(right), distance)
                )
            case query.SameSentence(left, right):
                return list(
                    within_passage(self._find_spans(left), self._find_spans(right), paragraph=False)
                )
            case query.SentenceWithout(left, right):
                places = {(span.field, span.sentence) for span in self._find_spans(right)}
                found = self._find_spans(left)
                return [span for span in found if (span.field, span.sentence) not in places]
            case query.SameParagraph(left, right):
                return list(
                    within_passage(self._find_spans(left), self._find_spans(right), paragraph=True)
                )
            case query.Or(parts):
                return [span for part in parts for span in self._find_spans(part)]
        return self.evaluate(node)[1]

    def _find_words(self, words: tuple[str, ...]) -> list[Span]:
        if words not in self._words:
            entry = term_index.search_entry(words)
            self._words[words] = [
                span
                for name, folded in self.folded.items()
                for found in term_index.find_entry(folded, entry)
                if self._is_looked_at(span := make_span(name, folded, found))
            ]
        return self._words[words]

    def _find_prefix(self, text: str) -> list[Span]:
        key, readings = (f"{text}*",), prefix_readings(text)
        if key not in self._words:
            entry = term_index.Entry("", key[0], ())
            self._words[key] = [
                span
                for name, folded in self.folded.items()
                for n, forms in enumerate(folded.forms)
                if any(begins(form, readings) for form in forms)
                and self._is_looked_at(span := make_span(name, folded, Occurrence(entry, n, n)))
            ]
        return self._words[key]

    def _is_looked_at(self, span: Span) -> bool:
        if _stands_in(span, self._foreign):
            return False
        return self._passages is None or span.field != "body" or _stands_in(span, self._passages)

    def part(self, name: str) -> Document:
        """The document of one field only."""
        if name not in self._parts:
            concepts = {
                concept: [span for span in spans if self._inside(span, name)]
                for concept, spans in self._concepts.items()
            }
            part = Document(
                self._only(name),
                self.facts,
                lead_end=self.lead_end,
                needs=self._needs,
                concepts=concepts,
            )
            part._passages, part._foreign = self._passages, self._foreign
            part._absent = part._absent_bits()
            self._parts[name] = part
        return self._parts[name]

    def _only(self, name: str) -> dict[FieldName, Folded]:
        kept: dict[FieldName, Folded] = {}
        for key, folded in self.folded.items():
            if key == name or (name, key) in _PARTS:
                kept[key] = folded
            elif key == "body" and name in ("lead", "top") and self.lead_end:
                kept[key] = folded.until(self.lead_end)
        return kept

    def _inside(self, span: Span, name: str) -> bool:
        if span.field == "body" and name in ("lead", "top"):
            return span.mentions[-1].end <= self.lead_end
        return span.field == name or (name, span.field) in _PARTS

    def _split_into_lists(self, spans: Sequence[Span]) -> Iterator[list[Span]]:
        run: list[Span] = []
        for span in spans:
            if run and not self._continues(run[-1], span):
                yield run
                run = []
            run.append(span)
        if run:
            yield run

    def _continues(self, before: Span, after: Span) -> bool:
        if before.field != after.field or before.sentence != after.sentence:
            return False
        folded = self.folded[after.field]
        between = [folded.text(n) for n in range(before.last + 1, after.first)]
        gap = folded.original[before.mentions[0].end : after.mentions[0].start + 1]
        return all(text in _JOINING_WORDS for text in between) and (
            not _CONJUNCTIONS.isdisjoint(between) or bool(_SEPARATOR.search(visible_text(gap)))
        )

    def _exclude(self, span: Span, reason: str) -> None:
        self.excluded.append(replace(span.mentions[0], reason=reason))


def _stands_in(span: Span, passages: Passages) -> bool:
    """Whether a place lies in one of the passages of the body."""
    if span.field != "body":
        return False
    start, end = span.mentions[0].start, span.mentions[-1].end
    return any(first <= start and end <= last for first, last in passages)
