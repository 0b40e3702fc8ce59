"""What rasd knows of languages: folding, inflection, detection, direction. Pure.

``fold`` is the door; ``ar``, ``fr``, ``en`` and ``es`` hold what is special to each and don't know
each other; ``names`` knows how Arabic names are written in Latin letters.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from crawler.languages import ar, en, es, fr, normalization, transliteration
from crawler.languages.folding import (
    Folded,
    Token,
    digits,
    fold,
    folded_text,
    index_keys,
    plain_words,
    possible_forms,
    sentences,
)

unaccented = normalization.unaccented

if TYPE_CHECKING:
    from crawler.model import Direction, Language

RIGHT_TO_LEFT = frozenset({"ar", "ckb", "fa", "he", "ur"})

_INFLECTIONS = {
    "ar": ar.INFLECTIONS,
    "en": en.INFLECTIONS,
    "es": es.INFLECTIONS,
    "fr": fr.INFLECTIONS,
    "names": transliteration.INFLECTIONS,
}
INFLECTIONS = frozenset(name for table in _INFLECTIONS.values() for name in table)
"""The names that ``inflect`` knows."""


def inflect(word: str, name: str, language: Language) -> frozenset[str]:
    """All folded forms of a folded word, itself among them, by the inflection of that name.

    A language's own comes first; one it does not have is borrowed from whichever does (``plural``
    in a language that adds s). KeyError for a name that none has.
    """
    tables = (_INFLECTIONS.get(language, {}), *_INFLECTIONS.values())
    table = next((table for table in tables if name in table), None)
    if table is None:
        raise KeyError(name)
    return table[name](word)


def visible(text: str) -> str:
    """The text in its ordinary characters, in lower case, without marks that no reader sees."""
    return normalization.DROP.sub("", unicodedata.normalize("NFKC", text)).casefold()


def beginning(text: str, characters: int) -> str:
    """The text up to so many characters that a reader sees: hidden marks don't make it shorter."""
    if not normalization.DROP.search(text, 0, characters):
        return text[:characters]
    seen = (n for n, char in enumerate(text) if not normalization.DROP.match(char))
    return text[: next(islice(seen, characters, None), len(text))]


def lenient(form: str) -> frozenset[str]:
    """A term's form and how it is written by hands that leave the hamza out."""
    return frozenset((form, ar.unhamzated(form)))


def term_forms(word: str) -> frozenset[str]:
    """The folded forms of which a text's word must have one to be this plain word, uninflected."""
    return frozenset(f for form in possible_forms(word) for f in lenient(form))


def asked_forms(word: str) -> frozenset[str]:
    """The folded forms that a plain word of a search finds: typed without its last accent, both."""
    return term_forms(word) if ar.is_arabic(word) else normalization.twins(word)


def name_forms(word: str, language: Language) -> frozenset[str]:
    """A name in Latin letters in all its spellings, with and without an accent at its end."""
    spelled = inflect(normalization.unaccented(word), "name", language)
    return frozenset(twin for form in spelled for twin in normalization.twins(form))


@lru_cache(maxsize=20_000)  # what stands before countries' adjectives
def word_of(raw: str) -> str:
    """A text's word as folded letters, with all that is written onto it: وأحمد → واحمد."""
    word = "".join(normalization.plain(raw))
    return ar.letters(word) if ar.is_arabic(word) else normalization.unaccented(word)


def direction(language: Language) -> Direction:
    """The direction a language is written in; unknown languages are left to right."""
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"


__all__ = [
    "INFLECTIONS",
    "RIGHT_TO_LEFT",
    "Folded",
    "Token",
    "asked_forms",
    "beginning",
    "digits",
    "direction",
    "fold",
    "folded_text",
    "index_keys",
    "inflect",
    "lenient",
    "name_forms",
    "plain_words",
    "possible_forms",
    "sentences",
    "term_forms",
    "unaccented",
    "visible",
    "word_of",
]
