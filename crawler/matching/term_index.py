"""Concepts compiled for search: terms with all their forms, indexed by their first word.

A term becomes one or more patterns (the article of a name in Latin letters may be written apart,
joined or left out); a pattern has the matching folded forms of each word. ``TermIndex.scan`` finds
them in a text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, lru_cache
from itertools import pairwise
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
    with_article,
)
from crawler.languages.names import LATIN_ARTICLES
from crawler.matching.topics import Concept, Term
from crawler.model import Actor

Pattern = tuple[frozenset[str], ...]  # per word the folded forms that fit; ANY fits every word
ANY_WORD: frozenset[str] = frozenset()

_NAME_PARTICLES = frozenset({"عبد", "بن", "ben"})  # with them a surname has two words
_ABD_FORMS = frozenset({"abd", "abdul", "abdel", "abdal", "abdoul", "abdou"})  # the Abd- of names
_ABD_APART, _ABD_JOINED = re.compile(r"\bعبد\s+(?=ال)"), re.compile(r"\bعبد(?=ال)")
_BEN_APART, _BEN_JOINED = re.compile(r"\bبن\s+"), re.compile(r"\bبن(?=\w{3})")
MIN_JOINED_BEN = 5  # letters of a name beyond which it may begin with Ben-: Bensaid, Ben Said
_COMMA = re.compile("[,;:،؛](?=\\s)")
MAX_REMEMBERED_READINGS = 50_000  # readings whose candidates are kept at hand


@dataclass(frozen=True, slots=True)
class Entry:
    """A pattern and the meaning of its occurrences.

    A trap (``is_trap``) excludes occurrences of the term ``veto``, or of all terms if that is "".
    A word of a namesake (``is_namesake``) makes the term ``veto`` ambiguous in its text.
    ``surname_entry`` is the same person by surname alone; ``demonym`` are the forms in which a
    country's adjective may be a surname.
    """

    concept: str
    text: str
    pattern: Pattern
    actor: Actor | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    veto: str = ""
    only_in: tuple[str, ...] = ()
    surname_entry: Entry | None = None
    demonym: frozenset[str] = frozenset()
    is_trap: bool = False
    is_namesake: bool = False
    ambiguous: bool = False
    domestic: bool = False

    def applies_to(self, language: str) -> bool:
        """Whether the term is searched in texts of that language; it is if that is unknown."""
        return not self.only_in or language in self.only_in or language in ("", "und")

    def is_valid_on(self, at: date | None) -> bool:
        """Whether the term counts in a text of that day; it does in undated texts (None)."""
        if at is None:
            return True
        early = self.valid_from is not None and at < self.valid_from
        late = self.valid_until is not None and at > self.valid_until
        return not (early or late)


class Occurrence(NamedTuple):
    """An entry found in words first..last of a text, both inclusive."""

    entry: Entry
    first: int
    last: int


class TermIndex:
    """Entries by the folded forms of their first word."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._by_form: dict[str, list[Entry]] = {}
        for entry in entries:
            for form in (entry.pattern[0] or ("",)) if entry.pattern else ():
                self._by_form.setdefault(form, []).append(entry)
        self._anywhere = self._by_form.pop("", [])
        self._known: dict[frozenset[str], _Candidates] = {}
        self._pairs: dict[tuple[frozenset[str], frozenset[str]], tuple[Entry, ...]] = {}

    def scan(self, folded: Folded, language: str = "") -> Iterator[Occurrence]:
        """Yield all occurrences of entries for texts of that language, in text order."""
        forms = folded.forms
        last = len(forms) - 1
        for n, candidates in enumerate(map(self._known.get, forms)):
            if candidates is None:
                candidates = self._candidates(forms[n])
            if candidates is _NOTHING:
                continue
            for entry in candidates.words:
                if not entry.only_in or entry.applies_to(language):
                    yield Occurrence(entry, n, n)
            if candidates.phrases and n < last:
                pair = forms[n], forms[n + 1]
                phrases = self._pairs.get(pair)
                for entry in self._phrases(pair) if phrases is None else phrases:
                    if (
                        _fits(folded, n, entry.pattern)
                        and entry.applies_to(language)
                        and _is_unbroken(folded, n, entry.pattern)
                    ):
                        yield Occurrence(entry, n, n + len(entry.pattern) - 1)

    def _candidates(self, forms: frozenset[str]) -> _Candidates:
        found = {id(e): e for form in sorted(forms) for e in self._by_form.get(form, ())}
        all_of_them = (*found.values(), *self._anywhere)
        if len(self._known) >= MAX_REMEMBERED_READINGS:
            self._known.clear()
        words = tuple(e for e in all_of_them if len(e.pattern) == 1)
        phrases = tuple(e for e in all_of_them if len(e.pattern) > 1)
        self._known[forms] = candidates = _Candidates(words, phrases) if all_of_them else _NOTHING
        return candidates

    def _phrases(self, pair: tuple[frozenset[str], frozenset[str]]) -> tuple[Entry, ...]:
        """The entries of several words whose first two words fit."""
        second = pair[1]
        found = (
            e
            for e in self._candidates(pair[0]).phrases
            if not (e.pattern[1] and e.pattern[1].isdisjoint(second))
        )
        if len(self._pairs) >= MAX_REMEMBERED_READINGS:
            self._pairs.clear()
        self._pairs[pair] = phrases = tuple(found)
        return phrases


class _Candidates(NamedTuple):
    """The entries that may begin at a word."""

    words: tuple[Entry, ...]  # of one word: found
    phrases: tuple[Entry, ...]  # of several


_NOTHING = _Candidates((), ())


@lru_cache(maxsize=1_000)  # the words of rules and searches
def search_entry(words: tuple[str, ...]) -> Entry:
    """The plain words of a search as an entry."""
    return Entry("", " ".join(words), tuple(map(query_forms, words)))


def find_entry(folded: Folded, entry: Entry) -> Iterator[Occurrence]:
    """Yield all occurrences of one entry, in order, without building an index."""
    words = len(entry.pattern)
    for n in folded.word_places(entry.pattern[0]):
        if words == 1 or _fits(folded, n, entry.pattern, 1):
            yield Occurrence(entry, n, n + words - 1)


def _fits(folded: Folded, first: int, pattern: Pattern, known: int = 2) -> bool:
    """Whether the words after the first ``known`` ones fit too, within one sentence."""
    last = first + len(pattern) - 1
    if last >= len(folded.forms):
        return False
    for n in range(known, len(pattern)):
        if pattern[n] and pattern[n].isdisjoint(folded.forms[first + n]):
            return False
    return folded.sentence(first) == folded.sentence(last)


def _is_unbroken(folded: Folded, first: int, pattern: Pattern) -> bool:
    """Whether no comma or colon separates the words: "to Iraq, Morocco and Bahrain" has no "Iraq
    Morocco".
    """
    gap = folded.original[folded.ends[first] : folded.starts[first + len(pattern) - 1]]
    return _COMMA.search(gap) is None


class Vocabulary:
    """The compiled terms and traps of some concepts."""

    def __init__(self, concepts: Mapping[str, Concept]) -> None:
        self.concepts = concepts
        self.entries = tuple(e for c in concepts.values() for e in compile_entries(c))
        self.needs_language = any(entry.only_in for entry in self.entries)
        traps = (t for c in concepts.values() for t in _compile_traps(c))
        self.index = TermIndex((*self.entries, *traps))

    @cached_property
    def term_index(self) -> TermIndex:
        """The terms without the traps."""
        return TermIndex(self.entries)

    @cached_property
    def sharing_names(self) -> Mapping[str, frozenset[str]]:
        """For each concept with surnames or demonyms, the concepts that have one of them too."""
        having: dict[str, set[str]] = {}
        for entry in self.entries:
            for form in surname_forms(entry):
                having.setdefault(form, set()).add(entry.concept)
        sharing: dict[str, set[str]] = {}
        for concepts in having.values():
            for name in concepts:
                sharing.setdefault(name, set()).update(concepts)
        return {name: frozenset(concepts) for name, concepts in sharing.items()}


def surname_forms(entry: Entry) -> frozenset[str]:
    """The forms of the surname that the term ends with, or as which it may stand."""
    return entry.surname_entry.pattern[0] if entry.surname_entry is not None else entry.demonym


def compile_entries(concept: Concept) -> Iterator[Entry]:
    """Yield the concept's terms, one entry per pattern."""
    for term in concept.terms:
        of_country = demonym(term)
        for pattern in term_patterns(term):
            entry = Entry(
                concept.name,
                f"{term.text} (source: {concept.country})" if term.domestic else term.text,
                pattern,
                term.actor,
                term.valid_from,
                term.valid_until,
                only_in=term.only_in,
                demonym=of_country,
                ambiguous=term.ambiguous,
                domestic=term.domestic,
            )
            yield (
                replace(entry, surname_entry=_surname_entry(entry))
                if _is_full_name(entry)
                else entry
            )


def demonym(term: Term) -> frozenset[str]:
    """The forms of a country's adjective that are also a surname: العراقي, Al-Iraqi."""
    words = plain_words(term.text)
    if len(words) != 1 or not {"nisba", "adj", "plural"}.intersection(term.inflect):
        return frozenset()
    return term_forms(words[0])


def _is_full_name(entry: Entry) -> bool:
    """Whether the pattern is a person's given name and surname: Fouad Ali El Himma, عبد اللطيف
    وهبي.
    """
    pattern = entry.pattern
    if entry.actor is None or len(pattern) < 2 or not (pattern[-1] and all(pattern[:-1])):
        return False
    if (
        any(map(given_names.is_regnal_number, pattern[-1]))
        or pattern[-2] & _ABD_FORMS
        or not pattern[-2].isdisjoint(_NAME_PARTICLES)
    ):
        return False
    return (
        "عبد" in pattern[0]
        or bool(pattern[0] & _ABD_FORMS)
        or any(map(given_names.is_given, pattern[0]))
    )


def _surname_entry(entry: Entry) -> Entry:
    """The surname alone, which stands for the person after the text has the full name."""
    surname = re.split(r"[\s'’-]+", entry.text.strip())[-1]
    return replace(entry, text=surname, pattern=entry.pattern[-1:])


def _compile_traps(concept: Concept) -> Iterator[Entry]:
    for text in concept.traps:
        for spelled in joined_spellings(text):
            yield Entry(concept.name, text, text_pattern(spelled), is_trap=True)
    for term in concept.terms:
        for text in term.traps:
            for spelled in joined_spellings(text):
                pattern = text_pattern(spelled)
                yield Entry(concept.name, text, pattern, veto=term.text, is_trap=True)
        for text in term.namesakes:
            pattern = text_pattern(text)
            yield Entry(concept.name, text, pattern, veto=term.text, is_namesake=True)


def find_idle_traps(concept: Concept) -> list[str]:
    """The concept's traps that contain no term of it, and so exclude nothing.

    A word that was meant as a term may be among them. Accents make no difference.
    """
    terms = TermIndex(compile_entries(concept))
    typed = (
        (trap, " ".join(map(unaccented, plain_words(trap.replace("*", "x")))))
        for trap in concept.traps
    )
    return [trap for trap, text in typed if not any(terms.scan(fold(text)))]


def term_patterns(term: Term) -> Iterator[Pattern]:
    """Yield a term's patterns. In a name in Latin letters every word varies, else the inflected
    words.
    """
    if term.inflect == ("name",):
        for words in dict.fromkeys(_with_articles(plain_words(term.text))):
            yield tuple(_word_spellings(word, term.language) for word in words)
        return
    for text in joined_spellings(term.text, of_person=term.actor is not None):
        pattern = list(text_pattern(text))
        for n, name in enumerate(term.inflect[: len(pattern)]):
            if name and pattern[-1 - n]:
                base = with_article(pattern[-1 - n]) if name == "definite" else pattern[-1 - n]
                forms = (inflect(form, name, term.language) for form in base)
                pattern[-1 - n] = frozenset(
                    f for many in forms for one in many for f in hamza_variants(one)
                )
        if pattern:
            yield tuple(pattern)


def joined_spellings(text: str, *, of_person: bool = False) -> tuple[str, ...]:
    """The text with its Abd- (and a person's Ben) written apart and joined to the next word.

    عبد اللطيف وهبي, عبداللطيف وهبي; المهدي بنسعيد, المهدي بن سعيد.
    """
    apart, joined = _ABD_JOINED.sub("عبد ", text), _ABD_APART.sub("عبد", text)
    found = [text, apart, joined]
    if of_person:
        found += [_BEN_JOINED.sub("بن ", apart), _BEN_APART.sub("بن", joined)]
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=10_000)  # phrases share their words, and the sets of their forms
def _forms(word: str) -> frozenset[str]:
    return term_forms(word)


@lru_cache(maxsize=2_000)
def _word_spellings(word: str, language: str) -> frozenset[str]:
    return frozenset((word,)) if word in LATIN_ARTICLES else name_forms(word, language)


def _with_articles(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Qassim al-Araji, Qassim Araji, Qassim Alaraji; Abdul Amir, Abdulamir, Abd al-Amir.

    The article comes and goes before the last word, and before words that the term gives it.
    """
    bare = [word for word in words if word not in LATIN_ARTICLES]
    pairs = pairwise((*words, ""))
    articled_words = {after for before, after in pairs if before in LATIN_ARTICLES} | {bare[-1]}
    choices: list[tuple[tuple[str, ...], ...]] = []
    n = 0
    while n < len(bare):
        word, after = bare[n], bare[n + 1] if n + 1 < len(bare) else ""
        if word in _ABD_FORMS and after:
            glued = tuple((head + after,) for head in ("abdul", "abdel", "abdal", "abdoul", "abd"))
            apart = tuple((head, after) for head in sorted(_ABD_FORMS))
            choices.append((*glued, *apart, *(("abd", article, after) for article in ("al", "el"))))
            n += 2
            continue
        alone: tuple[tuple[str, ...], ...] = ((word,),)
        if n and word.startswith("ben") and len(word) > MIN_JOINED_BEN:
            alone += (("ben", word.removeprefix("ben")),)
        articled = tuple((a, word) for a in ("al", "el")) + tuple((a + word,) for a in ("al", "el"))
        may_vary = word in articled_words and (n or len(bare) == 1)
        choices.append(alone + articled if may_vary else alone)
        n += 1
    found: list[tuple[str, ...]] = [()]
    for choice in choices:
        found = [(*head, *tail) for head in found for tail in choice]
    yield from found


def text_pattern(text: str) -> Pattern:
    """A text as a pattern without inflection; a single ``*`` stands for any word."""
    pattern: list[frozenset[str]] = []
    for piece in re.findall(r"\*|[^*]+", text):
        pattern.extend([ANY_WORD] if piece == "*" else map(_forms, plain_words(piece)))
    return tuple(pattern)


def rarest_forms(pattern: Pattern) -> frozenset[str]:
    """The forms of the pattern's longest word, which is usually its rarest."""
    return max(pattern, key=lambda forms: min(map(len, forms), default=0), default=ANY_WORD)
