"""French: the endings of adjectives and nouns, on folded words (no accents, lower case)."""

from __future__ import annotations

from collections.abc import Callable


def _plural(word: str) -> frozenset[str]:
    """accord → accords; journal → journaux; réseau → réseaux; pays stays."""
    if word.endswith("al"):
        return frozenset({word, word[:-2] + "aux", word + "s"})
    if word.endswith(("eau", "eu")):
        return frozenset({word, word + "x"})
    return frozenset({word} if word.endswith(("s", "x", "z")) else {word, word + "s"})


def _feminine(word: str) -> frozenset[str]:
    """marocain → marocaine; irakien → irakienne; policier → policière; actif → active."""
    swaps = {"eux": "euse", "eur": "euse", "teur": "trice", "er": "ere", "if": "ive", "c": "que"}
    found = {word[: -len(end)] + new for end, new in swaps.items() if word.endswith(end)}
    doubled = {word + word[-1] + "e"} if word.endswith(("n", "l", "s", "t")) else set()
    return frozenset({word if word.endswith("e") else word + "e"} | found | doubled)


def _adjective(word: str) -> frozenset[str]:
    """All genders and numbers: bilatéral → bilatérale bilatérales bilatéraux."""
    return frozenset(form for one in {word, *_feminine(word)} for form in _plural(one))


def _verb(word: str) -> frozenset[str]:
    """Regular verbs by their infinitive, third persons and participles: signer → signe signent signé signera; saisir → saisissent.

    An é at the end is kept by the folding, an è within is not (signèrent is signerent).
    """
    stem, infinitive = word[:-2], word[-2:]
    soft = "e" if stem.endswith("g") else ""  # échangeait
    endings: dict[str, tuple[str, ...]] = {
        "er": ("er", "e", "ent", "era", "eront", "erait", "eraient", "erent", "é", "ée", "és", "ées",
               *(soft + end for end in ("a", "ait", "aient", "ant", "ons"))),
        "ir": ("ir", "it", "issent", "ira", "iront", "irait", "irent", "i", "ie", "is", "ies", "issant", "issait"),
        "re": ("re", "", "ent", "ra", "ront", "rait", "u", "ue", "us", "ues", "ait", "aient", "ant"),
    }  # fmt: skip
    return frozenset((word, *(stem + end for end in endings.get(infinitive, ()))))


INFLECTIONS: dict[str, Callable[[str], frozenset[str]]] = {
    "adj": _adjective,
    "plural": _plural,
    "verb": _verb,
}
