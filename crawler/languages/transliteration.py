"""Arabic names in Latin letters: one name, the spellings that newspapers give it.

Sounds that French and English write differently are exchanged (sh and ch, ou and u, q, k and c,
i and e within a word, i and y at its end, wa and oua), and a doubled letter may stand single. The
article and Abd- are words of their own and looked after by ``terms``.

>>> sorted(spellings("bourita"))
['boorita', 'booreta', 'bourita', ...]  # doctest: +SKIP
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
MOST = 96  # spellings of one word; a longer name keeps the families of its first sounds


def spellings(word: str) -> frozenset[str]:
    """The word in all the spellings of its family, itself among them; at most ``MOST``."""
    units = [match.group() for match in _UNIT.finditer(word)]
    choices: list[tuple[str, ...]] = []
    size = 1
    for n, unit in enumerate(units):
        choice = _choices(unit, last=n == len(units) - 1)
        size *= len(choice)
        choices.append(choice if size <= MOST else (unit,))
        size = size if size <= MOST else size // len(choice)
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
