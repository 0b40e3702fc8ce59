"""The shadow of a text: its index tokens in order, with the ends of its sentences.

::

    "Signé à Rabat. Le ministre\\n\\nDeux traités"
    signé a rabat ·. le ministre ·\\n deux traites

A sentence's end is a token of its own, ``BOUNDARY``, so that no phrase of an index reaches over it,
and marks that no index holds: ``.`` for each end, a line feed for each end of a line. ``|`` stands
where the lead ends within a body. ``ShadowText`` reads it: the words with their forms, sentences
and paragraphs are those of the text folded; what is gone are the places in the original.
"""

from __future__ import annotations

import re
from bisect import insort
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar, overload

from crawler.languages import normalization
from crawler.languages.folding import Folded, find_words, word_start
from crawler.languages.index_text.tokens import (
    ACCENTED,
    UNACCENTED,
    token_forms,
    token_key,
    tokens_of_forms,
)
from crawler.languages.sentence_ends import sentence_ends

BOUNDARY = "·"
"""The token between two sentences. No letter, and not of ASCII."""
CUT = "§x"
"""The token of an article whose texts are longer than what is indexed of one."""
FIELD_MARK = "§"
"""What the token begins with that stands before a field."""
LEAD_END = "|"
_BOUNDARY = re.compile(rf" ?{BOUNDARY}([.\n]+) ?")
_T = TypeVar("_T")


def write_shadow(text: str, lead_end: int = 0) -> str:
    """The shadow of a text; ``lead_end`` is the offset where its lead ends, 0 without one.
    Empty for a text without words."""
    known = ACCENTED if normalization.ACCENTED_LETTER.search(text) else UNACCENTED
    parts: list[str] = []
    marks, begins, is_empty = "", 0, True
    for end, mark in (*_cuts(text, lead_end), (len(text), "")):
        words = list(filter(None, map(known.__getitem__, find_words(text, begins, end))))
        if words:
            parts += [BOUNDARY + marks, *words] if marks else words
            marks, is_empty = "", False
        if mark == LEAD_END:
            parts.append(LEAD_END)
        else:
            marks += mark
        begins = end
    return "" if is_empty else " ".join(parts)


def _cuts(text: str, lead_end: int) -> list[tuple[int, str]]:
    """Offsets between words, in order, at which sentences, paragraphs and the lead end."""
    cuts = [(mark.start(), "\n" if "\n" in mark[0] else ".") for mark in sentence_ends(text)]
    if lead_end:
        insort(cuts, (word_start(text, lead_end), LEAD_END))
    return cuts


@dataclass(frozen=True, slots=True)
class ShadowText(Folded):
    """A folded text that was read from its shadow. Offsets count words: word n stands at n, and
    the original is empty.
    """

    shadow: Sequence[str] = ()  # the tokens of words

    def word_places(self, forms: frozenset[str]) -> Iterable[int]:
        """As of a folded text; no word's forms are computed."""
        wanted = tokens_of_forms(forms)
        return [n for n, token in enumerate(self.shadow) if token in wanted]

    def until(self, end: int) -> ShadowText:
        """The first ``end`` words."""
        return _shadow_text(self.shadow[:end], self._sentence_ends, self._paragraph_ends)


def read_shadow(written: str) -> tuple[ShadowText, int]:
    """The text of this shadow, and of how many words its lead is."""
    tokens: list[str] = []
    ends: list[int] = []
    lines: list[int] = []
    lead = 0
    for n, part in enumerate(written.split(LEAD_END)):
        if n:
            lead = len(tokens)
        pieces = _BOUNDARY.split(part)
        tokens += pieces[0].split()
        for marks, piece in zip(pieces[1::2], pieces[2::2], strict=True):
            last = len(tokens) - 1  # an end lies before the words that start behind it
            ends += [last] * len(marks)
            lines += [last] * marks.count("\n")
            tokens += piece.split()
    return _shadow_text(tokens, ends, lines), lead


def _shadow_text(
    tokens: Sequence[str], sentence_ends: Sequence[int], paragraph_ends: Sequence[int]
) -> ShadowText:
    number = len(tokens)
    return ShadowText(
        "",
        _Column(tokens, lambda token: (token_key(token), token_forms(token))),
        _Column(tokens, token_forms),
        range(number),
        range(1, number + 1),
        sentence_ends,
        paragraph_ends,
        tokens,
    )


class _Column(Sequence[_T]):
    """What is computed of each token, where it is asked for."""

    def __init__(self, tokens: Sequence[str], compute: Callable[[str], _T]) -> None:
        self._tokens, self._compute = tokens, compute

    def __len__(self) -> int:
        return len(self._tokens)

    def __iter__(self) -> Iterator[_T]:
        return map(self._compute, self._tokens)

    @overload
    def __getitem__(self, at: int) -> _T: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[_T]: ...
    def __getitem__(self, at: int | slice) -> _T | Sequence[_T]:
        if isinstance(at, slice):
            return list(map(self._compute, self._tokens[at]))
        return self._compute(self._tokens[at])
