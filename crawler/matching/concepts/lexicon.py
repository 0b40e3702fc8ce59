"""All concepts of the seeds, and what each concept's mentions depend on. Pure.

A concept's mentions in a text depend on the concept and on those that decide about it, never on
which others are looked for. So they can be found once, kept, and found again only when the
concept's version has changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from functools import cached_property

from crawler.matching.term_index import Vocabulary, compile_entries, surname_forms
from crawler.matching.topics import Concept

# Part of every version: raise it when the code finds other mentions in the same text than before.
FINDING_VERSION = 1
_NOTHING: frozenset[str] = frozenset()


class Lexicon:
    """Concepts by name, compiled together when they are first looked for."""

    def __init__(self, concepts: Mapping[str, Concept]) -> None:
        self.concepts = concepts
        self._surnames: dict[str, frozenset[str]] = {}
        self._hashes: dict[str, bytes] = {}

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

    def version(self, name: str) -> str:
        """A hash of all that decides about the concept's mentions, the article apart."""
        parts = [name.encode(), b"%d" % FINDING_VERSION]
        parts += [self._hash(one) for one in sorted(self.deciding([name]))]
        return hashlib.sha256(b" ".join(parts)).hexdigest()[:12]

    def versions(self) -> dict[str, str]:
        """The version of every concept, by name."""
        return {name: self.version(name) for name in self.concepts}

    def homes(self, name: str) -> frozenset[str]:
        """The countries whose sources have mentions of the concept that others have not."""
        deciding = map(self.concepts.__getitem__, self.deciding([name]))
        return frozenset(one.country for one in deciding if one.has_home_terms) - {""}

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
        if name not in self._surnames:
            entries = compile_entries(self.concepts[name])
            self._surnames[name] = _NOTHING.union(*map(surname_forms, entries))
        return self._surnames[name]
