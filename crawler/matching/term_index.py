"""Concepts made ready to be found: terms with all their forms, indexed by their first word.

A term becomes one pattern or several (the article of a name in Latin letters may be there, be
glued, or be left out); a pattern says per word the folded forms that fit. ``scan`` finds them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, lru_cache
from typing import NamedTuple

from crawler.languages import (
    Folded,
    fold,
    given_names,
    hamza_variants,
    inflect,
    name_forms,
    plain_words,
    query_forms,
    term_forms,
    unaccented,
)
from crawler.matching.topics import Concept, Term
from crawler.model import Actor

Pattern = tuple[frozenset[str], ...]  # per word the folded forms that fit; ANY fits every word
ANY: frozenset[str] = frozenset()

ARTICLES = frozenset(
    {"al", "el", "ul", "as", "ash", "ad", "an", "ar", "at", "az", "l"}
)  # of names in Latin letters
_SLAVES = frozenset({"abd", "abdul", "abdel", "abdal", "abdoul", "abdou"})  # the Abd- of names
_COMMA = re.compile("[,;:،؛](?=\\s)")
_REMEMBERED = 50_000  # readings whose candidates are kept at hand


@dataclass(frozen=True, slots=True)
class Entry:
    """A pattern and what finding it means. A trap has ``veto``: the term it takes away, "" for all.

    ``bare`` is the surname of a person whose full name this is; ``demonym`` are the forms in which a
    country's adjective may be somebody's surname.
    """

    concept: str
    text: str
    pattern: Pattern
    actor: Actor | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    veto: str = ""
    only_in: tuple[str, ...] = ()
    bare: Entry | None = None
    demonym: frozenset[str] = frozenset()
    is_trap: bool = False

    def is_tried(self, language: str) -> bool:
        """Whether the term is one for texts of that language; where none can be told, all are tried."""
        return not self.only_in or language in self.only_in or language in ("", "und")

    def valid(self, at: date | None) -> bool:
        """Whether the term counts in a text of that day; undated texts count always."""
        if at is None:
            return True
        early = self.valid_from is not None and at < self.valid_from
        late = self.valid_until is not None and at > self.valid_until
        return not (early or late)


class Find(NamedTuple):
    """An entry found in tokens first..last."""

    entry: Entry
    first: int
    last: int


class Index:
    """Entries by the forms of their first word."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._by_form: dict[str, list[Entry]] = {}
        for entry in entries:
            for form in (entry.pattern[0] or ("",)) if entry.pattern else ():
                self._by_form.setdefault(form, []).append(entry)
        self._anywhere = self._by_form.pop("", [])
        self._known: dict[frozenset[str], _Candidates] = {}
        self._pairs: dict[tuple[frozenset[str], frozenset[str]], tuple[Entry, ...]] = {}

    def scan(self, folded: Folded, language: str = "") -> Iterator[Find]:
        """Every place of every entry that is tried on texts of that language, in the order of the text."""
        forms = folded.forms
        last = len(forms) - 1
        for n, candidates in enumerate(map(self._known.get, forms)):
            if candidates is None:
                candidates = self._candidates(forms[n])
            if candidates is _NOTHING:
                continue
            for entry in candidates.words:
                if entry.is_tried(language):
                    yield Find(entry, n, n)
            if candidates.phrases and n < last:
                pair = forms[n], forms[n + 1]
                phrases = self._pairs.get(pair)
                for entry in self._phrases(pair) if phrases is None else phrases:
                    if (
                        _fits(folded, n, entry.pattern)
                        and entry.is_tried(language)
                        and _in_one_breath(folded, n, entry.pattern)
                    ):
                        yield Find(entry, n, n + len(entry.pattern) - 1)

    def _candidates(self, forms: frozenset[str]) -> _Candidates:
        found = {id(e): e for form in sorted(forms) for e in self._by_form.get(form, ())}
        all_of_them = (*found.values(), *self._anywhere)
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        words = tuple(e for e in all_of_them if len(e.pattern) == 1)
        phrases = tuple(e for e in all_of_them if len(e.pattern) > 1)
        self._known[forms] = candidates = _Candidates(words, phrases) if all_of_them else _NOTHING
        return candidates

    def _phrases(self, pair: tuple[frozenset[str], frozenset[str]]) -> tuple[Entry, ...]:
        """The entries of several words whose first two may be these."""
        second = pair[1]
        found = (
            e
            for e in self._candidates(pair[0]).phrases
            if not (e.pattern[1] and e.pattern[1].isdisjoint(second))
        )
        if len(self._pairs) >= _REMEMBERED:
            self._pairs.clear()
        self._pairs[pair] = phrases = tuple(found)
        return phrases


class _Candidates(NamedTuple):
    """The entries that may begin at a word."""

    words: tuple[Entry, ...]  # of one word: found
    phrases: tuple[Entry, ...]  # of several


_NOTHING = _Candidates((), ())


@lru_cache(maxsize=1_000)  # the words of rules and searches
def asked(words: tuple[str, ...]) -> Entry:
    """The plain words of a search, to be found as a term is."""
    return Entry("", " ".join(words), tuple(map(query_forms, words)))


def places(folded: Folded, entry: Entry) -> Iterator[Find]:
    """Every place of one entry, in order: no index is made for it."""
    first, words = entry.pattern[0], len(entry.pattern)
    for n, forms in enumerate(folded.forms):
        if not first.isdisjoint(forms) and (words == 1 or _fits(folded, n, entry.pattern, 1)):
            yield Find(entry, n, n + words - 1)


def _fits(folded: Folded, first: int, pattern: Pattern, known: int = 2) -> bool:
    """Whether the words behind the first ``known``, by which it was found, go on in the pattern's sentence."""
    last = first + len(pattern) - 1
    if last >= len(folded.forms):
        return False
    for n in range(known, len(pattern)):
        if pattern[n] and pattern[n].isdisjoint(folded.forms[first + n]):
            return False
    return folded.sentence(first) == folded.sentence(last)


def _in_one_breath(folded: Folded, first: int, pattern: Pattern) -> bool:
    """Whether no comma or colon parts the words: "to Iraq, Morocco and Bahrain" has no "Iraq Morocco"."""
    gap = folded.original[folded.ends[first] : folded.starts[first + len(pattern) - 1]]
    return _COMMA.search(gap) is None


class Vocabulary:
    """The terms and the traps of some concepts."""

    def __init__(self, concepts: Mapping[str, Concept]) -> None:
        self.entries = tuple(e for c in concepts.values() for e in entries(c))
        self.asks_language = any(entry.only_in for entry in self.entries)
        traps = (t for c in concepts.values() for t in _traps(c))
        self.all = Index((*self.entries, *traps))

    @cached_property
    def terms(self) -> Index:
        """The terms alone."""
        return Index(self.entries)


def entries(concept: Concept) -> Iterator[Entry]:
    """The concept's terms, each in all the patterns it may stand in."""
    for term in concept.terms:
        demonym = _demonym(term)
        for pattern in patterns(term):
            entry = Entry(
                concept.name, term.text, pattern, term.actor, term.valid_from, term.valid_until,
                only_in=term.only_in, demonym=demonym,
            )  # fmt: skip
            yield replace(entry, bare=_bare(entry)) if _is_full_name(entry) else entry


def _demonym(term: Term) -> frozenset[str]:
    """The forms of a country's adjective that are a family name too: العراقي, Al-Iraqi."""
    words = plain_words(term.text)
    if len(words) != 1 or not {"nisba", "adj", "plural"}.intersection(term.inflect):
        return frozenset()
    return term_forms(words[0])


def _is_full_name(entry: Entry) -> bool:
    """Whether the pattern is a person's given name and surname: Fouad Ali El Himma, عبد اللطيف وهبي."""
    pattern = entry.pattern
    if entry.actor is None or len(pattern) < 2 or not (pattern[-1] and all(pattern[:-1])):
        return False
    if (
        any(map(given_names.is_regnal_number, pattern[-1]))
        or pattern[-2] & _SLAVES
        or "عبد" in pattern[-2]
    ):
        return False
    return (
        "عبد" in pattern[0]
        or bool(pattern[0] & _SLAVES)
        or any(map(given_names.is_given, pattern[0]))
    )


def _bare(entry: Entry) -> Entry:
    """The surname alone, which stands for the person once the text has the full name."""
    surname = re.split(r"[\s'’-]+", entry.text.strip())[-1]
    return replace(entry, text=surname, pattern=entry.pattern[-1:])


def _traps(concept: Concept) -> Iterator[Entry]:
    for text in concept.traps:
        yield Entry(concept.name, text, pattern_of(text), is_trap=True)
    for term in concept.terms:
        for text in term.traps:
            yield Entry(concept.name, text, pattern_of(text), veto=term.text, is_trap=True)


def idle_traps(concept: Concept) -> list[str]:
    """Traps in whose words no term of the concept stands: they can take nothing away, and a word
    that was meant as a term may have slipped among them. A trap for texts without accents is none."""
    terms = Index(entries(concept))
    typed = (
        (trap, " ".join(map(unaccented, plain_words(trap.replace("*", "x")))))
        for trap in concept.traps
    )
    return [trap for trap, text in typed if not any(terms.scan(fold(text)))]


def patterns(term: Term) -> Iterator[Pattern]:
    """The patterns of a term. Names in Latin letters vary in every word, other terms where declared."""
    if term.inflect == ("name",):
        for words in dict.fromkeys(_with_articles(plain_words(term.text))):
            yield tuple(_spelled(word, term.language) for word in words)
        return
    pattern = list(pattern_of(term.text))
    for n, name in enumerate(term.inflect[: len(pattern)]):
        if name and pattern[-1 - n]:
            forms = (inflect(form, name, term.language) for form in pattern[-1 - n])
            pattern[-1 - n] = frozenset(
                f for many in forms for one in many for f in hamza_variants(one)
            )
    if pattern:
        yield tuple(pattern)


def _spelled(word: str, language: str) -> frozenset[str]:
    return frozenset((word,)) if word in ARTICLES else name_forms(word, language)


def _with_articles(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Qassim al-Araji, Qassim Araji, Qassim Alaraji; Abdul Amir, Abdulamir, Abd al-Amir."""
    bare = [word for word in words if word not in ARTICLES]
    choices: list[tuple[tuple[str, ...], ...]] = []
    n = 0
    while n < len(bare):
        word, after = bare[n], bare[n + 1] if n + 1 < len(bare) else ""
        if word in _SLAVES and after:
            glued = tuple((head + after,) for head in ("abdul", "abdel", "abdal", "abdoul", "abd"))
            apart = tuple((head, after) for head in sorted(_SLAVES))
            choices.append((*glued, *apart, *(("abd", article, after) for article in ("al", "el"))))
            n += 2
            continue
        alone: tuple[tuple[str, ...], ...] = ((word,),)
        articled = tuple((a, word) for a in ("al", "el")) + tuple((a + word,) for a in ("al", "el"))
        choices.append(alone + articled if n or len(bare) == 1 else alone)
        n += 1
    found: list[tuple[str, ...]] = [()]
    for choice in choices:
        found = [(*head, *tail) for head in found for tail in choice]
    yield from found


def pattern_of(text: str) -> Pattern:
    """A text as a pattern, nothing inflected; ``*`` alone is any one word."""
    pattern: list[frozenset[str]] = []
    for piece in re.findall(r"\*|[^*]+", text):
        pattern.extend([ANY] if piece == "*" else map(term_forms, plain_words(piece)))
    return tuple(pattern)


def rarest(pattern: Pattern) -> frozenset[str]:
    """The forms of the pattern's rarest word, which is by all experience its longest."""
    return max(pattern, key=lambda forms: min(map(len, forms), default=0), default=ANY)
