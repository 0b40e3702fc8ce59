"""Arabic: letters made equal, the article split off, one-letter proclitics tried, endings declared.

>>> analyse(letters("والعراقية"), hamza=False)[0]     # "and the Iraqi (f.)"
'عراقيه'
"""

from __future__ import annotations

import re
from collections.abc import Callable

# Letters that the press writes both ways. Hamza carriers ؤ ئ are kept: they tell words apart.
# Persian ی ک and Kurdish ە-less forms come from keyboards set to another language.
_LETTERS = str.maketrans(
    {
        "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ی": "ي", "ک": "ك",
        **{chr(0x0660 + n): str(n) for n in range(10)},
        **{chr(0x06F0 + n): str(n) for n in range(10)},
    }
)  # fmt: skip
_ARABIC = re.compile("[\u0600-\u06ff]")

# و ف (and), then ب ل ك (in, to, like), then the article; لل is ل + ال with its alef gone.
_ARTICLE = re.compile("^(?:[وف])?(?:[بكل]?ال|لل)(?=..)")
PROCLITICS = ("و", "ف", "ب", "ل", "ك", "س", "وب", "ول", "وك", "فب", "فل", "وس", "فس")
"""Written together with the next word but ambiguous (وزير is no و + زير): tried, never cut."""

HAMZA = "أإآ"  # an alef that carries one is never the article's

# Words that begin with ال as their own letters, so that no article is split off. Sorted.
_NOT_ARTICLE = frozenset({"الا", "الان", "التي", "الذي", "الذين", "الله", "اللتان", "اللذان", "الي", "اليه", "اليها"})  # fmt: skip


def is_arabic(text: str) -> bool:
    """Whether any letter is of the Arabic script."""
    return _ARABIC.search(text) is not None


def letters(text: str) -> str:
    """The word with letters of one sound or one keyboard made equal: الأمنيّة → الامنيه."""
    return text.translate(_LETTERS)


def analyse(word: str, *, hamza: bool) -> tuple[str, frozenset[str]]:
    """(the word without its article, every form it may be read as); letters made equal before.

    ``hamza``: it was written with one on its first letter, so that its ال is no article (ألمانيا).

    والعراق → (عراق, {عراق, والعراق}); وبغداد → (وبغداد, {وبغداد, بغداد}); وزير → (وزير, {وزير, زير}):
    the last reading is harmless, for nothing is ever cut, only also looked up.
    """
    article = None if hamza or word in _NOT_ARTICLE else _ARTICLE.match(word)
    if article is not None:
        return word[article.end() :], frozenset((word, word[article.end() :]))
    forms = {word}
    for proclitic in PROCLITICS:
        rest = word[len(proclitic) :]
        if word.startswith(proclitic) and len(rest) >= 3:
            forms.add(rest)
    return word, frozenset(forms)


def _nisba(word: str) -> frozenset[str]:
    """Relative adjectives: مغربي → مغربيه مغربيون مغربيين مغربيان مغربيات مغربيا …"""
    return frozenset(word + end for end in ("", "ه", "ا", "ون", "ين", "ان", "تان", "تين", "ات"))


def _noun(word: str) -> frozenset[str]:
    """Nouns with their endings and the pronouns of the press: تعاون → تعاونا تعاونه تعاونهما …

    A final ه (ة) becomes ت before an ending: مذكره → مذكرتي مذكرات مذكرتان.
    """
    pronouns = ("ه", "ها", "هم", "هما", "نا")
    if word.endswith("ه"):
        stem = word[:-1]
        ends = ("ه", "ات", "تان", "تين", "تي", "تا", *("ت" + p for p in pronouns))
        return frozenset(stem + end for end in ends)
    return frozenset(word + end for end in ("", "ا", "ان", "ين", "ون", "ات", "ي", "و", *pronouns))


INFLECTIONS: dict[str, Callable[[str], frozenset[str]]] = {"nisba": _nisba, "noun": _noun}
