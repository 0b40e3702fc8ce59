"""Folding: how a text is written down so that two spellings of one word are equal.

What it does: cuts a text into words and gives each its folded form, and where it stood in the
original. What it refuses: stemming. Snowball turns بغداد into غداد; here a word keeps all its letters
and only what is surely not part of it (the Arabic article) is split off.
Look next at ``marks`` for what is dropped, ``ar`` for the Arabic rules, ``terms`` for who asks.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate, chain
from typing import NamedTuple

from crawler.languages import ar, normalization

_LETTER = rf"[^\W_{normalization.PARTING}]"
_WORD = re.compile(rf"{_LETTER}++(?:[{normalization.INVISIBLE}]++{_LETTER}*+)*+")
_CUT = re.compile(
    f"({_WORD.pattern})"
).split  # what stands between words, a word, what stands between …
# A sentence ends at . ! ? ؟ … or ؛ followed by space or a closing mark, or at a line's end. A dot
# after a single letter (M. Dupont, د. سعاد) or between digits ends nothing; a hidden mark between
# letters makes none single. The mark itself comes first and is looked back from: so the engine
# leaps from mark to mark, where looking back first would be done at every letter (ten times slower).
_BEGINS = rf"(?<![\w{normalization.INVISIBLE}])"
_SENTENCE_END = re.compile(
    rf"[.!?؟…\n؛](?:(?<=[\n؛])[\n؛]*"
    rf"|(?<![\n؛])(?<!{_BEGINS}\w.)(?<!{_BEGINS}[{normalization.INVISIBLE}]\w.)[.!?؟…]*"
    rf"(?=[{normalization.INVISIBLE}]*+(?:[\s»”\")\]]|$)))"
)


class Token(NamedTuple):
    """One word: its folded form, the article split off, and where it stood."""

    text: str  # "عراق" for والعراق; "irak" for Irak: the key that indexes hold
    forms: frozenset[str]  # every folded form it may be read as
    start: int
    end: int
    sentence: int
    paragraph: int


@dataclass(frozen=True, slots=True)
class Folded:
    """A text as folded words in order; offsets are monotone and lead back to the original.

    Held in columns, one item a word, and sentences by where they end: an article has hundreds of
    words, of which a verdict looks closely at a dozen. ``tokens`` puts them together.
    """

    original: str
    words: Sequence[tuple[str, frozenset[str]]]  # index key and forms
    forms: Sequence[frozenset[str]]
    starts: Sequence[int]
    ends: Sequence[int]
    _sentence_ends: Sequence[int]
    _paragraph_ends: Sequence[int]

    @property
    def tokens(self) -> tuple[Token, ...]:
        """All words with what is known of each."""
        return tuple(
            Token(text, forms, self.starts[n], self.ends[n], self.sentence(n), self.paragraph(n))
            for n, (text, forms) in enumerate(self.words)
        )

    def text(self, word: int) -> str:
        """The key of the word that indexes hold."""
        return self.words[word][0]

    def sentence(self, word: int) -> int:
        """The number of the sentence that the word stands in, from 0."""
        return bisect_left(self._sentence_ends, self.starts[word])

    def paragraph(self, word: int) -> int:
        """The number of the paragraph that the word stands in, from 0."""
        return bisect_left(self._paragraph_ends, self.starts[word])

    def until(self, end: int) -> Folded:
        """The words that end at or before this place of the original."""
        n = bisect_right(self.ends, end)
        return replace(
            self,
            words=self.words[:n],
            forms=self.forms[:n],
            starts=self.starts[:n],
            ends=self.ends[:n],
        )

    @property
    def shadow(self) -> str:
        """The folded words, one space between: what full-text indexes hold."""
        return " ".join([key for key, _ in self.words])


def fold(text: str) -> Folded:
    """The text's words, folded, with offsets into the original.

    A ligature of several words (ﷺ) gives several tokens in one place. Where a text has no accents
    at all, and in words of capitals, a last e may be an é: both are among the forms.

    >>> [t.text for t in fold("وقّع بالرباط").tokens]   # "signed in Rabat"
    ['وقع', 'رباط']
    >>> [t.text for t in fold("L’Été à Fès").tokens]
    ['l', 'ete', 'a', 'fes']
    """
    pieces = _CUT(text)
    places = list(accumulate(map(len, pieces)))
    starts, ends = places[0:-1:2], places[1::2]
    analyse = _analyse if normalization.ACCENTED.search(text) else _analyse_unaccented
    analysed = list(map(analyse, pieces[1::2]))
    words = list(chain.from_iterable(analysed))
    if len(words) != len(analysed) or not all(
        analysed
    ):  # a ligature of words, or hidden marks alone
        starts = [start for many, start in zip(analysed, starts, strict=True) for _ in many]
        ends = [end for many, end in zip(analysed, ends, strict=True) for _ in many]
    forms = [word[1] for word in words]
    breaks = list(_SENTENCE_END.finditer(text))
    lines = [match.start() for match in breaks if "\n" in match[0]]
    return Folded(text, words, forms, starts, ends, [match.start() for match in breaks], lines)


def sentences(text: str) -> list[tuple[int, int]]:
    """The spans of the text's sentences, in order, whitespace trimmed, empty ones left out."""
    spans: list[tuple[int, int]] = []
    start = 0
    for end in [m.end() for m in _SENTENCE_END.finditer(text)] + [len(text)]:
        piece = text[start:end]
        left = start + len(piece) - len(piece.lstrip())
        right = start + len(piece.rstrip())
        if left < right:
            spans.append((left, right))
        start = end
    return spans


def plain_words(text: str) -> tuple[str, ...]:
    """The text's words as one would type them to find them; see ``marks.plain``."""
    return tuple(word for raw in _WORD.findall(text) for word in normalization.plain(raw))


@lru_cache(maxsize=10_000)  # the words of rules and terms
def possible_forms(word: str) -> frozenset[str]:
    """The folded forms of which a text's word must have one to equal this plain word.

    With and without the article, but with no proclitic tried: a term is written without them.
    """
    return ar.readings(word) if ar.is_arabic(word) else frozenset((word,))


@lru_cache(maxsize=4)  # an article's signature and its row in the index are made of one text
def folded_text(text: str) -> str:
    """The text's folded words separated by single spaces, for full-text indexes."""
    return " ".join(filter(None, map(_shadow_of, _WORD.findall(text))))


def index_keys(form: str) -> tuple[str, ...]:
    """Every index key whose word may be read as this folded form: a superset, in a stable order."""
    if not ar.is_arabic(form):
        return (normalization.unaccented(form),)
    return tuple(dict.fromkeys((ar.key(form), *(ar.key(p + form) for p in ar.PROCLITICS))))


def digits(text: str) -> str:
    """The text with Arabic and Persian digits written as 0–9."""
    return ar.letters(text) if ar.is_arabic(text) else text


Analysed = tuple[tuple[str, frozenset[str]], ...]  # per word its index key and its forms
REMEMBERED = 150_000  # news repeats its words: nine in ten are found again


@lru_cache(maxsize=100_000)  # as below; the index needs no readings, and no loop over them
def _shadow_of(raw: str) -> str:
    return " ".join([word for word, _ in _analyse(raw)])


@lru_cache(maxsize=REMEMBERED)
def _analyse(raw: str) -> Analysed:
    """The words of a text that writes its accents; capitals often go without."""
    if raw.isupper():
        return _analyse_unaccented(raw)
    return tuple(
        _arabic(word)
        if ar.is_arabic(word)
        else (normalization.unaccented(word), frozenset((word,)))
        for word in normalization.plain(raw)
    )


@lru_cache(maxsize=REMEMBERED)
def _analyse_unaccented(raw: str) -> Analysed:
    """The words of a text without accents, in which a last e may stand for é."""
    return tuple(
        _arabic(word)
        if ar.is_arabic(word)
        else (normalization.unaccented(word), normalization.twins(word))
        for word in normalization.plain(raw)
    )


def _arabic(word: str) -> tuple[str, frozenset[str]]:
    if ar.is_mixed(word):  # nothing is split off where scripts meet within a word
        return ar.letters(word), frozenset((ar.letters(word),))
    return ar.key(ar.letters(word)), ar.analyse(word)
