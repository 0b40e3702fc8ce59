"""The gate: a necessary condition of a topic's rules, tested before anything is tokenised.

::

    text ─► one byte a letter ─► Aho–Corasick over the words that the rules cannot do without ─► maybe | no

A rule names what has to occur at all: both sides of an AND, either of an OR; what a NOT refuses, a
filter asks or a count forbids says nothing. ``maybe`` may be wrong (ends of words are looked at,
beginnings of Arabic ones are not); ``no`` never is: what the gate refuses, the exact verdict would
give no label and no score.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from operator import or_

import ahocorasick

from crawler import query
from crawler.languages import ar, marks, plain_words
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

# An ordinary text's letters are ASCII, Latin-1 or of the first half of the Arabic block, so its
# UTF-16 takes apart into a low byte that nearly names the letter and a high byte that says which
# half: 0x80 is added for Arabic. Two tables and an addition of long numbers fold it at a tenth of
# what str.translate needs. All other characters are strange: tamed one by one, or word by word.
_BLANK, _GONE = 0x20, 0x7F
_ARABIC_BLOCK = 0x0600


def _letter(char: str) -> str:
    """The folded letters that ``char`` is; none for what parts words or is not seen."""
    word = "".join(plain_words(char))
    return ar.letters(word) if ar.is_arabic(word) else word


def _has_byte(letter: str) -> bool:
    return letter.isascii() or _ARABIC_BLOCK < ord(letter) < _ARABIC_BLOCK + 0x80


def _folded(char: str) -> int:
    """The byte of the folded letter; ``_GONE`` for a mark, a blank for what parts words."""
    if marks.DROP.fullmatch(char):
        return _GONE
    letter = _letter(char)
    if len(letter) != 1 or not _has_byte(letter):
        return _BLANK
    return ord(letter) if letter.isascii() else ord(letter) - _ARABIC_BLOCK + 0x80


def _ordinary(char: str) -> bool:
    """Whether the tables alone fold it: it is one letter of theirs, or none at all."""
    letter = _letter(char)
    return not letter or (len(letter) == 1 and _has_byte(letter))


_CANDIDATES = (*range(0x80, 0x100), *range(_ARABIC_BLOCK, _ARABIC_BLOCK + 0x80), *range(0x2010, 0x2028))
_ORDINARY = "".join(char for char in map(chr, _CANDIDATES) if _ordinary(char))
_STRANGE = re.compile(f"[^\x00-\x7e{_ORDINARY}]")
_LOW = bytes((*range(0x80), *(_folded(chr(n)) for n in range(0x80, 0x100))))
_HIGH = bytes(0x80 if n == _ARABIC_BLOCK >> 8 else 0 for n in range(256))
_MERGED = bytes(
    _folded(chr(n)) if n < 0x80 else _folded(chr(n - 0x80 + _ARABIC_BLOCK)) for n in range(256)
)
_DROPPED = bytes(n for n in range(256) if _MERGED[n] == _GONE or n == _GONE)


def letters(text: str) -> str:
    """The text as one character below 256 for each folded letter, a blank for what parts words."""
    if _STRANGE.search(text):
        text = _STRANGE.sub(_tamed, unicodedata.normalize("NFKC", text))
        if _STRANGE.search(text):
            text = " ".join(ar.letters(word) for word in plain_words(text))
    halves = text.encode("utf-16-le", "surrogatepass")
    low, high = halves[::2].translate(_LOW), halves[1::2].translate(_HIGH)
    merged = int.from_bytes(low, "little") | int.from_bytes(high, "little")
    return merged.to_bytes(len(low), "little").translate(_MERGED, _DROPPED).decode("latin-1")


def _tamed(found: re.Match[str]) -> str:
    """What an ordinary text has instead; a letter that may be a look-alike stays as it is."""
    char = found[0]
    if marks.DROP.fullmatch(char):
        return ""
    return ar.letters(char) if char.isalnum() else " "


def _needle(form: str) -> str | None:
    """The form from its end, with the blank after it, as ``letters`` read backwards has it.

    Words are read from their end since there is always a boundary, so that the automaton's
    root has one way on and most letters cost nothing. Before the form nothing is asked, for a
    proclitic or an article may be written on. None for a form that has no bytes.
    """
    if _STRANGE.search(form):
        return None
    return chr(_BLANK) + letters(form)[::-1]


# ── the gate ──────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Terms:
    """Terms of which one has to occur: the words that are terms alone, and masks of several words."""

    alone: int
    together: tuple[int, ...]
    always: bool  # one of them cannot be sought, so may always be there

    def holds(self, seen: int) -> bool:
        if self.always or seen & self.alone:
            return True
        return any(mask & seen == mask for mask in self.together)


@dataclass(frozen=True, slots=True)
class Gate:
    """A topic's necessary condition over an automaton of words; None for a topic that has none.

    Each set of forms that a word may have is a bit. A clause holds if one of its terms is all seen:
    a term is a mask of the words that it is made of.
    """

    automaton: ahocorasick.Automaton | None
    words: tuple[int, ...]  # needle → the sets of forms that it is in
    clauses: tuple[_Terms, ...]

    def maybe(self, *texts: str) -> bool:
        """False only if no label and no score is possible for these texts of one item."""
        if self.automaton is None:
            return True
        backwards = " " + letters("\n".join(texts))[::-1] + " "
        seen = 0
        for needle in {needle for _, needle in self.automaton.iter(backwards)}:
            seen |= self.words[needle]
        return all(clause.holds(seen) for clause in self.clauses)


def gate(topic: Topic, vocabulary: Vocabulary) -> Gate:
    """The gate of a topic whose concepts are compiled in ``vocabulary``."""
    clauses = sorted((sorted(clause, key=str) for clause in condition(topic)), key=str)
    words = _Words()
    terms = [words.terms(clause, vocabulary.entries) for clause in clauses]
    terms.sort(key=lambda t: (t.alone.bit_count() + len(t.together), t.alone))
    if not clauses:
        return Gate(None, (), ())
    automaton = ahocorasick.Automaton()
    for number, needle in enumerate(words.needles):
        automaton.add_word(needle, number)
    if words.needles:
        automaton.make_automaton()
    sets = tuple(words.needles.values())
    return Gate(automaton if words.needles else None, sets, tuple(terms))


class _Words:
    """The sets of forms that a text's word may have to have, a bit each, and the needles for them."""

    def __init__(self) -> None:
        self._bits: dict[frozenset[str], int] = {}
        self.needles: dict[str, int] = {}

    def terms(self, clause: Iterable[Atom], entries: Iterable[Entry]) -> _Terms:
        """The clause's terms; those that hold only where another holds are left out."""
        wanted = set(clause)
        patterns = [entry.pattern for entry in entries if entry.concept in wanted]
        patterns += [pattern_of(" ".join(atom)) for atom in clause if isinstance(atom, tuple)]
        masks = sorted({self._mask(p) for p in patterns}, key=lambda m: (m.bit_count(), m))
        alone = reduce(or_, (mask for mask in masks if mask.bit_count() == 1), 0)
        together = tuple(m for m in masks if m.bit_count() > 1 and not m & alone)
        return _Terms(alone, together, 0 in masks)

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

