"""The places of terms and queries in a text, and pairs of places near each other. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from crawler.languages import Folded
from crawler.matching import persons
from crawler.matching.persons import Person
from crawler.matching.term_index import Occurrence, Vocabulary
from crawler.model import FieldName, Mention

# A text that repeats both sides hundreds of times proves no more by the thousandth pair.
MAX_PAIRS = 100


class Span(NamedTuple):
    """A place where a query holds: words first..last of a field, and its mentions.

    A tuple, since a frozen dataclass takes four times as long to create.
    """

    field: FieldName
    first: int
    last: int
    sentence: int
    paragraph: int
    mentions: tuple[Mention, ...]


def make_span(name: FieldName, folded: Folded, found: Occurrence) -> Span:
    """The place of a term that was found in a field."""
    start, end = folded.starts[found.first], folded.ends[found.last]
    mention = Mention(
        field=name,
        start=start,
        end=end,
        concept=found.entry.concept,
        term=found.entry.text,
        text=folded.original[start:end],
    )
    sentence, paragraph = folded.sentence(found.first), folded.paragraph(found.first)
    return Span(name, found.first, found.last, sentence, paragraph, (mention,))


def within_distance(left: Sequence[Span], right: Sequence[Span], distance: int) -> Iterator[Span]:
    """Yield pairs of different places in one field, at most ``distance`` words apart."""
    if not left or not right:
        return
    ordered = sorted(right, key=lambda h: (h.field, h.first))
    starts = [(h.field, h.first) for h in ordered]
    longest = max((h.last - h.first for h in right), default=0)
    made = 0
    for a in left:
        low = bisect_left(starts, (a.field, a.first - distance - longest - 1))
        for b in ordered[low : bisect_left(starts, (a.field, a.last + distance + 2))]:
            if a != b and _distance(a, b) <= distance:
                yield _join(a, b)
                made += 1
                if made >= MAX_PAIRS:
                    return


def within_passage(
    left: Sequence[Span], right: Sequence[Span], *, paragraph: bool
) -> Iterator[Span]:
    """Yield pairs of different places in one sentence (or paragraph) of one field."""
    if not left or not right:
        return
    by_place: dict[tuple[str, int], list[Span]] = {}
    for b in right:
        by_place.setdefault((b.field, b.paragraph if paragraph else b.sentence), []).append(b)
    made = 0
    for a in left:
        for b in by_place.get((a.field, a.paragraph if paragraph else a.sentence), ()):
            if a != b:
                yield _join(a, b)
                made += 1
                if made >= MAX_PAIRS:
                    return


def _distance(a: Span, b: Span) -> int:
    """Words between two places; 0 if they touch or overlap."""
    first, second = (a, b) if a.first <= b.first else (b, a)
    return max(0, second.first - first.last - 1)


def _join(a: Span, b: Span) -> Span:
    mentions = tuple(dict.fromkeys((*a.mentions, *b.mentions)))
    first, last = min(a.first, b.first), max(a.last, b.last)
    return Span(a.field, first, last, a.sentence, a.paragraph, mentions)


class FieldScan(NamedTuple):
    """The terms and traps found in one field, before any exclusion."""

    field: FieldName
    folded: Folded
    found: list[Occurrence]
    trapped: dict[str, list[Occurrence]]  # by concept

    def find_trap(self, found: Occurrence) -> Occurrence | None:
        """The trap that excludes the occurrence, or None."""
        for trap in self.trapped.get(found.entry.concept, ()):
            covers = trap.first <= found.first and found.last <= trap.last
            if covers and trap.entry.veto in ("", found.entry.text):
                return trap
        return None

    def is_found(self, concept: str, n: int) -> bool:
        """Whether a term of the concept covers that word."""
        return any(f.first <= n <= f.last and f.entry.concept == concept for f in self.found)


def scan_field(name: FieldName, folded: Folded, vocabulary: Vocabulary, language: str) -> FieldScan:
    """Find all terms and traps in a field; of overlapping terms of one concept, the longest."""
    found = list(vocabulary.index.scan(folded, language))
    trapped: dict[str, list[Occurrence]] = {}
    for find in found:
        if find.entry.is_trap:
            trapped.setdefault(find.entry.concept, []).append(find)
    return FieldScan(name, folded, _keep_longest(f for f in found if not f.entry.is_trap), trapped)


def resolve_surnames(scans: Sequence[FieldScan]) -> dict[FieldName, dict[int, Person]]:
    """Per field, the words at which a surname stands for a person whose full name the text has.

    They follow the full name, except in the headline: it may use the surname of a person whose full
    name is in the text below.
    """
    people = [
        (order, person)
        for order, scan in enumerate(scans)
        for person in persons.find_full_names(scan.folded, scan.found)
        if not _is_trapped(scan, person)
    ]
    found: dict[FieldName, dict[int, Person]] = {}
    for order, scan in enumerate(scans) if people else ():
        known = [
            (person, person.first if order == at else -1)
            for at, person in people
            if at <= order or scan.field == "headline"
        ]
        demonyms = {f.last for f in scan.found if persons.is_demonym(scan.folded, f)}
        in_full = {person.first: person for at, person in people if at == order}
        found[scan.field] = persons.find_surnames(scan.folded, known, demonyms) | in_full
    return found


def _is_trapped(scan: FieldScan, person: Person) -> bool:
    """Whether a trap excludes the actor's full name, so that the person is not the actor."""
    return (
        person.entry is not None
        and scan.find_trap(Occurrence(person.entry, person.first, person.first)) is not None
    )


def _keep_longest(found: Iterable[Occurrence]) -> list[Occurrence]:
    """Of overlapping occurrences of one concept, the longest; of equally long ones, the first."""
    chosen: list[Occurrence] = []
    free: dict[str, int] = {}
    for find in sorted(found, key=lambda f: (f.first, -f.last)):
        concept = find.entry.concept
        if find.first > free.get(concept, -1):
            chosen.append(find)
            free[concept] = find.last
    return chosen
