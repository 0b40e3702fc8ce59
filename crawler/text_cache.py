"""Keeps what a function answers about short texts, for the next time. Pure.

A cache that bounds only how many answers it keeps bounds no memory: pages may have a thousand
addresses of a megabyte each, and a worker would hold them until others come.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

_T = TypeVar("_T")


def cached_by_text(
    *, maxsize: int, longest: int
) -> Callable[[Callable[[str], _T]], Callable[[str], _T]]:
    """Decorates a function of one text: the ``maxsize`` latest answers are kept, but none about a
    text of more than ``longest`` characters."""

    def decorate(answer: Callable[[str], _T]) -> Callable[[str], _T]:
        kept = lru_cache(maxsize)(answer)

        @wraps(answer)
        def ask(text: str) -> _T:
            return kept(text) if len(text) <= longest else answer(text)

        return ask

    return decorate
