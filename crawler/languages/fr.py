"""French: the endings of adjectives, on folded words (no accents, lower case)."""

from __future__ import annotations

from collections.abc import Callable


def _adjective(word: str) -> frozenset[str]:
    """marocain → marocain marocaine marocains marocaines; irakien → irakienne irakiennes too."""
    double = {word + word[-1] + "e", word + word[-1] + "es"} if word.endswith(("n", "l")) else set()
    return frozenset({word, word + "e", word + "s", word + "es"} | double)


INFLECTIONS: dict[str, Callable[[str], frozenset[str]]] = {"adj": _adjective}
