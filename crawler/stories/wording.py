"""The words of an article as they are compared: its text, its headline, and its copy keys. Pure.

Copy keys are a few numbers by which copies are found without comparing every pair: of the text's
shingles (sequences of words) the ones with the smallest hashes. Two texts of which one contains the
other share about as many numbers as the shorter is long beside the longer: where the text of one
is a tenth of the other, one or two of ``MAX_TEXT_KEYS``. Measured on 15,000 pairs of Arabic news:
of those that share six shingles in ten, or of which one contains eight in ten of the other, 99.9 %
share a number (``benchmarks/dups.py``).
"""

from __future__ import annotations

import hashlib
import heapq
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from crawler.languages import folded_text
from crawler.model import Article

MAX_TEXT_KEYS = 16  # each is a row in the archive
SHINGLE_WORDS = 5
MIN_WORDS = 20  # shorter texts are teasers: their words say too little
MIN_HEADLINE_WORDS = 5  # shorter headlines ("Breaking news") are too generic to identify a copy
MAX_CHARACTERS = 50_000  # of a text that are compared


@dataclass(frozen=True)  # without slots: its sets are made when they are asked for
class Wording:
    """An article's folded words.

    ``words``: of its body; of its lead or summary if it has no body. Fewer than ``MIN_WORDS`` are
    no text to compare: see ``has_text``.
    """

    source: str
    headline: str
    words: Sequence[str] = field(repr=False)

    @property
    def has_text(self) -> bool:
        """Whether there are words enough to compare."""
        return len(self.words) >= MIN_WORDS

    @property
    def has_headline(self) -> bool:
        """Whether the headline has words enough to name one story."""
        return self.headline.count(" ") + 1 >= MIN_HEADLINE_WORDS

    @cached_property
    def shingles(self) -> frozenset[str]:
        """Every sequence of ``SHINGLE_WORDS`` words, joined by spaces."""
        return frozenset(sequence(self.words))


def of_article(article: Article) -> Wording:
    """The wording of an article."""
    return of_text(article.source, article.headline, text_of(article))


def text_of(article: Article) -> str:
    """The body, or what stands for it, as far as it is compared."""
    return (article.body or article.lead or article.summary)[:MAX_CHARACTERS]


@lru_cache(maxsize=32)  # a burst of copies is compared with the same members again and again
def of_text(source: str, headline: str, text: str) -> Wording:
    """The wording of this text under this headline."""
    words = tuple(folded_text(text[:MAX_CHARACTERS]).split())
    return Wording(source, folded_text(headline), words)


def copy_keys(wording: Wording) -> tuple[int, ...]:
    """At most ``MAX_TEXT_KEYS`` numbers of its text, and one of its headline: 64 bits, with a sign.

    Empty for a text and a headline that are too short to compare.
    """
    found = []
    if wording.has_text:
        by_hash = {zlib.crc32(shingle.encode()): shingle for shingle in wording.shingles}
        least = heapq.nsmallest(MAX_TEXT_KEYS, by_hash)
        found = [_number(by_hash[number]) for number in least]
    if wording.has_headline:
        found.append(_number(f"\n{wording.headline}"))
    return tuple(dict.fromkeys(found))


def sequence(words: Sequence[str]) -> list[str]:
    """The shingles of these words in order."""
    parts = (words[n:] for n in range(SHINGLE_WORDS))
    return list(map(" ".join, zip(*parts, strict=False)))


def _number(text: str) -> int:
    digest = hashlib.blake2b(text.encode(), digest_size=8).digest()
    return int.from_bytes(digest, signed=True)
