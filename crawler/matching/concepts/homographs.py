"""Places of a search's words that are something else by the lexicon's traps.

>>> from crawler.languages import fold
>>> from crawler.matching.topics import Term
>>> terms = (Term(text="المغرب", language="ar"),)
>>> country = Concept(name="state", title={}, terms=terms, traps=("صلاة المغرب",))
>>> sunset = Homographs(("المغرب",), [country])
>>> sunset.share([fold("بعد صلاة المغرب بالمسجد")]), sunset.share([fold("صلاة المغرب في المغرب")])
(1.0, 0.5)
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from crawler.languages import Folded
from crawler.matching.term_index import (
    Entry,
    TermIndex,
    find_entry,
    joined_spellings,
    search_entry,
    text_pattern,
)
from crawler.matching.topics import Concept


class Homographs:
    """The traps of these concepts in which one of these plain words stands."""

    def __init__(self, words: Collection[str], concepts: Iterable[Concept]) -> None:
        self._words = tuple(search_entry((word,)) for word in words)
        self._telling_traps = tuple(self._telling(concepts))
        self._traps = TermIndex(self._telling_traps)

    def __bool__(self) -> bool:
        """Whether there is any such trap; without one every share is 0."""
        return bool(self._telling_traps)

    def share(self, fields: Iterable[Folded]) -> float:
        """How many of the words' places in a text stand in a trap, from 0 to 1; 0 if there are no
        places. What is wholly covered means something else, and ranks behind the rest."""
        places = covered = 0
        for folded in fields:
            inside = {
                n for trap in self._traps.scan(folded) for n in range(trap.first, trap.last + 1)
            }
            found = {one.first for entry in self._words for one in find_entry(folded, entry)}
            places, covered = places + len(found), covered + len(found & inside)
        return covered / places if places else 0.0

    def _telling(self, concepts: Iterable[Concept]) -> Iterator[Entry]:
        wanted = frozenset(form for entry in self._words for form in entry.pattern[0])
        for concept in concepts:
            for text in dict.fromkeys(_traps(concept)):
                for spelled in joined_spellings(text):
                    pattern = text_pattern(spelled)
                    if any(not wanted.isdisjoint(forms) for forms in pattern):
                        yield Entry(concept.name, text, pattern, is_trap=True)


def _traps(concept: Concept) -> Iterator[str]:
    yield from concept.traps
    for term in concept.terms:
        yield from term.traps
