"""Who signs an article, as the page shows it: names behind "By", "Par", «بقلم» near the headline. Pure.

Asked only where a page's metadata names nobody. What does not look like names of people is nobody:

>>> named("Par Leïla Hamdani et Marc Tessier — 21 novembre 2026"), named("Par ailleurs, le conseil a voté")
(['Leïla Hamdani', 'Marc Tessier'], [])
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from crawler import calendars

LONGEST_LINE = 140  # characters: a byline with its date; what is longer is prose
MOST = 4  # authors; a list of more is a masthead

_CUE = re.compile(
    r"^\W*(?:(?:written |reported |reporting |words )?by\b|(?:propos recueillis |texte |écrit )?par\b|بقلم|(?:كتب|كتبت|كتبه|إعداد|اعداد|تحرير|الكاتب|المحرر)(?=\s*[:：/]))\s*[:：/]?\s*",
    re.IGNORECASE,
)
_MONTHS = "|".join(sorted((name for name in calendars.MONTHS if name.isascii() and len(name) > 2), key=len, reverse=True))
_REST = re.compile(
    rf"\s(?:{_MONTHS}|associated press|usa today|twitter|facebook)\b.*|"
    r"\s+[|·•—–/-]\s*|\s*[|·•]\s*|\s*\d|\s(?:le|on|à|publié|published|posted|updated|mis à jour|نشر|نشرت|تاريخ|بتاريخ|في|آخر|منذ|السبت|الأحد|الاثنين|الإثنين|الثلاثاء|الأربعاء|الخميس|الجمعة)\b.*",
    re.IGNORECASE | re.DOTALL,
)
_BETWEEN = re.compile(r"\s*[,،;&]\s*(?:and\s|et\s)?|\s(?:and|et|و)\s", re.IGNORECASE)
_PARTICLES = frozenset(("al", "el", "ben", "bin", "ibn", "ould", "de", "du", "des", "la", "le", "van", "von", "der", "da", "di", "abu", "abou"))
_NO_NAME = frozenset(("rédaction", "redaction", "staff", "editor", "editors", "admin", "author", "follow", "desk", "team", "weekly", "التحرير"))


def named(line: str) -> list[str]:
    """The people that a line signs for; none where it is no byline."""
    text = " ".join(line.split())
    cue = _CUE.match(text) if len(text) <= LONGEST_LINE else None
    return people(text[cue.end() :]) if cue else []


def people(text: str) -> list[str]:
    """The names in a piece of text that holds names and what stands behind them; none where one is none."""
    names = [name for name in _BETWEEN.split(_REST.split(text, maxsplit=1)[0].strip(" .:")) if name]
    return names if len(names) <= MOST and all(map(_is_name, names)) else []


def first(lines: Iterable[str]) -> list[str]:
    """The names of the first line that signs."""
    return next((found for line in lines if (found := named(line))), [])


def _is_name(text: str) -> bool:
    words = text.split()
    if not all(re.fullmatch(r"[^\W\d_][\w.'’-]*", word) for word in words) or _NO_NAME & {w.lower() for w in words}:
        return False
    if len(words) == 1:
        return text.isupper() and 2 <= len(text) <= 5  # an agency
    cased = [word for word in words if word.lower() not in _PARTICLES]
    return 2 <= len(words) <= 5 and len(text) <= 50 and all(not word[0].islower() for word in cased)
