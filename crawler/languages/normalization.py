"""Marks that no reader sees and letters that look like others: what evasion is made of (M32).

>>> plain("Mаroc")       # the second letter is Cyrillic
['maroc']
>>> plain("الم\u200cغـــرب")    # a zero-width non-joiner and three tatweels
['المغرب']

One accent parts words that are otherwise the same, and stays: the acute of a last syllable.

>>> plain("Arrêté"), plain("arrête")    # "arrested", "arrests"
(['arreté'], ['arrete'])
"""

from __future__ import annotations

import re
import unicodedata

from crawler.languages import ar

# Dropped wherever they stand in a word: harakat, Quranic marks, superscript alef, tatweel, accents
# on their own, zero-width and bidi controls, tags, variation selectors, BOM, soft hyphen, the
# letters that have no shape (Hangul fillers). All are used, by accident or on purpose, inside words.
INVISIBLE = (
    "\u00ad\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0600-\u0605\u0610-\u061a\u061c\u0640\u064b-\u065f"
    "\u0670\u06d6-\u06dd\u06df-\u06e8\u06ea-\u06ed\u070f\u08ca-\u0902\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u200b-\u200f\u202a-\u202e\u2060-\u206f\u20d0-\u20f0\u3164\ufe00-\ufe0f"
    "\ufe20-\ufe2f\ufeff\uffa0\ufff9-\ufffb\U000e0001-\U000e007f\U000e0100-\U000e01ef"
)
DROP = re.compile(f"[{INVISIBLE}]")
# A participle's last syllable: condamné condamnée condamnés condamnées are never condamne, condamnes.
_LAST_ACUTE = re.compile("é(?:e?s?)$")
ACCENTED = re.compile("[\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0300-\u036f\u1e00-\u1eff]")
"""Finds a Latin letter with an accent, or an accent: whoever wrote this text writes them."""
PARTING = "ʻʼ"
"""Letters to Unicode, apostrophes to whoever types them: lʼÉtat is two words."""

_PIECE = re.compile(rf"[^\W_{PARTING}]+")
_LATIN = re.compile("[a-z]")

# Letters of Latin alphabets that NFD does not take apart, small capitals, and the half rings with
# which scholars write ʿayn and hamza.
_SPELLED_OUT = str.maketrans(
    {"œ": "oe", "æ": "ae", "ı": "i", "ł": "l", "ø": "o", "đ": "d", "ß": "ss", "ʿ": "", "ʾ": ""}
    | dict(zip("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnoprstuvwyz", strict=True))
)
# Cyrillic, Greek and Armenian letters that look like Latin ones; folded only in a word that has Latin
# letters or no others at all, so that Россия stays Russian. Case is gone before, hence м for М and η for Η.
_LOOK_ALIKES = str.maketrans(
    "аеорсухіјѕһԁԛԝкмтвнгᴦӏүѵ" "αοειυνρκτχβημγωζ" "օոսցհ" "ɑɡɩ",
    "aeopcyxijshdqwkmtbhrrlyv" "aoeiuvpktxbhmywz" "onugh" "agi",
)  # fmt: skip
_ALIKE = re.compile(f"[{''.join(map(chr, _LOOK_ALIKES))}]+")


def plain(word: str) -> list[str]:
    """The word as one would type it to be found: shapes, case, accents and hidden marks gone.

    Arabic letters stay as they are. A ligature of several words gives them all; a word of hidden
    marks alone gives none.
    """
    before, text = None, word
    while text != before:  # nearly always once; the law is that folding twice changes nothing
        before, text = text, _once(text)
    pieces = _PIECE.findall(text)
    return pieces if len(pieces) < 2 else [word for piece in pieces for word in plain(piece)]


def _once(word: str) -> str:
    # UAX #15: NFKC first, so that presentation forms and full-width letters are the real ones.
    text = DROP.sub("", unicodedata.normalize("NFKC", word)).translate(ar.DIGITS)
    if ar.is_arabic(text):
        return ar.foreign(text) or text
    spelled = text.casefold().translate(_SPELLED_OUT)
    if spelled.isascii():
        return spelled
    if "Ν" in text and _is_disguised(spelled):
        spelled = (
            text.replace("Ν", "n").casefold().translate(_SPELLED_OUT)
        )  # a capital nu is an n, a small one a v
    apart = unicodedata.normalize("NFD", spelled)
    text = unicodedata.normalize(
        "NFC", "".join(c for c in apart if unicodedata.category(c) != "Mn")
    )
    if not _is_disguised(text):
        return text
    text = text.translate(_LOOK_ALIKES)
    last = _LAST_ACUTE.search(unicodedata.normalize("NFC", spelled.translate(_LOOK_ALIKES)))
    return text[: -len(last[0])] + last[0] if last else text


def _is_disguised(word: str) -> bool:
    """Whether letters that look Latin are meant so: beside Latin ones, or where there are no others."""
    return _LATIN.search(word) is not None or _ALIKE.fullmatch(word) is not None


def unaccented(word: str) -> str:
    """The plain word without the accent that parts words: the key of an index."""
    return word.replace("é", "e")


def twins(word: str) -> frozenset[str]:
    """The plain words that this one may be where accents are not written: itself, and with a last é."""
    found = {word}
    for end, *others in (("ees", "ées", "eés"), ("ee", "ée", "eé"), ("es", "és"), ("e", "é")):
        if word.endswith(end):
            found.update(word[: -len(end)] + other for other in others)
            break
    return frozenset(found)
