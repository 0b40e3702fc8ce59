"""The gate: a necessary condition of a topic's rules, tested before anything is tokenised.

::

    text ─► one byte a letter ─► Aho–Corasick over the words that the rules cannot do without ─► maybe | no

A rule names what has to occur at all: both sides of an AND, either of an OR; what a NOT refuses, a
filter asks or a count forbids says nothing. ``maybe`` may be wrong (ends of words are looked at,
beginnings of Arabic ones are not); ``no`` never is: what the gate refuses, the exact verdict would
give no label and no score.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce

import ahocorasick

from crawler import query
from crawler.languages import ar, plain_words
from crawler.terms import Entry, Pattern, Vocabulary, pattern_of
from crawler.topics import Topic

# ── what a rule cannot do without ─────────────────────────────────────────────────────────────

Atom = str | tuple[str, ...]  # a concept's name, or the plain words of a word or phrase
Clause = frozenset[Atom]  # one of these has to occur
Condition = frozenset[Clause]  # each of these has to hold; empty: nothing is known, all may pass

MOST_CLAUSES = 64  # an OR multiplies clauses; beyond this, what is left says enough


def needed(rule: query.Query) -> Condition:
    """What has to occur in a text for the rule to hold, or for a part of it to weigh anything."""
    match rule:
        case query.Concept(name):
            return frozenset((frozenset((name,)),))
        case query.Word(text):
            return frozenset((frozenset(((text,),)),))
        case query.Phrase(words):
            return frozenset((frozenset((words,)),))
        case query.InField(_, inner):
            return needed(inner)
        case query.Near(left, right) | query.SameSentence(left, right) | query.SameParagraph(left, right):
            return _all((needed(left), needed(right)))
        case query.And(parts):
            return _all(map(needed, parts))
        case query.Or(parts):
            return _any(map(needed, parts))
        case query.Count(inner):
            return frozenset() if rule.holds(0) else needed(inner)
    return frozenset()


def _all(conditions: Iterable[Condition]) -> Condition:
    return _least(clause for condition in conditions for clause in condition)


def _any(conditions: Iterable[Condition]) -> Condition:
    def either(one: Condition, other: Condition) -> Condition:
        return _least(a | b for a in one for b in other)

    return reduce(either, conditions)


def _least(clauses: Iterable[Clause]) -> Condition:
    """Without the clauses that follow from others; the shortest ``MOST_CLAUSES`` of the rest."""
    kept: list[Clause] = []
    for clause in sorted(set(clauses), key=lambda c: (len(c), sorted(map(str, c)))):
        if not any(other <= clause for other in kept):
            kept.append(clause)
    return frozenset(kept[:MOST_CLAUSES])


def condition(topic: Topic) -> Condition:
    """What a text needs for the topic to give it any label or any score."""
    conditions: dict[str, Condition] = {}
    for label in topic.labels.values():
        own = needed(label.rule)
        conditions[label.name] = _all((own, conditions[label.needs])) if label.needs else own
    return _any(conditions.values())


# ── a letter a byte ───────────────────────────────────────────────────────────────────────────

_DROPPED = (
    "\u0640\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0653\u0654\u0655\u0670\u200b\u200c\u200d"
    "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2060\ufeff\u00ad\u061c"
)
_ARABIC = (
    "ابتثجحخدذرزسشصضطظعغفقكلمنهويأإآٱىةؤئءیکەھگچپژڤڕڵێۆہےڪ٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹"
)
_LATIN = "éèêëàâäçîïôöùûüñáíóúãÉÈÊÀÂÇÎÔÙÁÍÓÚÑ"
_APART = "\n\t\r\u00a0،؛؟«»“”‘’–—…•٪°€·"
_SOURCES = dict.fromkeys((*map(chr, range(32, 127)), *_DROPPED, *_ARABIC, *_LATIN, *_APART))
_SPACE = 32


def _alphabet() -> tuple[str, bytes, bytes, dict[str, int]]:
    """(characters by byte, byte → byte of the folded letter, bytes to drop, folded letter → byte).

    Bytes are given in the order of ``_SOURCES``; at most 256, since a byte names one character.
    """
    sources = "".join(_SOURCES)
    if len(sources) > 256:
        raise ValueError(f"{len(sources)} characters do not fit into a byte")
    place = {char: n for n, char in enumerate(sources)}
    folded = bytearray(range(256))
    for char, n in place.items():
        words = plain_words(char)
        letter = ar.letters(words[0]) if words else " "
        folded[n] = place[letter]
    dropped = bytes(place[char] for char in _DROPPED)
    letters = {char: n for char, n in place.items() if folded[n] == n and char.isalnum()}
    return sources.ljust(256, "\ufffe"), bytes(folded), dropped, letters


_CHARACTERS, _FOLDED, _BYTES_DROPPED, _LETTERS = _alphabet()
_MAP = codecs.charmap_build(_CHARACTERS)
_BLANK = chr(_CHARACTERS.index(" "))


def letters(text: str) -> str:
    """The text as one character below 256 for each folded letter, a blank for what parts words.

    Ordinary text goes through two tables; one with characters outside them (presentation forms,
    look-alikes) is folded word by word first.
    """
    raw, _ = codecs.charmap_encode(text, "ignore", _MAP)
    if len(raw) != len(text):
        plain = " ".join(ar.letters(word) for word in plain_words(text))
        raw, _ = codecs.charmap_encode(plain, "ignore", _MAP)
    return raw.translate(_FOLDED, _BYTES_DROPPED).decode("latin-1")


def _needle(form: str) -> str | None:
    """The form as it stands in ``letters`` with the blank after it; None if it cannot stand there."""
    if any(char not in _LETTERS for char in form):
        return None
    word = "".join(chr(_LETTERS[char]) for char in form) + _BLANK
    return word if ar.is_arabic(form) else _BLANK + word


# ── the gate ──────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Gate:
    """A topic's necessary condition over an automaton of words; None for a topic that has none.

    Each word set has a bit. An atom occurs if one of its masks is all seen: a mask is a term, its
    bits the words that the term is made of.
    """

    automaton: ahocorasick.Automaton | None
    clauses: tuple[tuple[tuple[int, ...], ...], ...]  # clause → atoms → masks

    def maybe(self, *texts: str) -> bool:
        """False only if no label and no score is possible for these texts of one item."""
        if self.automaton is None:
            return True
        seen = 0
        for _, words in self.automaton.iter(letters(" \n".join(("", *texts, "")))):
            seen |= words
        for clause in self.clauses:
            if not any(mask & seen == mask for atom in clause for mask in atom):
                return False
        return True


def gate(topic: Topic, vocabulary: Vocabulary) -> Gate:
    """The gate of a topic whose concepts are compiled in ``vocabulary``."""
    clauses = sorted((sorted(clause, key=str) for clause in condition(topic)), key=str)
    words = _Words()
    atoms = {atom: words.masks(atom, vocabulary.entries) for clause in clauses for atom in clause}
    if not clauses:
        return Gate(None, ())
    automaton = ahocorasick.Automaton()
    for needle, mask in words.needles.items():
        automaton.add_word(needle, mask)
    if words.needles:
        automaton.make_automaton()
    masks = tuple(tuple(atoms[atom] for atom in clause) for clause in clauses)
    return Gate(automaton if words.needles else None, masks)


class _Words:
    """The sets of forms that a text's word may have to have, a bit each, and the needles for them."""

    def __init__(self) -> None:
        self._bits: dict[frozenset[str], int] = {}
        self.needles: dict[str, int] = {}

    def masks(self, atom: Atom, entries: Iterable[Entry]) -> tuple[int, ...]:
        """The atom's terms as masks; those that hold with no more than another holds are left out."""
        if isinstance(atom, tuple):
            patterns = [pattern_of(" ".join(atom))]
        else:
            patterns = [entry.pattern for entry in entries if entry.concept == atom]
        found = sorted({self._mask(pattern) for pattern in patterns}, key=lambda m: (m.bit_count(), m))
        kept: list[int] = []
        for mask in found:
            if not any(other & mask == other for other in kept):
                kept.append(mask)
        return tuple(kept)

    def _mask(self, pattern: Pattern) -> int:
        mask = 0
        for forms in pattern:
            mask |= self._bits[forms] if forms in self._bits else self._bit(forms)
        return mask

    def _bit(self, forms: frozenset[str]) -> int:
        """The bit of a set of forms; 0, which is always seen, where one of them cannot be sought."""
        needles = [_needle(form) for form in sorted(forms)]
        bit = 0 if None in needles or not needles else 1 << len(self._bits)
        self._bits[forms] = bit
        for needle in needles if bit else ():
            self.needles[needle or ""] = self.needles.get(needle or "", 0) | bit
        return bit


def forms(entries: Iterable[Entry]) -> Iterator[str]:
    """Every form of every term as folded words, one blank between: what a plain search would seek."""
    for entry in entries:
        heads = [min(words, key=len) for words in entry.pattern[:-1] if words]
        yield from (" ".join((*heads, last)) for last in sorted(entry.pattern[-1]))
