"""Folding: how a text is written down so that two spellings of one word are equal.

What it does: cuts a text into words and gives each its folded form, and where it stood in the
original. What it refuses: stemming. Snowball turns بغداد into غداد; here a word keeps all its letters
and only what is surely not part of it (the Arabic article) is split off.
Look next at ``marks`` for what is dropped, ``ar`` for the Arabic rules, ``terms`` for who asks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from crawler.languages import ar, marks

_WORD = re.compile(rf"[^\W_]++(?:[{marks.INVISIBLE}]++[^\W_]*+)*+")
# A sentence ends at . ! ? ؟ … or ؛ followed by space or a closing mark, or at a line's end. A dot
# after a single letter (M. Dupont, د. سعاد) or between digits ends nothing; a hidden mark before the
# letter does not make it single.
_SENTENCE_END = re.compile(
    rf"(?<!(?<![\w{marks.INVISIBLE}])\w)[.!?؟…]+(?=[\s»”\")\]]|$)|[\n؛]+"
)


class Token(NamedTuple):
    """One word: its folded form, the article split off, and where it stood.

    A tuple, since an article has hundreds and a frozen dataclass takes four times as long to make.
    """

    text: str  # "عراق" for والعراق; "irak" for Irak: the key that indexes hold
    forms: frozenset[str]  # every folded form it may be read as
    start: int
    end: int
    sentence: int
    paragraph: int


@dataclass(frozen=True, slots=True)
class Folded:
    """A text as folded tokens in order; offsets are monotone and lead back to the original."""

    original: str
    tokens: tuple[Token, ...]

    @property
    def shadow(self) -> str:
        """The folded words, one space between: what full-text indexes hold."""
        return " ".join(token.text for token in self.tokens)


def fold(text: str) -> Folded:
    """The text's words, folded, with offsets into the original.

    A ligature of several words (ﷺ) gives several tokens in one place.

    >>> [t.text for t in fold("وقّع بالرباط").tokens]   # "signed in Rabat"
    ['وقع', 'رباط']
    >>> [t.text for t in fold("L’Été à Fès").tokens]
    ['l', 'ete', 'a', 'fes']
    """
    ends = [(match.start(), "\n" in match.group()) for match in _SENTENCE_END.finditer(text)]
    ends.append((len(text) + 1, False))
    tokens: list[Token] = []
    sentence = paragraph = 0
    until, breaks = ends[0]
    for match in _WORD.finditer(text):
        start, end = match.span()
        while until < start:
            sentence += 1
            paragraph += breaks
            until, breaks = ends[sentence]
        for word, forms in _analyse(match[0]):
            tokens.append(Token(word, forms, start, end, sentence, paragraph))
    return Folded(text, tuple(tokens))


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
    return tuple(word for raw in _WORD.findall(text) for word in marks.plain(raw))


@lru_cache(maxsize=10_000)  # the words of rules and terms
def readings(word: str) -> frozenset[str]:
    """The folded forms of which a text's word must have one to equal this plain word.

    With and without the article, but with no proclitic tried: a term is written without them.
    """
    return ar.readings(word) if ar.is_arabic(word) else frozenset((word,))


@lru_cache(maxsize=4)  # an article's signature and its row in the index are made of one text
def shadow(text: str) -> str:
    """The text's folded words separated by single spaces, for full-text indexes."""
    return " ".join([word for raw in _WORD.findall(text) for word, _ in _analyse(raw)])


def spellings(form: str) -> tuple[str, ...]:
    """Every index key whose word may be read as this folded form: a superset, in a stable order."""
    if not ar.is_arabic(form):
        return (form,)
    return tuple(dict.fromkeys((ar.key(form), *(ar.key(p + form) for p in ar.PROCLITICS))))


def digits(text: str) -> str:
    """The text with Arabic and Persian digits written as 0–9."""
    return ar.letters(text) if ar.is_arabic(text) else text


@lru_cache(maxsize=200_000)  # news repeats its words: nine in ten are found here
def _analyse(raw: str) -> tuple[tuple[str, frozenset[str]], ...]:
    return tuple(
        (ar.key(ar.letters(word)), ar.analyse(word))
        if ar.is_arabic(word)
        else (word, frozenset((word,)))
        for word in marks.plain(raw)
    )
