"""Consecutive article numbers in addresses as proof of articles that were missed. Pure.

::

    before  …/story/4101  …/story/4102  …/story/4103
    window                                            …/story/4198  …/story/4199
    between                                     94 numbers that were never seen

Many outlets number drafts, pictures and sections along; their numbers have holes in every window,
and prove nothing. Numbers count articles only where each one shown follows the one before it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

MIN_NAMES = 8  # on either side of a gap: fewer may follow each other by chance
# −ln(0.001): where n steps had no hole, at most 7/n of all steps have one, 999 times in 1000
HOLE_DOUBT = 7.0

_WHERE = re.compile(r"^[a-z]+://[^/]*")  # the digits of a host number nothing
_NUMBER = re.compile(r"[0-9]{1,15}")


def between(before: Sequence[str], window: Sequence[str], others: Sequence[str] = ()) -> int:
    """How many numbers were given out after the newest of ``before`` and ahead of ``window``, less
    what may be holes that the windows do not show, and less those of ``others``, seen since, that
    may be among them; 0 where nothing is proven.

    All are addresses or ids. A look can show that no number was left out among the ones it holds,
    never that none is among those it does not; hence ``HOLE_DOUBT``.
    """
    for place in (0, -1):  # /4101-the-title, /2026/11/the-title-4101
        old, new = _run(before, place), _run(window, place)
        if old is not None and new is not None and new[0] > old[1]:
            steps = len(before) + len(window) - 2
            given = math.floor((new[0] - old[1] - 1) * max(1 - HOLE_DOUBT / steps, 0.0))
            return max(
                given - sum(_may_be_inside(name, place, old[1], new[0]) for name in others), 0
            )
    return 0


def _may_be_inside(name: str, place: int, low: int, high: int) -> bool:
    """Whether a name may have a number between these: one without any number may."""
    digits = _numbers(name)
    return not digits or low < digits[place] < high


def _numbers(name: str) -> list[int]:
    return [int(digits) for digits in _NUMBER.findall(_WHERE.sub("", name))]


def _run(names: Sequence[str], place: int) -> tuple[int, int] | None:
    """The first and last of numbers that follow each other without a hole, each once; else None."""
    found = [_numbers(name) for name in names]
    if len(names) < MIN_NAMES or not all(found):
        return None
    numbers = {digits[place] for digits in found}
    low, high = min(numbers), max(numbers)
    return (low, high) if len(numbers) == len(names) == high - low + 1 else None
