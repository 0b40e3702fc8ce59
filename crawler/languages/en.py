"""English: the endings of nouns and verbs, on folded words."""

from __future__ import annotations

from collections.abc import Callable


def _plural(word: str) -> frozenset[str]:
    """agreement → agreements; ministry → ministries; the possessive's s is a word of its own."""
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return frozenset({word, word[:-1] + "ies"})
    end = "es" if word.endswith(("s", "x", "z", "ch", "sh")) else "s"
    return frozenset({word, word + end})


def _verb(word: str) -> frozenset[str]:
    """sign → signs signed signing; agree → agreed; exchange → exchanging; carry → carried."""
    stem = word[:-1] if word.endswith("e") and not word.endswith("ee") else word
    past = word[:-1] + "ied" if word.endswith("y") and word[-2:-1] not in "aeiou" else stem + "ed"
    past = word + "d" if word.endswith("ee") else past
    return _plural(word) | {past, stem + "ing"}


INFLECTIONS: dict[str, Callable[[str], frozenset[str]]] = {"plural": _plural, "verb": _verb}
