"""The record that every language module fills in; ``LANGUAGES`` of the package lists them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Inflection = Callable[[str], frozenset[str]]
"""From a folded word to all its folded forms, the word itself among them."""


class Variant(NamedTuple):
    """Another form of a word that somebody looks for, as it is typed."""

    form: str
    unless: tuple[str, ...] = ()  # of which one that occurs is what the form belongs to


Variants = Callable[[str], tuple[Variant, ...]]
"""From a plain word to its other forms in a search; many of them are no word at all."""


def no_variants(_: str) -> tuple[Variant, ...]:
    """None: a language whose words a search takes as typed."""
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageTables:
    """What rasd knows about one language. Words and endings are separated by spaces.

    Empty tables are allowed: a language without ``words`` is accepted in seed files but not
    recognised in texts, one without ``inflections`` borrows those of the other languages.
    """

    code: str  # ISO 639
    script: Literal["arabic", "latin"]
    right_to_left: bool = False
    inflections: Mapping[str, Inflection] = field(default_factory=dict)
    variants: Variants = no_variants
    apart: str = ""  # words that look like forms of each other and are not
    words: str = ""  # frequent words, or frequent in headlines, as written (lower case)
    endings: str = ""  # of three letters, for words that are not listed
    last_two: str = ""  # endings of two letters, used if the ending of three is unknown
    letters: str = ""  # letters that few other languages of the script have
    letter_weight: float = 1.0  # points of such a letter; a listed word has two
