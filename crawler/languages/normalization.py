r"""Unicode normalization of a word: invisible characters, accents, letters that look like others.

These are also the means of evading a search (M32).

>>> normalize("Mаroc")       # the second letter is Cyrillic
['maroc']
>>> normalize("الم\u200cغـــرب")    # a zero-width non-joiner and three tatweels
['المغرب']

One accent distinguishes words and is kept: the acute of a last syllable.

>>> normalize("Arrêté"), normalize("arrête")    # "arrested", "arrests"
(['arreté'], ['arrete'])
"""

from __future__ import annotations

import re
import unicodedata

from crawler.languages import ar

# Dropped wherever they stand in a word: harakat, Quranic marks, superscript alef, tatweel, accents
# on their own, zero-width and bidi controls, tags, variation selectors, BOM, soft hyphen, the
# letters that have no shape (Hangul fillers). All are used, by accident or on purpose, inside
# words.
INVISIBLE = (
    "\u00ad\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0600-\u0605\u0610-\u061a\u061c\u0640"
    "\u064b-\u065f\u0670\u06d6-\u06dd\u06df-\u06e8\u06ea-\u06ed\u070f\u08ca-\u0902\u115f\u1160"
    "\u17b4\u17b5\u180b-\u180f\u1ab0-\u1aff\u1dc0-\u1dff\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u20d0-\u20f0\u3164\ufe00-\ufe0f\ufe20-\ufe2f\ufeff\uffa0\ufff9-\ufffb"
    "\U000e0001-\U000e007f\U000e0100-\U000e01ef"
)
INVISIBLE_MARK = re.compile(f"[{INVISIBLE}]")
# A participle's last syllable: condamné condamnée condamnés condamnées are never condamne,
# condamnes.
_LAST_ACUTE = re.compile("é(?:e?s?)$")
ACCENTED_LETTER = re.compile("[\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0300-\u036f\u1e00-\u1eff]")
"""Matches a Latin letter with an accent, or a combining accent: this text writes its accents."""
APOSTROPHE_LETTERS = "ʻʼ"
"""Letters in Unicode, but typed as apostrophes: lʼÉtat is two words."""

_PIECE = re.compile(rf"[^\W_{APOSTROPHE_LETTERS}]+")
_LATIN = re.compile("[a-z]")
MAX_WORD_CHARACTERS = 200  # of a word that are read; the longest real ones have under 60

# Letters of Latin alphabets that NFD does not take apart, small capitals, and the half rings with
# which scholars write ʿayn and hamza.
_SPELLED_OUT = str.maketrans(
    {"œ": "oe", "æ": "ae", "ı": "i", "ł": "l", "ø": "o", "đ": "d", "ß": "ss", "ʿ": "", "ʾ": ""}
    | dict(zip("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnoprstuvwyz", strict=True))
)
# Cyrillic, Greek and Armenian letters that look like Latin ones; folded only in a word that has
# Latin letters or no others at all, so that Россия stays Russian. Case is gone before, hence м for
# М and η for Η.
_LOOK_ALIKES = str.maketrans(
    "аеорсухіјѕһԁԛԝкмтвнгᴦӏүѵαοειυνρκτχβημγωζօոսցհɑɡɩ",
    "aeopcyxijshdqwkmtbhrrlyvaoeiuvpktxbhmywzonughagi",
)
_ALIKE = re.compile(f"[{''.join(map(chr, _LOOK_ALIKES))}]+")


def normalize(word: str) -> list[str]:
    """Return the word as one would type it in a search: no case, no invisible characters, few
    accents.

    Arabic letters stay as they are. A ligature of several words gives several; a word of invisible
    characters gives none.
    """
    before, text = None, word[:MAX_WORD_CHARACTERS]
    while text != before:  # nearly always once; the law is that folding twice changes nothing
        before, text = text, _normalize_once(text)
    pieces = _PIECE.findall(text)
    return pieces if len(pieces) < 2 else [word for piece in pieces for word in normalize(piece)]


def _normalize_once(word: str) -> str:
    # UAX #15: NFKC first, so that presentation forms and full-width letters are the real ones.
    text = INVISIBLE_MARK.sub("", unicodedata.normalize("NFKC", word)).translate(ar.DIGITS)
    if ar.is_arabic(text):
        return ar.foreign_part(text) or text.casefold()
    spelled = text.casefold().translate(_SPELLED_OUT)
    if spelled.isascii():
        return spelled
    if "Ν" in text and _is_disguised(spelled):
        spelled = (
            text.replace("Ν", "n").casefold().translate(_SPELLED_OUT)
        )  # a capital nu looks like an n, a small one like a v
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
    """Whether look-alike letters are meant as Latin: beside Latin letters, or if there are no
    others.
    """
    return _LATIN.search(word) is not None or _ALIKE.fullmatch(word) is not None


def unaccented(word: str) -> str:
    """The plain word without its acute: its key in indexes."""
    return word.replace("é", "e")


# (how an unaccented spelling ends, what the accented ones end with), the longest first
_ACUTE_ENDS = (("ees", ("ées", "eés")), ("ee", ("ée", "eé")), ("es", ("és",)), ("e", ("é",)))


def acute_variants(word: str) -> frozenset[str]:
    """The plain words that an unaccented spelling may stand for: itself, and with é in its last
    syllable.
    """
    found = {word}
    for end, others in _ACUTE_ENDS:
        if word.endswith(end):
            found.update(word[: -len(end)] + other for other in others)
            break
    return frozenset(found)


def unacute_variants(word: str) -> frozenset[str]:
    """The plain words of which this one may be an acute variant, itself apart; a superset."""
    return frozenset(
        word[: -len(other)] + end
        for end, others in _ACUTE_ENDS
        for other in others
        if word.endswith(other)
    )


def acute_beginnings(text: str) -> tuple[str, ...]:
    """The beginning of a plain word, and the same with any one e as é, the one that it may keep.

    (A word of two scripts keeps all of them, and is found by what stands before the second.)
    """
    plain = unaccented(text)
    return (plain, *(f"{plain[:n]}é{plain[n + 1 :]}" for n, one in enumerate(plain) if one == "e"))
