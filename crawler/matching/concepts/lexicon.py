"""All concepts of the seeds, and what each concept's mentions depend on. Pure.

A concept's mentions in a text depend on the concept and on those that decide about it, never on
which others are looked for. So they can be found once, kept, and found again only when the
concept's version has changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from functools import cached_property

from crawler.matching.term_index import Vocabulary, compile_entries, demonym, surname_forms
from crawler.matching.topics import Concept

# Part of every version: raise it when the code finds other mentions in the same text than before.
FINDING_VERSION = 1
_NOTHING: frozenset[str] = frozenset()


def compiled_lexicon(concepts: Mapping[str, Concept]) -> Lexicon:
    """The lexicon with all that looking for its concepts needs, made at once: a worker that has it
    needs no time for it while it reads a page."""
    lexicon = Lexicon(concepts)
    assert lexicon.vocabulary.sharing_names is not None  # compiled when they are first looked at
    lexicon.versions()
    return lexicon


class Lexicon:
    """Concepts by name, compiled together when they are first looked for."""

    def __init__(self, concepts: Mapping[str, Concept]) -> None:
        self.concepts = concepts
        self._surnames: dict[str, frozenset[str]] = {}
        self._hashes: dict[str, bytes] = {}
        self._versions: dict[str, str] = {}
        self._parts: dict[frozenset[str], Lexicon] = {}

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The compiled terms of all concepts."""
        return Vocabulary(self.concepts)

    def deciding(self, names: Iterable[str]) -> frozenset[str]:
        """Those of the names that are known, and the concepts that decide about their mentions.

        These are the concepts that support them, the states that they may belong to instead, what
        introduces these, and those with one of their surnames or demonyms: in a text that names
        "Mohammed al-Sudani" in full, "Sudani" is no Sudanese.
        """
        decided, ahead = set[str](), [name for name in names if name in self.concepts]
        while ahead:
            name = ahead.pop()
            if name not in decided:
                decided.add(name)
                ahead += [one for one in self.concepts[name].supported_by if one in self.concepts]
        found = set(decided)
        for name in decided:
            concept = self.concepts[name]
            found.update(concept.foreign, concept.introduced_by, self._sharing_names(name))
        return frozenset(found.intersection(self.concepts))

    def part(self, names: Iterable[str]) -> Lexicon:
        """The lexicon in which these concepts have the mentions that they have in this one, and as
        few others as can be."""
        deciding = self.deciding(names)
        if len(deciding) > len(self.concepts) / 2:  # what is compiled already is not made again
            return self
        if deciding not in self._parts:
            some = {name: self.concepts[name] for name in sorted(deciding)}
            self._parts = {deciding: Lexicon(some)}  # they are asked for batch by batch
        return self._parts[deciding]

    def version(self, name: str) -> str:
        """A hash of all that decides about the concept's mentions, the article apart."""
        if name not in self._versions:
            self._versions[name] = self._version(name)
        return self._versions[name]

    def _version(self, name: str) -> str:
        parts = [name.encode(), b"%d" % FINDING_VERSION]
        parts += [self._hash(one) for one in sorted(self.deciding([name]))]
        return hashlib.sha256(b" ".join(parts)).hexdigest()[:12]

    def versions(self) -> dict[str, str]:
        """The version of every concept, by name."""
        return {name: self.version(name) for name in self.concepts}

    def homes(self, name: str) -> frozenset[str]:
        """The countries whose sources have mentions of the concept that others have not."""
        deciding = map(self.concepts.__getitem__, self.deciding([name]))
        return frozenset(
            one.country
            for one in deciding
            if any(t.domestic for t in one.terms) or (one.country and one.has_home_terms)
        )

    def _hash(self, name: str) -> bytes:
        if name not in self._hashes:
            self._hashes[name] = hashlib.sha256(repr(self.concepts[name]).encode()).digest()
        return self._hashes[name]

    def _sharing_names(self, name: str) -> Iterable[str]:
        own = self._surname_forms(name)
        if not own:
            return ()
        return (one for one in self.concepts if not own.isdisjoint(self._surname_forms(one)))

    def _surname_forms(self, name: str) -> frozenset[str]:
        if name not in self._surnames and "vocabulary" in vars(self):
            self._surnames = dict.fromkeys(self.concepts, _NOTHING)
            for entry in self.vocabulary.entries:
                if forms := surname_forms(entry):
                    self._surnames[entry.concept] |= forms
        elif name not in self._surnames:
            concept = self.concepts[name]
            has_persons = any(term.actor for term in concept.terms)
            self._surnames[name] = _NOTHING.union(
                *map(surname_forms, compile_entries(concept))
                if has_persons
                else map(demonym, concept.terms)  # quick: a search asks this of all concepts
            )
        return self._surnames[name]
