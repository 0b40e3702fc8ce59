"""The places of all concepts in an article, small enough to be kept for every article. Pure.

::

    fields ─► fold ─► one scan for the whole lexicon ─► judged as a Document judges ─► packed

A place counts words, not characters: where a mention stands in the original text is found again
when the article is shown. Sentences are numbered through the fields in their order, so that whether
two concepts share one is a comparison of two numbers: ``sentence_bits``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from crawler.matching.concepts.counted import JudgedTerm, judge_terms, scan_fields
from crawler.matching.concepts.lexicon import Lexicon
from crawler.matching.fields import Fields
from crawler.matching.mentions import FieldScan
from crawler.model import ConceptPlaces, FieldName, FoundConcepts

FIELDS: tuple[FieldName, ...] = ("headline", "body", "url", "lead", "summary")
"""The order of an article's fields; a field is packed as its number, so append only."""
LAST_BIT = 62
"""The bit of all sentences from this one on: a number of 64 bits with a sign has no more."""
_FIELD_BITS, _SMALL = 3, 3  # bits of a field's number; the largest small number of a packed place


class Place(NamedTuple):
    """A mention of a concept: words first..last of a field, both inclusive.

    ``sentence`` and ``paragraph`` are those of the first word, counted within the field.
    """

    field: FieldName
    first: int
    last: int
    sentence: int
    paragraph: int


def find_concepts(fields: Fields, lexicon: Lexicon) -> dict[str, ConceptPlaces]:
    """The concepts of the lexicon that the fields mention, by name, with their places.

    They are those of ``Document.from_fields``; what a topic excludes beyond that (enumerations,
    other stories on the page) is the topic's own.
    """
    scans = scan_fields(fields, lexicon.vocabulary)
    first_sentences = _count_sentences(scans)
    judged = judge_terms(scans, lexicon.vocabulary, fields.facts)
    return {
        name: _pack_terms(terms, first_sentences)
        for name, terms in _supported(judged, lexicon).items()
    }


def keep_concepts(
    fields: Fields, lexicon: Lexicon, names: Collection[str] | None = None
) -> FoundConcepts:
    """The concepts of the lexicon (of these names only, if any are given) in these fields, with the
    versions by which they were found: what the archive keeps."""
    looked_for = lexicon.concepts.keys() if names is None else lexicon.concepts.keys() & names
    found = find_concepts(fields, lexicon if names is None else lexicon.part(looked_for))
    return FoundConcepts(
        versions={name: lexicon.version(name) for name in looked_for},
        country=fields.facts.country,
        found={name: places for name, places in found.items() if name in looked_for},
    )


def pack_places(places: Iterable[Place]) -> bytes:
    """The places as bytes, two or three each; they come sorted by field and word."""
    by_field: dict[FieldName, list[Place]] = {}
    for place in places:
        by_field.setdefault(place.field, []).append(place)
    packed = bytearray()
    for number, name in enumerate(FIELDS):
        if name in by_field:
            _append(packed, len(by_field[name]) << _FIELD_BITS | number)
            _pack_field(packed, by_field[name])
    return bytes(packed)


def unpack_places(packed: bytes) -> list[Place]:
    """The places that ``pack_places`` was given."""
    numbers, found = _numbers(packed), list[Place]()
    for head in numbers:
        name = FIELDS[head & (1 << _FIELD_BITS) - 1]
        first = sentence = paragraph = 0
        for _ in range(head >> _FIELD_BITS):
            first += next(numbers)
            mixed = next(numbers)
            length, lines = mixed & _SMALL, mixed >> 2 & _SMALL
            length += next(numbers) if length == _SMALL else 0
            lines += next(numbers) if lines == _SMALL else 0
            sentence, paragraph = sentence + (mixed >> 4), paragraph + lines
            found.append(Place(name, first, first + length, sentence, paragraph))
    return found


def share_a_sentence(one: bytes, other: bytes) -> bool:
    """Whether two different concepts, by their packed places, have mentions in one sentence."""
    sentences = {(place.field, place.sentence) for place in unpack_places(one)}
    return any((place.field, place.sentence) in sentences for place in unpack_places(other))


def _count_sentences(scans: Iterable[FieldScan]) -> Mapping[FieldName, int]:
    """For each field, how many sentences stand in the fields before it."""
    lengths = {
        scan.field: scan.folded.sentence(len(scan.folded.forms) - 1) + 1
        for scan in scans
        if scan.folded.forms
    }
    before, found = 0, dict[FieldName, int]()
    for name in FIELDS:
        found[name], before = before, before + lengths.get(name, 0)
    return found


def _supported(judged: Iterable[JudgedTerm], lexicon: Lexicon) -> dict[str, list[JudgedTerm]]:
    """The terms that count, by concept: those that need support only with it."""
    found: dict[str, list[JudgedTerm]] = {}
    sure: set[str] = set()
    for term in judged:
        if not term.reason:
            found.setdefault(term.found.entry.concept, []).append(term)
            if not term.doubt:
                sure.add(term.found.entry.concept)
    return {
        name: terms
        for name, terms in found.items()
        if name in sure or not sure.isdisjoint(lexicon.concepts[name].supported_by)
    }


def _pack_terms(
    terms: Iterable[JudgedTerm], first_sentences: Mapping[FieldName, int]
) -> ConceptPlaces:
    places, bits = list[Place](), 0
    for scan, found, _, _ in terms:
        first, folded = found.first, scan.folded
        sentence = folded.sentence(first)
        places.append(Place(scan.field, first, found.last, sentence, folded.paragraph(first)))
        bits |= 1 << min(first_sentences[scan.field] + sentence, LAST_BIT)
    return ConceptPlaces(sentences=bits, places=pack_places(sorted(places)))


def _pack_field(packed: bytearray, places: Iterable[Place]) -> None:
    first = sentence = paragraph = 0
    for _, begins, ends, stands_in, below in places:
        length, lines = ends - begins, below - paragraph
        _append(packed, begins - first)
        small = min(lines, _SMALL) << 2 | min(length, _SMALL)
        _append(packed, stands_in - sentence << 4 | small)
        for number in (length, lines):
            if number >= _SMALL:
                _append(packed, number - _SMALL)
        first, sentence, paragraph = begins, stands_in, below


def _append(packed: bytearray, number: int) -> None:
    """Append a number of 0 or more, seven bits a byte, the lowest first (LEB128)."""
    while number > 0x7F:
        packed.append(number & 0x7F | 0x80)
        number >>= 7
    packed.append(number)


def _numbers(packed: bytes) -> Iterator[int]:
    number = shift = 0
    for byte in packed:
        number |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            yield number
            number = shift = 0
