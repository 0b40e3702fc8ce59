"""Keys under which a name of one script finds its spellings in the other. Pure.

A key is the word's consonants in classes: what one script tells apart and the other doesn't is one
class, and vowels are left out, for Arabic writes few of them. So a key is a hint, not a proof:
common words share keys with names, and whoever uses them weighs a key by how rare it is.

>>> name_keys("التميمي") & name_keys("Tamimi")
frozenset({'tmm'})
>>> name_keys("Bourita") & name_keys("بوريطة"), name_keys("Kinani") & name_keys("الكيناني")
(frozenset({'brt'}), frozenset({'knn'}))
"""

from __future__ import annotations

import re

from crawler.languages import ar, normalization
from crawler.text_cache import cached_by_text

MIN_CONSONANTS = 2
MAX_CHARACTERS = 40  # longer words are no names
# g is with k, for it is written with غ, ك, ق or ج, by country; kh is with h (خلوق is Haluk). The
# softer g and c of French before e and i are j and s.
_ARABIC = str.maketrans(
    {
        **dict.fromkeys("بپ", "b"),
        **dict.fromkeys("تطث", "t"),
        **dict.fromkeys("دذض", "d"),
        **dict.fromkeys("سص", "s"),
        **dict.fromkeys("زظژ", "z"),
        **dict.fromkeys("كقغگݣڭ", "k"),
        **dict.fromkeys("حخه", "h"),
        **dict.fromkeys("فڤ", "f"),
        **dict.fromkeys("جچ", "j"),
        **dict.fromkeys("اوي", "a"),
        **dict.fromkeys("عء", ""),
        "ش": "x",
        "ر": "r",
        "ل": "l",
        "م": "m",
        "ن": "n",
    }
)
_LATIN = re.compile(
    "tsch|t?sh|t?ch|sch|kh|gh|ph|th|dh|dj|qu|ck|[cg](?=[eiy])|mc(?=[a-z])|[aeiouwy]+|."
)
_SOUNDS = {
    **dict.fromkeys(("tsch", "tch", "sch", "ch", "sh", "tsh"), "x"),
    **dict.fromkeys(("gh", "qu", "ck", "c", "q", "g", "k"), "k"),
    **dict.fromkeys(("kh", "h"), "h"),
    **dict.fromkeys(("ph", "f", "v"), "f"),
    **dict.fromkeys(("th", "t"), "t"),
    **dict.fromkeys(("dh", "d"), "d"),
    **dict.fromkeys(("dj", "j"), "j"),
    **dict.fromkeys("bp", "b"),
    "x": "ks",
    "mc": "mk",
}
_SOFT = {"c": "s", "g": "j"}
_VOWEL = re.compile("[aeiouwy]")
_WITH_ARTICLE = re.compile("[وف]?[بكلس]?(?:ال|لل)")
_DOUBLED = re.compile(r"([^a])\1")
_ARTICLE_IN_LATIN = frozenset({"al", "el", "ad", "an", "ar", "as", "at", "az", "ul"})


@cached_by_text(maxsize=50_000, longest=MAX_CHARACTERS)
def name_keys(word: str) -> frozenset[str]:
    """The keys of one word as a text writes it; empty if it is too short, or has no letters.

    A word in Arabic letters has one for each reading, with and without its article and proclitics.
    A Latin word has one, or two where its first sound may be a consonant in Arabic (Ouazzani is
    الوزاني).
    """
    plain = normalization.normalize(word)
    if len(plain) != 1 or len(word) > MAX_CHARACTERS:
        return frozenset()
    if ar.is_arabic(plain[0]):
        readings = ar.analyse(plain[0])
        bare = {reading for reading in readings if not _WITH_ARTICLE.match(reading)} or readings
        found = {_skeleton(reading.replace("تش", "ش").translate(_ARABIC)) for reading in bare}
    else:
        found = _latin_keys(normalization.unaccented(plain[0]))
    return frozenset(key for key in found if len(key) >= MIN_CONSONANTS)


def is_latin_article(word: str) -> bool:
    """Whether the folded word is the Arabic article in Latin letters, written apart: Al-Tamimi."""
    return word in _ARTICLE_IN_LATIN


def _latin_keys(word: str) -> set[str]:
    if not word.isascii() or not word.isalpha():
        return set()
    sounds = "".join(map(_sound, _LATIN.finditer(word)))
    return {_skeleton(sounds)}


def _sound(found: re.Match[str]) -> str:
    text = found.group()
    if _VOWEL.match(text):
        return "a"
    if text in _SOFT and found.string[found.end() : found.end() + 1] in ("e", "i", "y"):
        return _SOFT[text]
    return _SOUNDS.get(text, text)


def _skeleton(sounds: str) -> str:
    """The consonants; a final h (ة) is left out, and what is doubled stands once."""
    once = _DOUBLED.sub(r"\1", sounds)
    return once.rstrip("ah").replace("a", "")
