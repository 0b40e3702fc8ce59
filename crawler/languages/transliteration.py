"""Arabic names in Latin letters: the spellings that newspapers give one name.

French and English write some sounds differently; these are exchanged (sh and ch, ou and u, q, k and
c, i and e within a word, i and y at its end, wa and oua), and a doubled letter may be single. The
article and Abd- are separate words, handled by ``matching.term_index``.

>>> sorted(spellings("bourita"))[:4]
['booreta', 'boorita', 'boureta', 'bourita']
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import product

_UNIT = re.compile(r"oua|wa|ua|sh|ch|kh|gh|th|dh|ou|oo|aa|ee|ai|ay|ei|ey|(.)\1|.")
_FAMILIES = (
    ("oua", "wa", "ua"), ("sh", "ch"), ("ou", "u", "oo"), ("ai", "ay", "ei", "ey"), ("aa", "a"),
    ("q", "k", "c"), ("ee", "i", "e"),
)  # fmt: skip
_VOWELS = frozenset({"i", "e"})
MAX_SPELLINGS = 96  # spellings of one word; a longer name keeps the families of its first sounds


def spellings(word: str) -> frozenset[str]:
    """The word in all spellings, including itself; at most ``MAX_SPELLINGS`` of them and the word.

    If there were more, only the first sounds vary.
    """
    units = [match.group() for match in _UNIT.finditer(word)]
    choices: list[tuple[str, ...]] = []
    size = 1
    for n, unit in enumerate(units):
        choice = _choices(unit, last=n == len(units) - 1)
        size *= len(choice)
        choices.append(choice if size <= MAX_SPELLINGS else (unit,))
        size = size if size <= MAX_SPELLINGS else size // len(choice)
    return frozenset("".join(parts) for parts in product(*choices)) | {word}


def _choices(unit: str, *, last: bool) -> tuple[str, ...]:
    if last and unit in ("i", "y"):
        return ("i", "y")
    if unit in _VOWELS:
        return ("i", "e")
    if unit == "a":
        return ("a",)
    for family in _FAMILIES:
        if unit in family:
            return family
    return (unit, unit[0]) if len(unit) == 2 and unit[0] == unit[1] else (unit,)


INFLECTIONS: dict[str, Callable[[str], frozenset[str]]] = {"name": spellings}
