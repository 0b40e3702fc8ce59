"""Which of the terms found in a text count as mentions, and which only with support. Pure.

::

    fields ─► fold ─► scans ─► surnames ─► traps ─► terms of office ─► doubts

What is decided about a term depends on its concept and on those that ``lexicon.Lexicon`` names as
deciding about it; which others are looked for makes no difference.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from crawler.languages import fold
from crawler.languages.detect import detect
from crawler.matching.fields import Fields, ItemFacts
from crawler.matching.mentions import (
    Doubts,
    FieldScan,
    Surnames,
    explain_doubt,
    find_doubts,
    scan_field,
)
from crawler.matching.term_index import Occurrence, Vocabulary

_fold = lru_cache(maxsize=8)(fold)  # an article's fields, judged by one topic after the other


class JudgedTerm(NamedTuple):
    """A term found in a field; of a person named by surname, the entry of that person."""

    scan: FieldScan
    found: Occurrence
    reason: str  # why it does not count; "" if it does
    doubt: str  # why it counts only with support; "" if it needs none


def scan_fields(fields: Fields, vocabulary: Vocabulary) -> list[FieldScan]:
    """Find the terms of the vocabulary in each field."""
    language = _language(fields) if vocabulary.needs_language else ""
    return [
        scan_field(name, _fold(text), vocabulary, language, fields.facts)
        for name, text in fields.texts.items()
    ]


def judge_terms(
    scans: Sequence[FieldScan], vocabulary: Vocabulary, facts: ItemFacts
) -> Iterator[JudgedTerm]:
    """Yield what was found, judged; field by field, the surnames of persons at its end."""
    surnames = Surnames(scans, vocabulary.sharing_names)
    doubts = find_doubts(scans, vocabulary.concepts)
    for scan in scans:
        for found in (*scan.found, *_surnames_alone(scan, surnames)):
            entry = found.entry
            if entry.domestic and (entry.concept, scan.field, found.first) in doubts.unlinked:
                continue
            yield _judge(scan, found, surnames, vocabulary, facts, doubts)


def _surnames_alone(scan: FieldScan, surnames: Surnames) -> list[Occurrence]:
    """The persons whose surname stands where no term of their concept does."""
    found = [
        Occurrence(person.entry, n, n)
        for concept in sorted(surnames.concepts)
        for n, person in surnames.of(concept, scan.field).items()
        if person.entry is not None and person.concept == concept and not scan.is_found(concept, n)
    ]
    return sorted(found, key=lambda occurrence: occurrence.first)


def _judge(
    scan: FieldScan,
    found: Occurrence,
    surnames: Surnames,
    vocabulary: Vocabulary,
    facts: ItemFacts,
    doubts: Doubts,
) -> JudgedTerm:
    entry, doubt = found.entry, ""
    if entry.ambiguous or entry.domestic or doubts.contested:
        doubt = explain_doubt(scan, found, vocabulary.concepts, facts, doubts)
    trap = scan.find_trap(found) if entry.concept in scan.trapped else None
    person = surnames.of(entry.concept, scan.field).get(found.last)
    if found.first == found.last:
        named = person.entry if person is not None else None
        if named is not None and named.concept == entry.concept:
            entry = named
        if entry.surname_entry is not None:  # the surname of one named in full
            found = found._replace(entry=entry.surname_entry)
    if trap is not None:
        reason = f"trap {trap.entry.text}"
    elif entry.demonym and person is not None:
        reason = f"surname of {person.named}"
    elif not entry.is_valid_on(facts.day):
        reason = "not in office at the time"
    else:
        reason = ""
    return JudgedTerm(scan, found, reason, doubt)


def _language(fields: Fields) -> str:
    """The item's language if known, else detected from its text."""
    told = fields.facts.language
    return told if told not in ("", "und") else detect(" ".join(fields.texts.values()), ())
