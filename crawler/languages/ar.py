"""Arabic: letters made equal, the article split off, one-letter proclitics tried, endings declared.

>>> sorted(analyse("والعراقية"))     # "and the Iraqi (f.)"
['العراقيه', 'عراقيه', 'والعراقيه']
"""

from __future__ import annotations

import re
from collections.abc import Callable

DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
# Letters that the press writes both ways, and letters of keyboards set to Persian, Kurdish or Urdu.
# ؤ and ئ become their carriers, for hamza is the first thing that hurried hands leave out; the
# hamza on the line stays (ماء is not ما) and is left out on the side of the terms: ``unhamzated``.
_LETTERS = str.maketrans(
    {
        **{chr(code): chr(digit) for code, digit in DIGITS.items()}, **dict.fromkeys("أإآٱٲٳٵ", "ا"), **dict.fromkeys("ىیئێېےۍؠ", "ي"), **dict.fromkeys("ؤۆۇۋۊ", "و"),
        **dict.fromkeys("ةەھہۀۂۃ", "ه"), **dict.fromkeys("کڪګ", "ك"), **dict.fromkeys("ڵڶ", "ل"),
        **dict.fromkeys("ڕړ", "ر"),
    }
)  # fmt: skip
_ARABIC = re.compile("[\u0600-\u06ff]")

# و ف (and), then ب ل ك (in, to, like), then the article; لل is ل + ال with its alef gone.
_ARTICLE = re.compile("^(?:[وف])?(?:[بكل]?ال|لل)(?=..)")
PROCLITICS = ("و", "ف", "ب", "ل", "ك", "س", "وب", "ول", "وك", "فب", "فل", "وس", "فس")
"""Written together with the next word but ambiguous (وزير is no و + زير): tried, never cut."""

PREFIXES = (
    *PROCLITICS,
    *(head + article for head in ("", "و", "ف") for article in ("ال", "بال", "كال", "لال", "لل")),
)
"""All that ``analyse`` tries without: the proclitics, and the article with what is written onto it."""

_BEFORE_FOREIGN = re.compile(
    rf"(?:{'|'.join(sorted(PREFIXES, key=len, reverse=True))})(?=[^\W\d_])"
)


def foreign(text: str) -> str:
    """The foreign word that an article or a proclitic is written onto, as in الـNATO; "" for any other."""
    prefix = _BEFORE_FOREIGN.match(letters(text))
    rest = text[prefix.end() :] if prefix else ""
    return rest if rest and not is_arabic(rest) and is_mixed(rest) else ""


HAMZA = "أإآ"  # an alef that carries one is never the article's

# Words that begin with ال as their own letters, so that no article is split off. Sorted.
_NOT_ARTICLE = frozenset({"الا", "الان", "التي", "الذي", "الذين", "الله", "اللتان", "اللذان", "الي", "اليه", "اليها"})  # fmt: skip


def is_arabic(text: str) -> bool:
    """Whether any letter is of the Arabic script."""
    return _ARABIC.search(text) is not None


_FOREIGN = re.compile(r"[^\W\d_\u0600-\u06ff\u0750-\u077f]")


def is_mixed(text: str) -> bool:
    """Whether a letter is of another script."""
    return _FOREIGN.search(text) is not None


def letters(text: str) -> str:
    """The word with letters of one sound or one keyboard made equal, one for one: الأمنيّة → الامنيه."""
    return text.translate(_LETTERS)


def _without_article(word: str) -> str | None:
    if word in _NOT_ARTICLE or (word[0] in "وف" and word[1:] in _NOT_ARTICLE):
        return None
    article = _ARTICLE.match(word)
    return word[article.end() :] if article else None


def key(word: str) -> str:
    """The word (of equal letters) with all that may be an article taken off: one key for an index.

    Coarser than ``analyse``: ألمانيا and مانيا share one, and who asks an index looks again.
    """
    while (rest := _without_article(word)) is not None:
        word = rest
    return word


def readings(plain: str) -> frozenset[str]:
    """How a term's word may stand in a text: with and without its article, never less a proclitic."""
    word = letters(plain)
    rest = _without_article(word)
    if rest is None or plain[len(word) - len(rest) - 2] in HAMZA:
        return frozenset((word,))
    return frozenset((word, rest))


def analyse(plain: str) -> frozenset[str]:
    """Every form a text's word may be read as.

    والعراق → {والعراق, العراق, عراق}; وبغداد → {وبغداد, بغداد}; وزير → {وزير, زير}: the last
    reading is harmless, for nothing is ever cut, only also looked up.
    """
    word = letters(plain)
    forms = set(readings(plain))
    for proclitic in PROCLITICS:
        rest = word[len(proclitic) :]
        if len(rest) >= 3 and word.startswith(proclitic):
            forms.add(rest)
    return frozenset(forms)


def unhamzated(word: str) -> str:
    """The word without its hamza on the line, if it is long enough to stay itself: وزراء → وزرا."""
    return word.replace("ء", "") if len(word) > 3 else word


def _nisba(word: str) -> frozenset[str]:
    """Relative adjectives: مغربي → مغربيه مغربيون مغربيين مغربيان مغربيات مغربيا …"""
    return frozenset(word + end for end in ("", "ه", "ا", "ون", "ين", "ان", "تان", "تين", "ات"))


def _noun(word: str) -> frozenset[str]:
    """Nouns with their endings and the pronouns of the press: تعاون → تعاونا تعاونه تعاونهما …

    A final ه (ة) becomes ت before an ending: مذكره → مذكرتي مذكرات مذكرتان.
    """
    pronouns = ("ه", "ها", "هم", "هما", "نا", "ي", "ك", "كم")
    if word.endswith("ه"):
        stem = word[:-1]
        ends = (
            "ه",
            "ات",
            "تان",
            "تين",
            "تي",
            "تا",
            *("ت" + p for p in pronouns),
            *("ات" + p for p in pronouns),
        )
        return frozenset(stem + end for end in ends)
    ends = (
        "",
        "ا",
        "ان",
        "ين",
        "ون",
        "ات",
        "و",
        *pronouns,
        "اه",
        "اها",
        "يه",
        "يها",
        "يهم",
        "يهما",
        "وها",
    )
    return frozenset(word + end for end in ends)


def _verb(word: str) -> frozenset[str]:
    """Verbs of the third person, also with their object: سلم → سلمت سلما سلموا سلمه سلمتهم; يوقع → توقع يوقعان يوقعها."""
    objects = ("ه", "ها", "هم", "هما", "هن", "نا")
    if word.startswith("ي"):
        ends = (
            "",
            "ان",
            "ون",
            "ا",
            "وا",
            *objects,
            *("ون" + o for o in objects),
            *("و" + o for o in objects),
        )
        return frozenset(head + end for head in (word, "ت" + word[1:]) for end in ends)
    ends = ("", "ت", "ا", "تا", "وا", *(head + o for head in ("", "ت", "و") for o in objects))
    return frozenset(word + end for end in ends)


INFLECTIONS: dict[str, Callable[[str], frozenset[str]]] = {
    "nisba": _nisba,
    "noun": _noun,
    "verb": _verb,
}
