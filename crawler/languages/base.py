"""Folding: how a text is written down so that two spellings of one word are equal.

What it does: cuts a text into words and gives each its folded form, and where it stood in the
original. What it refuses: stemming. Snowball turns بغداد into غداد; here a word keeps all its letters
and only what is surely not part of it (the Arabic article) is split off.
Look next at ``ar`` for the Arabic rules and at ``matching`` for who asks.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from crawler.languages import ar, en, fr

# Dropped wherever they stand: harakat, Quranic marks, superscript alef, tatweel, zero-width and
# bidi controls, BOM, soft hyphen. All are used, by accident or on purpose, inside words (M32).
_INVISIBLE = (
    "\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed"
    "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff"
)
_WORD = re.compile(rf"[^\W_](?:[^\W_]|[{_INVISIBLE}\u0300-\u036f])*")
_DROP = re.compile(f"[{_INVISIBLE}]")
# A sentence ends at . ! ? ؟ … or ؛ followed by space or a closing mark, or at a line's end. A dot
# after a single letter (M. Dupont, د. سعاد) or between digits ends nothing.
_SENTENCE_END = re.compile(r"(?<!\b\w)[.!?؟…]+(?=[\s»”\")\]]|$)|[\n؛]+")


@dataclass(frozen=True, slots=True)
class Token:
    """One word: its folded form, the article split off, and where it stood."""

    text: str  # "عراق" for والعراق; "irak" for Irak
    forms: frozenset[str]  # every folded form it may be read as, ``text`` among them
    start: int
    end: int
    sentence: int


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

    >>> [t.text for t in fold("وقّع بالرباط").tokens]   # "signed in Rabat"
    ['وقع', 'رباط']
    >>> [t.text for t in fold("L’Été à Fès").tokens]
    ['l', 'ete', 'a', 'fes']
    """
    ends = [match.start() for match in _SENTENCE_END.finditer(text)]
    tokens: list[Token] = []
    sentence = 0
    for match in _WORD.finditer(text):
        while sentence < len(ends) and ends[sentence] < match.start():
            sentence += 1
        word, forms = _analyse(match.group())
        if word:
            tokens.append(Token(word, forms, match.start(), match.end(), sentence))
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


def fold_words(text: str) -> tuple[frozenset[str], ...]:
    """The text as a pattern: per word the folded forms that a text's word may have to equal it.

    With and without the article, but with no proclitic tried: a term is written without them.
    """
    return tuple(
        frozenset(f for f in token.forms if f == token.text or f.endswith("ال" + token.text))
        for token in fold(text).tokens
    )


def shadow(text: str) -> str:
    """The text's folded words separated by single spaces, for full-text indexes."""
    return fold(text).shadow


def spellings(word: str) -> tuple[str, ...]:
    """Every shadow word that may be read as this folded word: itself and its proclitic variants.

    A superset, for indexes: an article may have been split off one spelling and not off another
    (ألمانيا and المانيا).
    """
    if not ar.is_arabic(word):
        return (word,)
    bare = (word, word[2:]) if word.startswith("ال") and len(word) > 4 else (word, "ال" + word)
    return (*bare, *(clitics + word for clitics in ar.PROCLITICS))


@lru_cache(maxsize=200_000)  # news repeats its words: nine in ten are found here
def _analyse(raw: str) -> tuple[str, frozenset[str]]:
    plain = _plain(raw)
    if ar.is_arabic(plain):
        return ar.analyse(ar.letters(plain), hamza=plain[0] in ar.HAMZA)
    return plain, frozenset((plain,))


def _plain(raw: str) -> str:
    # UAX #15: NFKC first, so that presentation forms and full-width letters are the real ones;
    # then the look-alikes within words, the case, and for Latin the accents.
    text = _DROP.sub("", unicodedata.normalize("NFKC", raw))
    if ar.is_arabic(text):
        return text
    text = "".join(
        char
        for char in unicodedata.normalize("NFD", text.casefold())
        if unicodedata.category(char) != "Mn"
    )
    return unicodedata.normalize("NFC", text.translate(_LATIN))


_LATIN = str.maketrans({"œ": "oe", "æ": "ae", "ı": "i", "ł": "l", "ø": "o", "ß": "ss"})

INFLECTIONS = {**ar.INFLECTIONS, **en.INFLECTIONS, **fr.INFLECTIONS}
"""Name of an inflection → function from a folded word to all its folded forms."""
