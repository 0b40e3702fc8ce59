"""Which meanings the words of the news have, by language. Pure; the table is in ``tables``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from crawler.languages import folded_word
from crawler.languages.ar import analyse
from crawler.stories.events import tables

LANGUAGES = ("en", "fr", "ar")  # the columns of the table, in order
_SHORTEST_STEM = 3


def meanings(word: str, language: str) -> frozenset[str]:
    """The meanings of a word as a text writes it; empty if the table has none.

    >>> meanings("incendies", "fr") & meanings("الحريق", "ar") & meanings("blaze", "en")
    frozenset({'blaz'})
    """
    if language not in LANGUAGES:
        return frozenset()
    return _meanings(folded_word(word), language)


@lru_cache(maxsize=50_000)
def _meanings(word: str, language: str) -> frozenset[str]:
    whole, stems = _table()[language]
    readings = analyse(word) if language == "ar" and word else (word,)
    return frozenset(_found(readings, whole, stems))


def _found(
    readings: Iterable[str], whole: dict[str, set[str]], stems: dict[str, set[str]]
) -> Iterator[str]:
    for reading in readings:
        yield from whole.get(reading, ())
        for end in range(_SHORTEST_STEM, len(reading) + 1):
            yield from stems.get(reading[:end], ())


def rows() -> tuple[str, ...]:
    """The rows of the table, each on one line."""
    text = tables.ACTS + tables.THINGS + tables.PLACES
    return tuple(row for row in text.replace("\n    ", " ").splitlines() if row)


_Column = tuple[dict[str, set[str]], dict[str, set[str]]]


@lru_cache(maxsize=1)
def _table() -> dict[str, _Column]:
    """By language: words and stems, each with the names of its meanings."""
    table: dict[str, _Column] = {language: ({}, {}) for language in LANGUAGES}
    for row in rows():
        name = row.split()[0].rstrip("*")
        for language, column in zip(LANGUAGES, row.split("|"), strict=True):
            whole, stems = table[language]
            for word in column.split():
                into = stems if word.endswith("*") else whole
                into.setdefault(folded_word(word.rstrip("*")), set()).add(name)
    return table
