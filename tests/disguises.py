"""Ways in which one writes a word so that a plain search misses it, and readers don't notice
(M32, P4).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping

_LETTER = "[\u0621-\u063a\u0641-\u064a]"
_JOINING = "[بتثجحخسشصضطظعغفقكلمنهيئ]"
_PRESENTED = {  # letter → its isolated presentation form, from Unicode's own table
    unicodedata.normalize("NFKC", chr(code)): chr(code)
    for code in range(0xFE80, 0xFEFD)
    if "ISOLATED FORM" in unicodedata.name(chr(code), "")
    and len(unicodedata.normalize("NFKC", chr(code))) == 1
}
_HARAKAT = "\u064e\u064f\u0650\u0652\u0651"


def tatweel(text: str) -> str:
    """A stroke drawn out after each letter that joins the next."""
    return re.sub(f"({_JOINING})(?={_LETTER})", "\\1\u0640", text)


def harakat(text: str) -> str:
    """A vowel sign on every letter."""
    return re.sub(_LETTER, lambda m: m[0] + _HARAKAT[ord(m[0]) % len(_HARAKAT)], text)


def zero_width(text: str) -> str:
    """A mark without width within every word, Arabic or Latin."""
    return re.sub(r"([^\W\d_])(?=[^\W\d_])", "\\1\u200d", text)


def presentation(text: str) -> str:
    """Letters in their presentation forms, lam-alef and the name of God as one ligature."""
    text = text.replace("الله", "ﷲ").replace("لا", "ﻻ").replace("لأ", "ﻷ").replace("لإ", "ﻹ")
    return "".join(_PRESENTED.get(char, char) for char in text)


def persian(text: str) -> str:
    """Typed on a Persian or Kurdish keyboard."""
    return text.translate(str.maketrans("يكىه", "یکیھ"))


def hamzaless(text: str) -> str:
    """Without any hamza, as hurried hands write."""
    return text.translate(str.maketrans("أإآؤئ", "اااوي")).replace("ء", "")


def look_alikes(text: str) -> str:
    """Latin words with Cyrillic letters in them."""
    return re.sub(
        r"(?<=[A-Za-z])[aeopc]|[aeopc](?=[a-z])", lambda m: "аеорс"["aeopc".index(m[0])], text
    )


def soft_hyphens(text: str) -> str:
    """A hyphen that is seen only at a line's end, within every word."""
    return re.sub(r"([^\W\d_]{2})(?=[^\W\d_]{2})", "\\1\u00ad", text)


def full_width(text: str) -> str:
    """Latin letters as wide as Chinese ones."""
    return "".join(chr(ord(c) + 0xFEE0) if c.isascii() and c.isalpha() else c for c in text)


def capitals(text: str) -> str:
    """Latin words in capitals without accents, as in many a headline."""
    return accentless(text).upper()


def typography(text: str) -> str:
    """Spaces, apostrophes and hyphens that are none of the keyboard's."""
    text = re.sub("['’]", lambda m: "ʼ´`′‛＇’"[m.start() % 7], text)
    return re.sub(
        "-",
        lambda m: "‐‑–−"[m.start() % 4],
        re.sub(" ", lambda m: "\u00a0\u202f\u2009 "[m.start() % 4], text),
    )


def greek(text: str) -> str:
    """Latin words with Greek letters, Armenian ones and small capitals in them."""
    return text.translate(str.maketrans("ABEHIKMNOPTXYZovuinhrt", "ΑΒΕΗΙΚΜΝΟΡΤΧΥΖονսιոհʀᴛ"))


def embedded(text: str) -> str:
    """Each word in an embedding or an isolate of its own, as some editors write mixed lines."""
    return " ".join(
        f"\u202b{w}\u202c" if n % 2 else f"\u2067{w}\u2069" for n, w in enumerate(text.split(" "))
    )


def accentless(text: str) -> str:
    """Latin words typed on a keyboard without accents."""
    return "".join(_bare(char) if "\u00c0" <= char <= "\u024f" else char for char in text)


def _bare(char: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", char) if not unicodedata.combining(c))


def decomposed(text: str) -> str:
    """Every accent a character of its own, as some systems write files."""
    return unicodedata.normalize("NFD", text)


DISGUISES: Mapping[str, Callable[[str], str]] = {
    "accentless": accentless,
    "capitals": capitals,
    "decomposed": decomposed,
    "embedded": embedded,
    "full-width": full_width,
    "greek": greek,
    "hamzaless": hamzaless,
    "harakat": harakat,
    "look-alikes": look_alikes,
    "persian": persian,
    "presentation": presentation,
    "soft-hyphens": soft_hyphens,
    "tatweel": tatweel,
    "typography": typography,
    "zero-width": zero_width,
}
