"""What rasd knows of languages: folding, inflection, detection, direction. Pure.

``fold`` is the door; ``ar``, ``fr`` and ``en`` hold what is special to each and don't know each other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.languages.base import (
    INFLECTIONS,
    Folded,
    Token,
    fold,
    fold_words,
    sentences,
    shadow,
    spellings,
)

if TYPE_CHECKING:
    from crawler.model import Direction, Language

RIGHT_TO_LEFT = frozenset({"ar", "ckb", "fa", "he", "ur"})


def direction(language: Language) -> Direction:
    """The direction a language is written in; unknown languages are left to right."""
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"


__all__ = [
    "INFLECTIONS",
    "RIGHT_TO_LEFT",
    "Folded",
    "Token",
    "direction",
    "fold",
    "fold_words",
    "sentences",
    "shadow",
    "spellings",
]
