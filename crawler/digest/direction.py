"""Text of either direction in one mail: isolated in plain text, measured for HTML. Pure."""

from __future__ import annotations

import unicodedata

from crawler.model import Direction

FSI, PDI = "\u2068", "\u2069"  # first strong isolate and its end (UAX #9)
_CONTROLS = ("Cc", "Zl", "Zp")  # become a space; other invisible characters (Cf) are dropped
_STRONG: dict[str, Direction] = {"L": "ltr", "R": "rtl", "AL": "rtl"}


def one_line(text: str) -> str:
    """The text fit for a header: no line breaks, controls or invisible marks, so that a hostile
    headline cannot break a mail or turn the text around it."""
    kept = (" " if unicodedata.category(c) in _CONTROLS else c for c in text)
    return " ".join("".join(c for c in kept if unicodedata.category(c) != "Cf").split())


def isolate(text: str) -> str:
    """The text on one line, isolated from the direction of what stands around it."""
    return f"{FSI}{one_line(text)}{PDI}"


def of_text(text: str, otherwise: Direction) -> Direction:
    """The direction of the text's first letter; ``otherwise`` if it has none. Computed here, since
    mail clients ignore ``<bdi>`` and ``dir="auto"``."""
    found = (_STRONG.get(unicodedata.bidirectional(c)) for c in text)
    return next((direction for direction in found if direction), otherwise)
