"""Folding, inflection, detection and writing direction of languages. Pure.

Each language is one module (``ar``, ``ckb``, ``en`` …) with its ``TABLES``, listed in
``LANGUAGES``; the modules don't import each other. ``fold`` is the main function;
``transliteration`` knows the Latin spellings of Arabic names.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from itertools import islice
from typing import TYPE_CHECKING

from crawler.languages import ar, ckb, en, es, fa, fr, normalization, transliteration
from crawler.languages.folding import (
    MAX_WORD_CHARACTERS,
    Folded,
    Token,
    digits,
    fold,
    folded_text,
    index_keys,
    plain_words,
    possible_forms,
    prefix_keys,
    sentences,
)
from crawler.languages.tables import Inflection, LanguageTables, Variant
from crawler.text_cache import cached_by_text

unaccented = normalization.unaccented
with_article = ar.with_article

if TYPE_CHECKING:
    from crawler.model import Direction, Language

_MODULES = (ar, ckb, en, es, fa, fr)  # a new one is added here
LANGUAGES: tuple[LanguageTables, ...] = tuple(module.TABLES for module in _MODULES)
"""The languages that seed files may name and ``detect`` recognises."""

CODES = tuple(one.code for one in LANGUAGES)
RIGHT_TO_LEFT = frozenset(one.code for one in LANGUAGES if one.right_to_left) | {"he", "ur"}

_INFLECTIONS: dict[str, Mapping[str, Inflection]] = {
    **{one.code: one.inflections for one in LANGUAGES},
    "names": transliteration.INFLECTIONS,
}
_FREQUENT = frozenset(normalization.unaccented(w) for one in LANGUAGES for w in one.words.split())
_APART = frozenset(word for one in LANGUAGES for word in one.apart.split())
INFLECTIONS = frozenset(name for table in _INFLECTIONS.values() for name in table)
"""All names that ``inflect`` accepts."""


def inflect(word: str, name: str, language: Language) -> frozenset[str]:
    """Return all folded forms of a folded word, including the word, by the inflection of that
    name.

    The language's own table comes first; an inflection it lacks is taken from any language that has
    it (``plural`` for a language that adds s). Raises KeyError if no language has it.
    """
    tables = (_INFLECTIONS.get(language, {}), *_INFLECTIONS.values())
    table = next((table for table in tables if name in table), None)
    if table is None:
        raise KeyError(name)
    return table[name](word)


def variants(word: str) -> tuple[Variant, ...]:
    """Other forms of a plain word that a search may mean, by every language of its script."""
    script = "arabic" if ar.is_arabic(word) else "latin"
    found = (v for one in LANGUAGES if one.script == script for v in one.variants(word))
    return tuple(v for v in dict.fromkeys(found) if not {word, v.form} <= _APART)


def is_frequent(word: str) -> bool:
    """Whether the plain word is among a language's frequent ones."""
    return word in _FREQUENT


def visible_text(text: str) -> str:
    """The text in NFKC and lower case, without invisible characters."""
    return normalization.INVISIBLE_MARK.sub("", unicodedata.normalize("NFKC", text)).casefold()


def visible_prefix(text: str, characters: int) -> str:
    """The beginning of the text with at most so many visible characters; invisible ones don't
    count.
    """
    if not normalization.INVISIBLE_MARK.search(text, 0, characters):
        return text[:characters]
    seen = (n for n, char in enumerate(text) if not normalization.INVISIBLE_MARK.match(char))
    return text[: next(islice(seen, characters, None), len(text))]


def hamza_variants(form: str) -> frozenset[str]:
    """The folded form, and the same without hamza, as it is often typed."""
    return frozenset((form, ar.without_hamza(form)))


def term_forms(word: str) -> frozenset[str]:
    """All folded forms that match this plain word of a term if a text's word has one of them.

    The word itself is not inflected; see ``inflect``.
    """
    return frozenset(f for form in possible_forms(word) for f in hamza_variants(form))


def query_forms(word: str) -> frozenset[str]:
    """All folded forms that match this plain word of a search.

    A word without a last accent also finds the accented one: traite finds traité.
    """
    return term_forms(word) if ar.is_arabic(word) else normalization.acute_variants(word)


MIN_BARE_PREFIX = 3  # letters of a beginning without its article: الوز* is no وز*


def prefix_readings(prefix: str) -> frozenset[str]:
    """The beginnings of folded forms that match the beginning of a word in a search: with and
    without its article."""
    if not ar.is_arabic(prefix):
        return frozenset((normalization.unaccented(prefix),))
    bare = {one for one in ar.term_readings(prefix) if len(one) >= MIN_BARE_PREFIX}
    return frozenset(bare | {ar.unify_letters(prefix)})


def begins(form: str, readings: frozenset[str]) -> bool:
    """Whether a folded form begins with one of these readings; accents make no difference."""
    return normalization.unaccented(form).startswith(tuple(readings))


def name_forms(word: str, language: Language) -> frozenset[str]:
    """All spellings of a name in Latin letters, with and without an accent at its end."""
    spelled = inflect(normalization.unaccented(word), "name", language)
    return frozenset(twin for form in spelled for twin in normalization.acute_variants(form))


# what stands before countries' adjectives
@cached_by_text(maxsize=20_000, longest=MAX_WORD_CHARACTERS)
def folded_word(raw: str) -> str:
    """One word of a text as folded letters, with its prefixes: وأحمد → واحمد."""
    word = "".join(normalization.normalize(raw))
    return ar.unify_letters(word) if ar.is_arabic(word) else normalization.unaccented(word)


def direction(language: Language) -> Direction:
    """The writing direction of a language; unknown languages run from left to right."""
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"


__all__ = [
    "CODES",
    "INFLECTIONS",
    "LANGUAGES",
    "RIGHT_TO_LEFT",
    "Folded",
    "Token",
    "Variant",
    "begins",
    "digits",
    "direction",
    "fold",
    "folded_text",
    "folded_word",
    "hamza_variants",
    "index_keys",
    "inflect",
    "is_frequent",
    "name_forms",
    "plain_words",
    "possible_forms",
    "prefix_keys",
    "prefix_readings",
    "query_forms",
    "sentences",
    "term_forms",
    "unaccented",
    "variants",
    "visible_prefix",
    "visible_text",
    "with_article",
]
