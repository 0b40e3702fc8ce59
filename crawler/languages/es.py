"""Spanish: the endings of nouns and adjectives, on folded words."""

from __future__ import annotations

from collections.abc import Callable


def _plural(word: str) -> frozenset[str]:
    """acuerdo → acuerdos; marroquí → marroquíes; policial → policiales."""
    return frozenset({word, word + "s", word + "es"})


def _adjective(word: str) -> frozenset[str]:
    """bilateral, conjunto → conjunta conjuntos conjuntas; español → española."""
    feminine = word[:-1] + "a" if word.endswith("o") else word + "a"
    return _plural(word) | {feminine, feminine + "s"}


INFLECTIONS: dict[str, Callable[[str], frozenset[str]]] = {"adj": _adjective, "plural": _plural}
