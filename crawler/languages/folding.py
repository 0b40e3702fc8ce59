"""Folding: a text is cut into words so that two spellings of one word become equal.

Each word has a folded form and its offsets in the original. There is no stemming: Snowball turns
بغداد into غداد; here a word keeps all its letters, and only the Arabic article is split off. See
``normalization`` for what is dropped and ``ar`` for the Arabic rules.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate, chain
from typing import NamedTuple

from crawler.languages import ar, normalization
from crawler.languages.sentence_ends import sentence_ends
from crawler.text_cache import cached_by_text

MAX_WORD_CHARACTERS = 80  # of a word that is remembered, hidden marks among them

_LETTER = rf"[^\W_{normalization.APOSTROPHE_LETTERS}]"
_WORD = re.compile(rf"{_LETTER}++(?:[{normalization.INVISIBLE}]++{_LETTER}*+)*+")
_split_words = re.compile(f"({_WORD.pattern})").split  # gap, word, gap, word, … gap
_WORD_CHARACTER = re.compile(rf"{_LETTER}|[{normalization.INVISIBLE}]")
find_words = _WORD.findall
"""The words of a text as they stand in it, between two offsets."""


class Token(NamedTuple):
    """One word: its folded forms and where it stands."""

    text: str  # "عراق" for والعراق; "irak" for Irak: the key that indexes hold
    forms: frozenset[str]  # every folded form it may be read as
    start: int
    end: int
    sentence: int
    paragraph: int


@dataclass(frozen=True, slots=True)
class Folded:
    """A text as folded words in order, with offsets into the original that never decrease.

    Stored as columns, one item per word, and the ends of sentences: an article has hundreds of
    words, of which matching examines a dozen. ``tokens`` gives them as records.
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
        """All words as records."""
        return tuple(
            Token(text, forms, self.starts[n], self.ends[n], self.sentence(n), self.paragraph(n))
            for n, (text, forms) in enumerate(self.words)
        )

    def text(self, word: int) -> str:
        """The word's key in indexes."""
        return self.words[word][0]

    def sentence(self, word: int) -> int:
        """The number of the word's sentence, from 0."""
        return bisect_left(self._sentence_ends, self.starts[word])

    def paragraph(self, word: int) -> int:
        """The number of the word's paragraph, from 0."""
        return bisect_left(self._paragraph_ends, self.starts[word])

    def word_places(self, forms: frozenset[str]) -> Iterable[int]:
        """The words, in order, that may be read as one of these forms."""
        return [n for n, own in enumerate(self.forms) if not forms.isdisjoint(own)]

    def until(self, end: int) -> Folded:
        """The words that end at or before this offset of the original."""
        n = bisect_right(self.ends, end)
        return replace(
            self,
            words=self.words[:n],
            forms=self.forms[:n],
            starts=self.starts[:n],
            ends=self.ends[:n],
        )


def fold(text: str) -> Folded:
    """Return the text's words, folded, with offsets into the original.

    A ligature of several words (ﷺ) gives several tokens at one offset. In a text without accents,
    and in words of capitals, a last e may be an é: both are among the forms.

    >>> [t.text for t in fold("وقّع بالرباط").tokens]   # "signed in Rabat"
    ['وقع', 'رباط']
    >>> [t.text for t in fold("L’Été à Fès").tokens]
    ['l', 'ete', 'a', 'fes']
    """
    pieces = _split_words(text)
    places = list(accumulate(map(len, pieces)))
    starts, ends = places[0:-1:2], places[1::2]
    analyse = _analyse if normalization.ACCENTED_LETTER.search(text) else _analyse_unaccented
    analysed = list(map(analyse, pieces[1::2]))
    words = list(chain.from_iterable(analysed))
    if len(words) != len(analysed) or not all(
        analysed
    ):  # a ligature of words, or hidden marks alone
        starts = [start for many, start in zip(analysed, starts, strict=True) for _ in many]
        ends = [end for many, end in zip(analysed, ends, strict=True) for _ in many]
    forms = [word[1] for word in words]
    breaks = list(sentence_ends(text))
    lines = [match.start() for match in breaks if "\n" in match[0]]
    return Folded(text, words, forms, starts, ends, [match.start() for match in breaks], lines)


def word_start(text: str, at: int) -> int:
    """Where the word begins that goes on beyond this offset; the offset if none does."""
    begins = at
    while begins and _WORD_CHARACTER.match(text, begins - 1):
        begins -= 1
    word = _WORD.search(text, begins)
    return word.start() if word and word.start() < at < word.end() else at


def sentences(text: str) -> list[tuple[int, int]]:
    """The (start, end) offsets of the text's sentences in order, without surrounding space; never
    empty ones.
    """
    spans: list[tuple[int, int]] = []
    start = 0
    for end in (*(mark.end() for mark in sentence_ends(text)), len(text)):
        piece = text[start:end]
        left = start + len(piece) - len(piece.lstrip())
        right = start + len(piece.rstrip())
        if left < right:
            spans.append((left, right))
        start = end
    return spans


def plain_words(text: str) -> tuple[str, ...]:
    """The text's words as one would type them in a search; see ``normalization.normalize``."""
    return tuple(chain.from_iterable(map(_plain, _WORD.findall(text))))


# the terms of a lexicon have few different words
@cached_by_text(maxsize=20_000, longest=MAX_WORD_CHARACTERS)
def _plain(raw: str) -> tuple[str, ...]:
    return tuple(normalization.normalize(raw))


@lru_cache(maxsize=10_000)  # the words of rules and terms
def possible_forms(word: str) -> frozenset[str]:
    """The folded forms that match this plain word of a term: with and without its article.

    No proclitic is removed: terms are written without them.
    """
    return ar.term_readings(word) if ar.is_arabic(word) else frozenset((word,))


@lru_cache(maxsize=4)  # an article's signature and its row in the index are made of one text
def folded_text(text: str) -> str:
    """The text's folded words, separated by single spaces, for full-text indexes."""
    return " ".join(filter(None, map(_index_words, _WORD.findall(text))))


def index_keys(form: str) -> tuple[str, ...]:
    """All index keys of words that may be read as this folded form: a superset, in a stable
    order.
    """
    if not ar.is_arabic(form):
        return (normalization.unaccented(form),)
    return tuple(
        dict.fromkeys((ar.index_key(form), *(ar.index_key(p + form) for p in ar.PROCLITICS)))
    )


def prefix_keys(reading: str) -> tuple[str, ...]:
    """The beginnings of the index keys of all words that may be read as one that begins so: a
    superset, in a stable order."""
    if not ar.is_arabic(reading):
        return normalization.acute_beginnings(reading)
    begun = [prefix + reading for prefix in ("", *ar.PROCLITICS)]
    rest = "xx"  # as little as has to follow an article
    keys = (key for one in begun for key in (one, ar.index_key(one + rest).removesuffix(rest)))
    return tuple(dict.fromkeys(keys))


def digits(text: str) -> str:
    """The text with Arabic and Persian digits replaced by 0–9."""
    return ar.unify_letters(text) if ar.is_arabic(text) else text


AnalysedWords = tuple[tuple[str, frozenset[str]], ...]  # per word its index key and its forms
MAX_REMEMBERED_WORDS = 150_000  # news repeats its words: nine in ten are found again


# as below; the index needs no readings, and no loop over them
@cached_by_text(maxsize=100_000, longest=MAX_WORD_CHARACTERS)
def _index_words(raw: str) -> str:
    return " ".join([word for word, _ in _analyse(raw)])


@cached_by_text(maxsize=MAX_REMEMBERED_WORDS, longest=MAX_WORD_CHARACTERS)
def _analyse(raw: str) -> AnalysedWords:
    """The words of a text that has accents; words of capitals are often written without."""
    if raw.isupper():
        return _analyse_unaccented(raw)
    return tuple(
        _arabic(word)
        if ar.is_arabic(word)
        else (normalization.unaccented(word), frozenset((word,)))
        for word in normalization.normalize(raw)
    )


@cached_by_text(maxsize=MAX_REMEMBERED_WORDS, longest=MAX_WORD_CHARACTERS)
def _analyse_unaccented(raw: str) -> AnalysedWords:
    """The words of a text without accents, in which a last e may stand for é."""
    return tuple(
        _arabic(word)
        if ar.is_arabic(word)
        else (normalization.unaccented(word), normalization.acute_variants(word))
        for word in normalization.normalize(raw)
    )


def _arabic(word: str) -> tuple[str, frozenset[str]]:
    if ar.is_mixed(word):  # nothing is split off where scripts meet within a word
        return ar.unify_letters(word), frozenset((ar.unify_letters(word),))
    return ar.index_key(ar.unify_letters(word)), ar.analyse(word)
