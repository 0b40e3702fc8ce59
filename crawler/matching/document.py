"""A text, asked: folded fields with the mentions of concepts in them, and what a query finds there.

::

    fields ─► fold ─► mentions ─► traps, offices, enumerations take some away ─► ask, weigh

What is taken away is kept with its reason. The same document answers a topic's rules and an
archive's search: they are one language.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from crawler import query
from crawler.languages import Folded, fold, visible_text
from crawler.languages.detect import detect
from crawler.matching import term_index
from crawler.matching.fields import Fields
from crawler.matching.mentions import (
    FieldScan,
    Span,
    scan_field,
    span_of,
    surnames,
    within_distance,
    within_passage,
)
from crawler.matching.persons import Person
from crawler.matching.required_concepts import RequiredConcepts
from crawler.matching.term_index import Find, Vocabulary
from crawler.model import Actor, FieldName, Mention

# What may stand between two names of an enumeration; Arabic و is written onto the next name.
_JOINS = frozenset(
    {"et", "and", "y", "و", "the", "le", "la", "les", "l", "du", "de", "des", "d", "of"}
)
_SET_APART = re.compile(r"[,،;؛/]|\b(?:et|and|y)\b|(?:^|\s)و")
# What is left of a rule's weight where one of its conditions fails but is not far from holding.
FAR, SCATTERED, ELSEWHERE, REFUSED = 0.7, 0.4, 0.5, 0.5
_NO_NEEDS = RequiredConcepts(())


class Document:
    """Folded fields with the mentions of concepts in them; answers queries."""

    def __init__(
        self, fields: Fields, vocabulary: Vocabulary, needs: RequiredConcepts = _NO_NEEDS
    ) -> None:
        self._needs, self._absent = needs, 0
        self.folded = {name: fold(text) for name, text in fields.texts.items()}
        self.lead_end, self.facts = fields.lead_end, fields.facts
        self.taken_away: list[Mention] = []
        self.actors: dict[Actor, Span] = {}
        self._concepts: dict[str, list[Span]] = {}
        self._words: dict[tuple[str, ...], list[Span]] = {}
        self._parts: dict[str, Document] = {}
        # Rules share parts, and weighing asks what asking asked: answers by the node that was asked,
        # which is kept with its answer, so that no other can have its identity.
        self._asked: dict[int, tuple[query.Query, tuple[bool, list[Span]]]] = {}
        self._placed: dict[int, tuple[query.Query, list[Span]]] = {}
        self._weighed: dict[int, tuple[query.Query, float]] = {}
        language = _language(fields) if vocabulary.asks_language else ""
        scans = [
            scan_field(name, folded, vocabulary, language) for name, folded in self.folded.items()
        ]
        named = surnames(scans)
        for scan in scans:
            for found in scan.found:
                self._count(scan, found, named.get(scan.field, {}))
            for n, person in named.get(scan.field, {}).items():
                if person.entry is not None and not scan.is_found(person.entry.concept, n):
                    self._count(scan, Find(person.entry, n, n), {})

    def _count(self, scan: FieldScan, found: Find, surnames: Mapping[int, Person]) -> None:
        entry = found.entry
        trap = scan.trap(found) if scan.trapped else None
        if entry.bare is not None and found.first == found.last:  # the surname of one named in full
            found = found._replace(entry=entry.bare)
        hit = span_of(scan.field, scan.folded, found)
        if trap is not None:
            self._take(hit, f"trap {trap.entry.text}")
        elif entry.demonym and found.last in surnames:
            self._take(hit, f"surname of {surnames[found.last].named}")
        elif not entry.valid(self.facts.day):
            self._take(hit, "not in office at the time")
        else:
            self._concepts.setdefault(entry.concept, []).append(hit)
            if entry.actor is not None:
                self.actors.setdefault(entry.actor, hit)

    def take_enumerations(self, concepts: Sequence[str], at_least: int) -> None:
        """Take away mentions that are only names in a list of ``at_least`` or more.

        Before anything is asked: answers are remembered.
        """
        hits = sorted(
            (h for name in concepts for h in self._concepts.get(name, ())),
            key=lambda h: (h.field, h.first),
        )
        for run in self._runs(hits):
            names = {(h.mentions[0].concept, h.mentions[0].term) for h in run}
            if len(names) >= at_least:
                for hit in run:
                    self._concepts[hit.mentions[0].concept].remove(hit)
                    self._take(hit, "enumeration")
        self._absent = self._lacking()

    def _lacking(self) -> int:
        """The needed concepts that are not there, as bits."""
        return sum(bit for name, bit in self._needs.bits.items() if not self._concepts.get(name))

    # ── asking ────────────────────────────────────────────────────────────────────────────────

    def ask(self, asked: query.Query) -> tuple[bool, list[Span]]:
        """Whether the query holds, and where. The list is shared: it is not to be changed."""
        if isinstance(asked, query.Concept):  # half of all that is asked
            hits = self._concepts.get(asked.name, [])
            return bool(hits), hits
        known = self._asked.get(id(asked))
        if known is None:
            if self._needs.of.get(id(asked), 0) & self._absent:
                return False, []
            known = self._asked[id(asked)] = (asked, self._ask(asked))
        return known[1]

    def _ask(self, asked: query.Query) -> tuple[bool, list[Span]]:
        match asked:
            case query.Not(inner):
                return not self.ask(inner)[0], []
            case query.And(parts):
                hits: list[Span] = []
                for part in parts:
                    holds, more = self.ask(part)
                    if not holds:
                        return False, []
                    hits += more
                return True, hits
            case query.Or(parts):
                answers = [self.ask(part) for part in parts]
                return any(a for a, _ in answers), [h for a, hits in answers if a for h in hits]
            case query.InField(name, inner):
                return self._part(name).ask(inner)
            case query.Filter():
                return self.facts.holds(asked), []
            case query.Count(inner):
                hits = self._places(inner)
                return asked.holds(len({(h.field, h.first, h.last) for h in hits})), hits
            case query.Saved(slug):
                raise ValueError(f"@{slug} was not resolved before it was asked")
            case _:
                hits = self._places(asked)
                return bool(hits), hits

    def weigh(self, asked: query.Query) -> float:
        """How much of the query holds, 0–1: 1 where it holds, 0 where what it needs is not there."""
        known = self._weighed.get(id(asked))
        if known is None:
            if self._needs.of.get(id(asked), 0) & self._absent:
                return 0.0
            known = self._weighed[id(asked)] = (asked, self._weigh(asked))
        return known[1]

    def _weigh(self, asked: query.Query) -> float:
        if self.ask(asked)[0]:
            return 1.0
        match asked:
            case query.Concept() | query.Word() | query.Phrase() | query.Filter():
                return 0.0
            case query.Not():
                return REFUSED
            case query.And(parts):
                weight = 1.0
                for part in parts:
                    weight *= self.weigh(part) if weight else 0.0
                return weight
            case query.Or(parts):
                return max(self.weigh(part) for part in parts)
            case query.InField(name, inner):
                return max(self._part(name).weigh(inner), ELSEWHERE * self.weigh(inner))
            case (
                query.Near(left, right)
                | query.SameSentence(left, right)
                | query.SameParagraph(left, right)
            ):
                near = self._are_near(self._places(left), self._places(right))
                both = self.weigh(left) * self.weigh(right)
                return both * (FAR if near else SCATTERED)
            case query.Count(inner, _, number):
                found = len(self._places(inner))
                return REFUSED * min(1.0, found / max(number, 1))
        return 0.0

    def evidence(self, asked: query.Query) -> list[Span]:
        """The places of all words and concepts a query names, whether or not it holds."""
        leaves = [
            q for q in query.walk(asked) if isinstance(q, query.Word | query.Phrase | query.Concept)
        ]
        return [hit for leaf in dict.fromkeys(leaves) for hit in self._places(leaf)]

    def _places(self, asked: query.Query) -> list[Span]:
        if isinstance(asked, query.Concept):
            return self._concepts.get(asked.name, [])
        known = self._placed.get(id(asked))
        if known is None:
            if self._needs.of.get(id(asked), 0) & self._absent:
                return []
            known = self._placed[id(asked)] = (asked, self._place(asked))
        return known[1]

    def _place(self, asked: query.Query) -> list[Span]:
        match asked:
            case query.Word(text):
                return self._spoken((text,))
            case query.Phrase(words):
                return self._spoken(words)
            case query.Near(left, right, distance):
                return list(within_distance(self._places(left), self._places(right), distance))
            case query.SameSentence(left, right):
                return list(
                    within_passage(self._places(left), self._places(right), paragraph=False)
                )
            case query.SameParagraph(left, right):
                return list(within_passage(self._places(left), self._places(right), paragraph=True))
            case query.Or(parts):
                return [hit for part in parts for hit in self._places(part)]
        return self.ask(asked)[1]

    def _spoken(self, words: tuple[str, ...]) -> list[Span]:
        if words not in self._words:
            entry = term_index.asked(words)
            self._words[words] = [
                span_of(name, folded, found)
                for name, folded in self.folded.items()
                for found in term_index.places(folded, entry)
            ]
        return self._words[words]

    def _part(self, name: str) -> Document:
        """The document of one field alone."""
        if name not in self._parts:
            part = Document.__new__(Document)
            part.folded, part.lead_end, part.facts = self._only(name), self.lead_end, self.facts
            part.taken_away, part.actors, part._words, part._parts = [], {}, {}, {}
            part._asked, part._placed, part._weighed = {}, {}, {}
            part._concepts = {
                concept: [h for h in hits if self._inside(h, name)]
                for concept, hits in self._concepts.items()
            }
            part._needs, part._absent = self._needs, 0
            part._absent = part._lacking()
            self._parts[name] = part
        return self._parts[name]

    def _only(self, name: str) -> dict[FieldName, Folded]:
        kept: dict[FieldName, Folded] = {}
        for key, folded in self.folded.items():
            if key == name or (name == "top" and key in ("headline", "lead")):
                kept[key] = folded
            elif key == "body" and name in ("lead", "top") and self.lead_end:
                kept[key] = folded.until(self.lead_end)
        return kept

    def _inside(self, hit: Span, name: str) -> bool:
        if hit.field == "body" and name in ("lead", "top"):
            return hit.mentions[-1].end <= self.lead_end
        return hit.field == name or (name == "top" and hit.field in ("headline", "lead"))

    def _are_near(self, left: Sequence[Span], right: Sequence[Span]) -> bool:
        places = {(h.field, s) for h in left for s in range(h.sentence - 1, h.sentence + 2)}
        return any((h.field, h.sentence) in places for h in right)

    def _runs(self, hits: Sequence[Span]) -> Iterator[list[Span]]:
        run: list[Span] = []
        for hit in hits:
            if run and not self._continues(run[-1], hit):
                yield run
                run = []
            run.append(hit)
        if run:
            yield run

    def _continues(self, before: Span, after: Span) -> bool:
        if before.field != after.field or before.sentence != after.sentence:
            return False
        folded = self.folded[after.field]
        between = map(folded.text, range(before.last + 1, after.first))
        gap = folded.original[before.mentions[0].end : after.mentions[0].start + 1]
        return all(text in _JOINS for text in between) and bool(
            _SET_APART.search(visible_text(gap))
        )

    def _take(self, hit: Span, reason: str) -> None:
        self.taken_away.append(replace(hit.mentions[0], reason=reason))


def _language(fields: Fields) -> str:
    """The item's language: what is known of it, else what its text tells."""
    told = fields.facts.language
    return told if told not in ("", "und") else detect(" ".join(fields.texts.values()), ())
