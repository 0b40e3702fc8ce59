"""The lines of a text as a reader sees them, and the words that say what a passage is about."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from functools import lru_cache
from typing import NamedTuple

from crawler.languages import LANGUAGES, Folded, fold, visible_prefix
from crawler.languages.ar import unify_letters
from crawler.languages.normalization import INVISIBLE_MARK

Offsets = tuple[int, int]
"""[start, end) in the original text."""

MAX_SHOWN_CHARACTERS = 120  # of a line, visible ones; what marks an item stands in the first forty
MIN_CONTENT_LETTERS = 3  # shorter words say little of what a passage is about
DASH = r"\-‐‑‒–—―−"  # for classes of regular expressions

_LINE = re.compile(r"[^\n]+")


class Line(NamedTuple):
    """One line that isn't blank, without the space around it."""

    start: int
    end: int
    shown: str
    """Its beginning without accents, invisible marks and variants of letters and digits; shorter
    than MAX_SHOWN_CHARACTERS only if it is the whole line. Empty for a line of marks."""


def read_lines(body: str) -> list[Line]:
    """All lines of the text that aren't blank, in order."""
    found = []
    for match in _LINE.finditer(body):
        text = match[0].strip()
        if text:
            start = match.start() + len(match[0]) - len(match[0].lstrip())
            found.append(Line(start, start + len(text), shown(text)))
    return found


def shown(text: str) -> str:
    """The beginning of the text for comparing: see ``Line.shown``."""
    apart = unicodedata.normalize("NFKD", visible_prefix(text, MAX_SHOWN_CHARACTERS))
    plain = INVISIBLE_MARK.sub("", apart)
    return unify_letters(plain).strip()[:MAX_SHOWN_CHARACTERS]


@lru_cache(maxsize=1)
def _frequent_words() -> frozenset[str]:
    """Words of all languages that are too frequent in news to tie two passages together."""
    return frozenset(key for one in LANGUAGES for key, _ in fold(one.words).words)


def content_words(folded: Folded, place: Offsets) -> frozenset[str]:
    """The keys of the words between the offsets that say what the passage is about."""
    first, last = bisect_left(folded.starts, place[0]), bisect_left(folded.starts, place[1])
    frequent = _frequent_words()
    return frozenset(
        key
        for key, _ in folded.words[first:last]
        if len(key) >= MIN_CONTENT_LETTERS and not key.isdigit() and key not in frequent
    )


def count_words(folded: Folded, place: Offsets) -> int:
    """How many words begin between the offsets."""
    return bisect_left(folded.starts, place[1]) - bisect_left(folded.starts, place[0])


def first_keys(folded: Folded, start: int, number: int) -> str:
    """The keys of the first words from this offset on, as ``keys_of`` gives them."""
    first = bisect_left(folded.starts, start)
    return " ".join(key for key, _ in folded.words[first : first + number])


def keys_of(text: str) -> str:
    """The keys of the text's words, separated by single spaces: what ``cues`` are looked for in."""
    return " ".join(key for key, _ in fold(text).words)
