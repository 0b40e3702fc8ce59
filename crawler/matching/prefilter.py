"""The gate: a necessary condition of a topic's rules, tested before anything is tokenised.

::

    text ─► one byte a letter ─► a clause's words sought in one pass ─► concept by concept ─► maybe | no

A rule names what has to occur at all: both sides of an AND, either of an OR; what a NOT refuses, a
filter asks or a count forbids says nothing. ``maybe`` may be wrong (traps, sentences and distances
are not looked at); ``no`` never is: what the gate refuses, the exact verdict would give no label and
no score.

The words of a concept are one regular expression, which RE2 turns into one automaton: Aho and
Corasick's, with its failure links resolved, so that a letter costs one step whatever is sought.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache, reduce

import re2

from crawler import query
from crawler.languages import ar, normalization, plain_words
from crawler.matching.term_index import Entry, Pattern, Vocabulary, asked
from crawler.matching.topics import Topic

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
        case (
            query.Near(left, right)
            | query.SameSentence(left, right)
            | query.SameParagraph(left, right)
        ):
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
_STRANGE = re.compile(f"[^{re.escape(_ALPHABET)}]")
_TABLE = codecs.charmap_build(_ALPHABET.ljust(256, "\ufffe"))  # U+FFFE: a byte for no character
_BLANK = b" "


def _letter(char: str) -> str:
    """The folded letters that ``char`` is; none for what parts words or is not seen."""
    word = "".join(plain_words(char))
    return ar.unify_letters(word) if ar.is_arabic(word) else normalization.unaccented(word)


_DROPPED = bytes(
    n for n, char in enumerate(_ALPHABET) if normalization.INVISIBLE_MARK.fullmatch(char)
)
_FOLDED = codecs.charmap_encode(
    "".join(_letter(char) or " " for char in _ALPHABET), "strict", _TABLE
)[0]
_FOLDING = _FOLDED.ljust(256, _BLANK)


def letters(text: str) -> bytes:
    """The text as one byte for each folded letter, a blank for what parts words; no letter has accents."""
    try:
        encoded = codecs.charmap_encode(text, "strict", _TABLE)[0]
    except UnicodeEncodeError:
        # Replaced is what has no byte, by what parts words: no term with such a letter is sought.
        encoded = codecs.charmap_encode(_tame(text), "replace", _TABLE)[0]
    return encoded.translate(_FOLDING, _DROPPED)


def _tame(text: str) -> str:
    """The text as an ordinary one is written; word by word where letters may be look-alikes."""
    text = _STRANGE.sub(_tamed, unicodedata.normalize("NFKC", text))
    return " ".join(map(_letter, plain_words(text))) if _STRANGE.search(text) else text


def _tamed(found: re.Match[str]) -> str:
    """What an ordinary text has instead; a letter that may be a look-alike stays as it is."""
    char = found[0]
    if normalization.INVISIBLE_MARK.fullmatch(char):
        return ""
    return (
        ar.unify_letters(char)
        if char.isalnum() and char not in normalization.APOSTROPHE_LETTERS
        else " "
    )


@lru_cache(maxsize=1)  # one item is asked about by topic after topic
def _read(texts: tuple[str, ...]) -> bytes:
    """The letters of an item, which begin and end with a blank."""
    return _BLANK + letters("\n".join(texts)) + _BLANK


# ── what is sought ────────────────────────────────────────────────────────────────────────────

_PROCLITICS = b"(?:" + b"|".join(map(letters, ar.PREFIXES)) + b")?"
_ANY_WORD = b"[^ ]+"
# RE2 makes the automaton's states as texts ask for them, and falls back to something fifty times
# slower where they do not fit. Measured: 400 bytes of limit a byte of pattern are enough, and of
# what is allowed so, a hundred megabytes of news fill a quarter.
_LIMIT_PER_BYTE, _LEAST_LIMIT = 600, 8 << 20

Seek = Callable[[bytes], object]  # what is found in the letters of a text, or None


def _seek(patterns: Iterable[Pattern]) -> Seek:
    """Finds any of the patterns in letters that begin and end with a blank."""
    sought = frozenset(filter(None, patterns))
    if not sought or any(_STRANGE.search(form) for p in sought for forms in p for form in forms):
        return lambda _: bool(sought)  # what cannot be sought may always be there
    pattern = _BLANK + _either(sought) + _BLANK
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    options.never_capture = True
    options.log_errors = False
    options.max_mem = max(_LEAST_LIMIT, _LIMIT_PER_BYTE * len(pattern))
    search: Seek = re2.compile(pattern, options).search
    return search


def _either(patterns: Iterable[Pattern]) -> bytes:
    """The patterns as a tree of words: what may follow a word stands once, behind all such words.

    Before each word stands what Arabic may write onto it. A word that is a pattern alone needs
    nothing behind it, whatever else it begins.
    """
    behind: dict[str, set[Pattern]] = {}
    for forms, *rest in patterns:
        for form in forms or ("",):  # no forms: any word
            behind.setdefault(form, set()).add(tuple(rest))
    words: dict[frozenset[Pattern], list[bytes]] = {}
    for form, rests in sorted(behind.items()):
        follows = frozenset() if () in rests else frozenset(rests)
        words.setdefault(follows, []).append(letters(form) or _ANY_WORD)
    return _PROCLITICS + _one_of(
        _one_of(same) + (b" +" + _either(follows) if follows else b"")
        for follows, same in words.items()
    )


def _one_of(patterns: Iterable[bytes]) -> bytes:
    return b"(?:" + b"|".join(sorted(patterns)) + b")"


# ── the gate ──────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Prefilter:
    """A topic's necessary condition, clause by clause: each has to hold, by any of its atoms.

    ``first`` seeks all atoms of the first clause at once, since most texts end there.
    """

    clauses: tuple[tuple[Atom, ...], ...]
    first: Seek
    seeks: Mapping[Atom, Seek]

    def may_match(self, *texts: str) -> bool:
        """False only if no label and no score is possible for these texts of one item."""
        if not self.clauses:
            return True
        read = _read(texts)
        if not self.first(read):
            return False

        @cache
        def occurs(atom: Atom) -> bool:
            return bool(self.seeks[atom](read))

        return all(any(map(occurs, clause)) for clause in self.clauses)


def prefilter(topic: Topic, vocabulary: Vocabulary) -> Prefilter:
    """The gate of a topic whose concepts are compiled in ``vocabulary``."""
    patterns: dict[Atom, list[Pattern]] = {}
    for entry in vocabulary.entries:
        patterns.setdefault(entry.concept, []).append(entry.pattern)
    clauses = sorted((tuple(sorted(clause, key=str)) for clause in condition(topic)), key=_shortest)
    atoms = {
        atom for clause in clauses for atom in clause
    }  # an atom may stand in a hundred clauses
    for atom in atoms:
        if isinstance(atom, tuple):
            patterns[atom] = [asked(atom).pattern]
    first = (
        _seek(pattern for atom in clauses[0] for pattern in patterns.get(atom, ()))
        if clauses
        else bool
    )
    seeks = {atom: _seek(patterns.get(atom, ())) for atom in atoms}
    re2.purge()  # its cache would hold what is compiled here longer than anyone uses it
    return Prefilter(tuple(clauses), first, seeks)


def _shortest(clause: tuple[Atom, ...]) -> tuple[int, str]:
    return len(clause), str(clause)


def forms(entries: Iterable[Entry]) -> Iterator[str]:
    """Every form of every term as folded words, one blank between: what a plain search would seek."""
    for entry in entries:
        heads = [min(words, key=len) for words in entry.pattern[:-1] if words]
        yield from (" ".join((*heads, last)) for last in sorted(entry.pattern[-1]))
