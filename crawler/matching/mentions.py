"""The places of terms and queries in a text, and pairs of places near each other. Pure."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from crawler.languages import Folded, visible_text
from crawler.matching import persons
from crawler.matching.fields import ItemFacts
from crawler.matching.persons import Person
from crawler.matching.term_index import Occurrence, Vocabulary
from crawler.matching.topics import Concept
from crawler.model import FieldName, Mention

# A text that repeats both sides hundreds of times proves no more by the thousandth pair.
MAX_PAIRS = 100
AMBIGUOUS = "ambiguous, and nothing in the text supports it"
NAMESAKE = "a namesake's, as the text has it, and nothing supports it"
NAMED_ELSEWHERE = "another state's, as the text says before"
# Between an institution and its state: "ministère de l'Intérieur de l'Irak".
_LINKS = frozenset("في لدي ب من of in at de du d des l la le les en au a à s".split())
MAX_INTRODUCED = 3  # words between "with" and the state: مع وزير الداخلية العراقي
_DATELINE_END = re.compile(r"\s*[-–—:(/,،]")  # "Bagdad (Agence) – …"


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
            if a != b and words_between(a, b) <= distance:
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


def words_between(a: Span, b: Span) -> int:
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
    contested: frozenset[tuple[str, str]] = frozenset()  # concept and term: of a namesake

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


def scan_field(
    name: FieldName, folded: Folded, vocabulary: Vocabulary, language: str, facts: ItemFacts
) -> FieldScan:
    """Find all terms and traps in a field; of overlapping terms of one concept, the longest.

    Domestic terms are found in texts of their own country's sources only.
    """
    kept: list[Occurrence] = []
    trapped: dict[str, list[Occurrence]] = {}
    contested: set[tuple[str, str]] = set()
    for find in vocabulary.index.scan(folded, language):
        entry = find.entry
        if entry.is_trap:
            trapped.setdefault(entry.concept, []).append(find)
        elif entry.is_namesake:
            contested.add((entry.concept, entry.veto))
        elif not entry.domestic or vocabulary.concepts[entry.concept].country == facts.country:
            kept.append(find)
    found = _keep_longest(kept, facts.day)
    return FieldScan(name, folded, found, trapped, frozenset(contested))


_Place = tuple[str, FieldName, int]  # a concept, and the first word of a term of it in a field


class Doubts(NamedTuple):
    """What in a text speaks against its terms' usual sense."""

    unlinked: set[_Place]  # domestic terms of no dealings
    doubted: set[_Place]  # … and those that the text has used of another state before
    contested: frozenset[tuple[str, str]]  # concept and term of which the text has a namesake


def find_doubts(scans: Sequence[FieldScan], concepts: Mapping[str, Concept]) -> Doubts:
    """Which terms have a namesake in the text, and which domestic terms are another state's.

    An institution that the text has named with another state stays that state's: "the Iraqi
    interior ministry … the interior ministry added". So does any below a foreign dateline. One that
    another state stands beside, or of whose sentence none is introduced, is no mention at all.
    Each concept is judged by itself: which others are looked for makes no difference.
    """
    doubts = Doubts(set(), set(), frozenset().union(*(scan.contested for scan in scans)))
    named: set[tuple[str, str]] = set()  # concept and term that stood beside another state
    abroad: set[str] = set()  # concepts for which the text has a foreign dateline
    for scan in scans:
        domestic = [f for f in scan.found if f.entry.domestic]
        for find in domestic:
            entry, home = find.entry, concepts[find.entry.concept]
            others = [f for f in scan.found if f.entry.concept in home.foreign]
            place = entry.concept, scan.field, find.first
            if any(_opens_dateline(scan, f) for f in others):
                abroad.add(entry.concept)
            if any(_is_beside(scan.folded, find, other) for other in others):
                doubts.unlinked.add(place)
                named.add((entry.concept, entry.text))
            elif home.introduced_by and not _is_linked(scan, find, others, home.introduced_by):
                doubts.unlinked.add(place)
            elif entry.concept in abroad or (entry.concept, entry.text) in named:
                doubts.doubted.add(place)
    return doubts


def explain_doubt(
    scan: FieldScan,
    found: Occurrence,
    concepts: Mapping[str, Concept],
    facts: ItemFacts,
    doubts: Doubts,
) -> str:
    """Why the mention counts only with support; "" if it needs none."""
    entry = found.entry
    if entry.domestic:
        place = entry.concept, scan.field, found.first
        return NAMED_ELSEWHERE if place in doubts.doubted else ""
    home = concepts[entry.concept].country
    if home != "" and home == facts.country:
        return ""
    if entry.ambiguous:
        return AMBIGUOUS
    return NAMESAKE if (entry.concept, entry.text) in doubts.contested else ""


def _is_beside(folded: Folded, find: Occurrence, other: Occurrence) -> bool:
    """Whether a state is named directly before the institution, or behind it."""
    if folded.sentence(find.first) != folded.sentence(other.first):
        return False
    before, after = (other, find) if other.first < find.first else (find, other)
    between = [folded.text(n) for n in range(before.last + 1, after.first)]
    return len(between) <= 3 and _LINKS.issuperset(between)


def _is_linked(
    scan: FieldScan, find: Occurrence, others: Sequence[Occurrence], introducing: Container[str]
) -> bool:
    """Whether the institution's sentence introduces another state, and one only: "with Iraq", "an
    envoy of Iraq", "his Iraqi counterpart".
    """
    sentence = scan.folded.sentence(find.first)
    here = [f for f in others if scan.folded.sentence(f.first) == sentence]
    words = [f for f in scan.found if f.entry.concept in introducing]
    return len({f.entry.concept for f in here}) == 1 and any(
        -2 <= other.first - word.last - 1 <= MAX_INTRODUCED
        for other in here
        for word in words
        if scan.folded.sentence(word.first) == sentence
    )


def _opens_dateline(scan: FieldScan, find: Occurrence) -> bool:
    """Whether the text begins with the place: "Bagdad (Agence) – …"."""
    if find.first or scan.field == "headline":
        return False
    rest = visible_text(scan.folded.original[scan.folded.ends[find.last] :][:3])
    return _DATELINE_END.match(rest) is not None


class Surnames:
    """The words at which a surname stands for a person whose full name the text has.

    They follow the full name, except in the headline: it may use the surname of a person whose full
    name is in the text below. Who decides about a concept's words are the persons of the concepts
    that ``sharing`` gives for it, and of no other that happens to be looked for.
    """

    def __init__(self, scans: Sequence[FieldScan], sharing: Mapping[str, frozenset[str]]) -> None:
        self._scans, self._sharing = scans, sharing
        self._people = [
            (order, person)
            for order, scan in enumerate(scans)
            for person in persons.find_full_names(scan.folded, scan.found)
            if not _is_trapped(scan, person)
        ]
        self.concepts = frozenset(person.concept for _, person in self._people)
        self._found: dict[frozenset[str], dict[FieldName, dict[int, Person]]] = {}

    def of(self, concept: str, field: FieldName) -> Mapping[int, Person]:
        """The persons by their words in this field, for the words of this concept."""
        if not self._people:
            return _NOBODY
        sharing = self._sharing.get(concept) or frozenset((concept,))
        if sharing.isdisjoint(self.concepts):
            return _NOBODY
        if sharing not in self._found:
            self._found[sharing] = self._find(sharing)
        return self._found[sharing].get(field, _NOBODY)

    def _find(self, concepts: frozenset[str]) -> dict[FieldName, dict[int, Person]]:
        people = [(order, person) for order, person in self._people if person.concept in concepts]
        found: dict[FieldName, dict[int, Person]] = {}
        for order, scan in enumerate(self._scans):
            known = [
                (person, person.first if order == at else -1)
                for at, person in people
                if at <= order or scan.field == "headline"
            ]
            demonyms = {
                f.last
                for f in scan.found
                if f.entry.concept in concepts and persons.is_demonym(scan.folded, f)
            }
            in_full = {person.first: person for at, person in people if at == order}
            found[scan.field] = persons.find_surnames(scan.folded, known, demonyms) | in_full
        return found


_NOBODY: Mapping[int, Person] = {}


def _is_trapped(scan: FieldScan, person: Person) -> bool:
    """Whether a trap excludes the actor's full name, so that the person is not the actor."""
    return (
        person.entry is not None
        and scan.find_trap(Occurrence(person.entry, person.first, person.first)) is not None
    )


def _keep_longest(found: Iterable[Occurrence], day: date | None) -> list[Occurrence]:
    """Of overlapping occurrences of one concept, the longest; of equally long ones a person in
    office, then what is no person, then the first.
    """
    chosen: list[Occurrence] = []
    free: dict[str, int] = {}
    for find in sorted(found, key=lambda f: (f.first, -f.last, _rank(f, day))):
        concept = find.entry.concept
        if find.first > free.get(concept, -1):
            chosen.append(find)
            free[concept] = find.last
    return chosen


def _rank(find: Occurrence, day: date | None) -> int:
    if find.entry.actor is None:
        return 1
    return 0 if find.entry.is_valid_on(day) else 2
