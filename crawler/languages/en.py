"""English (and whoever makes plurals with s): the endings of nouns, on folded words."""

from __future__ import annotations

from collections.abc import Callable


def _plural(word: str) -> frozenset[str]:
    """agreement → agreements; ministry → ministries; the possessive's s is a word of its own."""
    if word.endswith("y"):
        return frozenset({word, word[:-1] + "ies"})
    return frozenset({word, word + "s"})


INFLECTIONS: dict[str, Callable[[str], frozenset[str]]] = {"plural": _plural}
