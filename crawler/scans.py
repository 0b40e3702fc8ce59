"""What the terms of a vocabulary find in a field, before anything is taken away. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from crawler import persons
from crawler.languages import Folded
from crawler.model import FieldName
from crawler.persons import Person
from crawler.terms import Find, Vocabulary


class Scan(NamedTuple):
    """What was found in one field, before anything is taken away."""

    field: FieldName
    folded: Folded
    found: list[Find]
    trapped: dict[str, list[Find]]  # by concept

    def trap(self, found: Find) -> Find | None:
        """The trap that takes the find away, or None."""
        for trap in self.trapped.get(found.entry.concept, ()):
            covers = trap.first <= found.first and found.last <= trap.last
            if covers and trap.entry.veto in ("", found.entry.text):
                return trap
        return None

    def is_found(self, concept: str, n: int) -> bool:
        """Whether a term of the concept stands at that word."""
        return any(f.first <= n <= f.last and f.entry.concept == concept for f in self.found)


def scanned(name: FieldName, folded: Folded, vocabulary: Vocabulary, language: str) -> Scan:
    """What stands in a field: of terms of one concept that overlap the longest, and every trap."""
    found = list(vocabulary.all.scan(folded, language))
    trapped: dict[str, list[Find]] = {}
    for find in found:
        if find.entry.is_trap:
            trapped.setdefault(find.entry.concept, []).append(find)
    return Scan(name, folded, _longest(f for f in found if not f.entry.is_trap), trapped)


def surnames(scans: Sequence[Scan]) -> dict[FieldName, dict[int, Person]]:
    """Per field the words at which a surname stands for a person whom the text has named in full.

    From the full name on; a headline names by the surname whom the text below it names in full.
    """
    people = [
        (order, person) for order, scan in enumerate(scans)
        for person in persons.named(scan.folded, scan.found) if not _is_trapped(scan, person)
    ]  # fmt: skip
    found: dict[FieldName, dict[int, Person]] = {}
    for order, scan in enumerate(scans) if people else ():
        known = [
            (person, person.first if order == at else -1)
            for at, person in people if at <= order or scan.field == "headline"
        ]  # fmt: skip
        demonyms = {f.last for f in scan.found if persons.is_demonym(scan.folded, f)}
        in_full = {person.first: person for at, person in people if at == order}
        found[scan.field] = persons.surnames(scan.folded, known, demonyms) | in_full
    return found


def _is_trapped(scan: Scan, person: Person) -> bool:
    """Whether the full name of an actor is taken away: then nobody of ours was named."""
    return person.entry is not None and scan.trap(Find(person.entry, person.first, person.first)) is not None


def _longest(found: Iterable[Find]) -> list[Find]:
    """Of finds of one concept that overlap, the longest, then the first."""
    chosen: list[Find] = []
    free: dict[str, int] = {}
    for find in sorted(found, key=lambda f: (f.first, -f.last)):
        concept = find.entry.concept
        if find.first > free.get(concept, -1):
            chosen.append(find)
            free[concept] = find.last
    return chosen
