"""The prefilter: a necessary condition of a topic's rules, tested before a text is tokenised.

::

    text ─► one byte per letter ─► search the words of a clause ─► concept by concept ─► maybe | no

A rule tells what must occur: both sides of an AND, either side of an OR; NOT, filters and counts of
zero require nothing. ``maybe`` may be wrong (traps, sentences and distances are not tested); ``no``
never is: the exact match would give no label and no score.

The words of a concept are one regular expression, which RE2 compiles to one automaton, like Aho and
Corasick's with resolved failure links: each letter costs one step, however many words are searched.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache, reduce

import re2

from crawler import query
from crawler.languages import ar, normalization, plain_words
from crawler.matching.term_index import Pattern, Vocabulary, search_entry
from crawler.matching.topics import Topic

# ── what a rule cannot do without ─────────────────────────────────────────────────────────────

Atom = str | tuple[str, ...]  # a concept's name, or the plain words of a word or phrase
Clause = frozenset[Atom]  # one of these has to occur
Condition = frozenset[Clause]  # each of these has to hold; empty: nothing is known, all may pass

MAX_CLAUSES = 64  # an OR multiplies clauses; beyond this, what is left says enough


def necessary_condition(rule: query.Query) -> Condition:
    """What must occur in a text for the rule to hold, or for a part of it to score."""
    match rule:
        case query.ConceptRef(name):
            return frozenset((frozenset((name,)),))
        case query.Word(text):
            return frozenset((frozenset(((text,),)),))
        case query.Phrase(words):
            return frozenset((frozenset((words,)),))
        case query.InField(_, inner) | query.SentenceWithout(inner, _):
            return necessary_condition(inner)
        case (
            query.Near(left, right)
            | query.SameSentence(left, right)
            | query.SameParagraph(left, right)
        ):
            return _all_of((necessary_condition(left), necessary_condition(right)))
        case query.And(parts):
            return _all_of(map(necessary_condition, parts))
        case query.Or(parts):
            return _any_of(map(necessary_condition, parts))
        case query.Count(inner):
            return frozenset() if rule.holds(0) else necessary_condition(inner)
    return frozenset()


def _all_of(conditions: Iterable[Condition]) -> Condition:
    return _without_implied(clause for condition in conditions for clause in condition)


def _any_of(conditions: Iterable[Condition]) -> Condition:
    def either(one: Condition, other: Condition) -> Condition:
        return _without_implied(a | b for a in one for b in other)

    return reduce(either, conditions)


def _without_implied(clauses: Iterable[Clause]) -> Condition:
    """Without clauses that follow from others; at most ``MAX_CLAUSES``, the shortest."""
    kept: list[Clause] = []
    for clause in sorted(set(clauses), key=lambda c: (len(c), sorted(map(str, c)))):
        if not any(other <= clause for other in kept):
            kept.append(clause)
    return frozenset(kept[:MAX_CLAUSES])


def topic_condition(topic: Topic) -> Condition:
    """What a text must contain for the topic to give it any label or score."""
    conditions: dict[str, Condition] = {}
    for label in topic.labels.values():
        own = necessary_condition(label.rule)
        conditions[label.name] = _all_of((own, conditions[label.needs])) if label.needs else own
    return _any_of(conditions.values())


# ── a letter a byte ───────────────────────────────────────────────────────────────────────────

# What the press of these languages is written in, at most 256 characters: Python encodes such a
# text through a table in one pass (a fifth of the time of str.translate), and says at once where a
# character is strange. Those are tamed one by one, or word by word.
_ALPHABET = (
    "".join(map(chr, range(0x80)))
    + "\xa0\xad«»·“”‘’–—…•\u200b\u200c\u200d\u200e\u200f\ufeff"
    + "àáâäçèéêëíîïñóôöùúûüÀÁÂÄÇÈÉÊËÍÎÏÑÓÔÖÙÚÛÜ"
    + "،؛؟ءآأؤإئابةتثجحخدذرزسشصضطظعغـفقكلمنهوىي"
    + "\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0670٠١٢٣٤٥٦٧٨٩٪٫٬پچژڤکگی"
)
_UNENCODABLE = re.compile(f"[^{re.escape(_ALPHABET)}]")
# Symbols separate words; NFKC would make letters of some (㍘ → 0点), which folding never sees.
_SYMBOL = re.compile(rf"[^\w{normalization.INVISIBLE}{re.escape(_ALPHABET)}]")
_TABLE = codecs.charmap_build(_ALPHABET.ljust(256, "\ufffe"))  # U+FFFE: a byte for no character
_BLANK = b" "


def _folded_letter(char: str) -> str:
    """The folded letters of ``char``; empty for separators and invisible characters."""
    word = "".join(plain_words(char))
    return ar.unify_letters(word) if ar.is_arabic(word) else normalization.unaccented(word)


_DROPPED = bytes(
    n for n, char in enumerate(_ALPHABET) if normalization.INVISIBLE_MARK.fullmatch(char)
)
_FOLDED = codecs.charmap_encode(
    "".join(_folded_letter(char) or " " for char in _ALPHABET), "strict", _TABLE
)[0]
_FOLDING = _FOLDED.ljust(256, _BLANK)


def encode_letters(text: str) -> bytes:
    """The text as one byte per folded letter, separators as spaces, without accents."""
    try:
        encoded = codecs.charmap_encode(text, "strict", _TABLE)[0]
    except UnicodeEncodeError:
        # Replaced is what has no byte, by what parts words: no term with such a letter is sought.
        encoded = codecs.charmap_encode(_make_encodable(text), "replace", _TABLE)[0]
    return encoded.translate(_FOLDING, _DROPPED)


def _make_encodable(text: str) -> str:
    """The text in ordinary characters; word by word if it may have look-alike letters."""
    ordinary = unicodedata.normalize("NFKC", _SYMBOL.sub(" ", text))
    ordinary = _UNENCODABLE.sub(_encodable_character, ordinary)
    if not _UNENCODABLE.search(ordinary):
        return ordinary
    # Of the text as it is: NFKC parts words that folding takes as one (A¼µ), and whether a letter
    # is a look-alike depends on the letters of its word.
    return " ".join(map(_folded_letter, plain_words(text)))


def _encodable_character(found: re.Match[str]) -> str:
    """The ordinary replacement of a character; possible look-alikes stay as they are."""
    char = found[0]
    if normalization.INVISIBLE_MARK.fullmatch(char):
        return ""
    return (
        ar.unify_letters(char)
        if char.isalnum() and char not in normalization.APOSTROPHE_LETTERS
        else " "
    )


@lru_cache(maxsize=1)  # one item is asked about by topic after topic
def _item_letters(texts: tuple[str, ...]) -> bytes:
    """The letters of an item, with a space at both ends."""
    return _BLANK + encode_letters("\n".join(texts)) + _BLANK


# ── what is sought ────────────────────────────────────────────────────────────────────────────

# All of ``ar.PREFIXES``, and some that don't occur, in a quarter of the length: every word has it.
_PROCLITICS = b"[%b]?(?:[%b]?(?:%b)?|%b|%b)?" % tuple(map(encode_letters, "وف بكل ال لل س".split()))
_ANY_WORD = b"[^ ]+"
# RE2 makes the automaton's states as texts ask for them, and falls back to something fifty times
# slower where they do not fit. Measured: 400 bytes of limit a byte of pattern are enough, and of
# what is allowed so, a hundred megabytes of news fill a quarter.
RE2_BYTES_PER_PATTERN_BYTE, MIN_RE2_BYTES = 600, 8 << 20

_NO_ATOMS: frozenset[Atom] = frozenset()
Search = Callable[[bytes], object]  # what is found in the letters of a text, or None


def _compile_search(patterns: Iterable[Pattern]) -> Search:
    """A search for any of the patterns, in letters with a space at both ends."""
    sought = frozenset(filter(None, patterns))
    if not sought or any(
        _UNENCODABLE.search(form) for p in sought for forms in p for form in forms
    ):
        return lambda _: bool(sought)  # what cannot be sought may always be there
    pattern = _BLANK + _alternatives(sought) + _BLANK
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    options.never_capture = True
    options.log_errors = False
    options.max_mem = max(MIN_RE2_BYTES, RE2_BYTES_PER_PATTERN_BYTE * len(pattern))
    search: Search = re2.compile(pattern, options).search
    return search


def _alternatives(patterns: Iterable[Pattern]) -> bytes:
    """The patterns as a tree of words: the continuations of a word are written once, after it.

    An optional Arabic prefix precedes each word. If a word alone is a pattern, it needs no
    continuation.
    """
    behind: dict[str, set[Pattern]] = {}
    for forms, *rest in patterns:
        for form in forms or ("",):  # no forms: any word
            behind.setdefault(form, set()).add(tuple(rest))
    words: dict[frozenset[Pattern], list[bytes]] = {}
    for form, rests in sorted(behind.items()):
        follows = frozenset() if () in rests else frozenset(rests)
        words.setdefault(follows, []).append(encode_letters(form) or _ANY_WORD)
    return _PROCLITICS + _one_of(
        _one_of(same) + (b" +" + _alternatives(follows) if follows else b"")
        for follows, same in words.items()
    )


def _one_of(patterns: Iterable[bytes]) -> bytes:
    return b"(?:" + b"|".join(sorted(patterns)) + b")"


# ── the prefilter ──────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Prefilter:
    """A topic's necessary condition: each clause must hold, by any of its atoms.

    ``first`` searches all atoms of the first clause at once, since most texts fail there: the
    clause with the fewest patterns, which the fewest texts have.
    ``domestic`` are the concepts that texts of a country's sources may have without naming them:
    the clauses of these hold there.
    """

    clauses: tuple[tuple[Atom, ...], ...]
    first: Search
    seeks: Mapping[Atom, Search]
    domestic: Mapping[str, frozenset[Atom]]

    def may_match(self, *texts: str, country: str = "") -> bool:
        """False only if no label and no score is possible for these texts of one item."""
        if not self.clauses:
            return True
        read = _item_letters(texts)
        assumed = self.domestic.get(country, _NO_ATOMS)
        if assumed.isdisjoint(self.clauses[0]) and not self.first(read):
            return False

        @cache
        def occurs(atom: Atom) -> bool:
            return bool(self.seeks[atom](read))

        return all(
            any(map(occurs, clause))
            for clause in self.clauses
            if not assumed or assumed.isdisjoint(clause)
        )


def compile_prefilter(topic: Topic, vocabulary: Vocabulary) -> Prefilter:
    """The prefilter of a topic whose concepts are compiled in ``vocabulary``."""
    patterns: dict[Atom, list[Pattern]] = {}
    domestic: dict[str, set[Atom]] = {}
    for entry in vocabulary.entries:
        if entry.domestic:
            domestic.setdefault(topic.concepts[entry.concept].country, set()).add(entry.concept)
        else:
            patterns.setdefault(entry.concept, []).append(entry.pattern)
    clauses = [tuple(sorted(clause, key=str)) for clause in topic_condition(topic)]
    atoms = {
        atom for clause in clauses for atom in clause
    }  # an atom may stand in a hundred clauses
    for atom in atoms:
        if isinstance(atom, tuple):
            patterns[atom] = [search_entry(atom).pattern]
    sizes = {atom: len(patterns.get(atom, ())) for atom in atoms}
    clauses.sort(key=lambda clause: (sum(map(sizes.__getitem__, clause)), str(clause)))
    first = (
        _compile_search(pattern for atom in clauses[0] for pattern in patterns.get(atom, ()))
        if clauses
        else bool
    )
    seeks = {atom: _compile_search(patterns.get(atom, ())) for atom in atoms}
    re2.purge()  # its cache would hold what is compiled here longer than anyone uses it
    assumed = {country: frozenset(atoms) for country, atoms in domestic.items()}
    return Prefilter(tuple(clauses), first, seeks, assumed)
