"""Who signs an article, as the page shows it: names behind "By", "Par", «بقلم» near the headline. Pure.

Asked only where a page's metadata names nobody. What does not look like names of people is nobody:

>>> named("Par Leïla Hamdani et Marc Tessier — 21 novembre 2026"), named("Par ailleurs, le conseil a voté")
(['Leïla Hamdani', 'Marc Tessier'], [])
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from crawler.dates.names import MONTHS, WEEKDAYS

LONGEST_LINE = 140  # characters: a byline with its date; what is longer is prose
MOST = 4  # authors; a list of more is a masthead

_CUE = re.compile(
    r"^\W*(?:(?:written |reported |reporting |words )?by\b|(?:propos recueillis |texte |écrit )?par\b|بقلم|(?:كتب|كتبت|كتبه|إعداد|اعداد|تحرير|الكاتب|المحرر)(?=\s*[:：/]))\s*[:：/]?\s*",
    re.IGNORECASE,
)
_MONTHS = "|".join(
    sorted((name for name in MONTHS if name.isascii() and len(name) > 2), key=len, reverse=True)
)
_WEEKDAYS = "|".join(sorted(name for name in WEEKDAYS if name.isascii() and len(name) > 4))
_POSTS = (
    r"(?:(?:senior|staff|chief|special|political|sports|foreign|washington|auto|national|security)\s)+(?:editor|writer|columnist|contributor)\b|"
    r"(?:(?:senior|staff|chief|special|political|foreign|washington)\s)*(?:correspondent|reporter|journaliste|correspondante?|grand reporter|envoyée? spéciale?)"
)
_REST = re.compile(
    rf"\s(?:{_MONTHS}|{_WEEKDAYS}|{_POSTS}|associated press|usa today|twitter|facebook)\b.*|"
    r"\s+[|·•—–/-]\s*|\s*[|·•]\s*|\s*\d|\s(?:le|on|à|publié|published|posted|updated|mis à jour|نشر|نشرت|تاريخ|بتاريخ|في|آخر|منذ|السبت|الأحد|الاثنين|الإثنين|الثلاثاء|الأربعاء|الخميس|الجمعة)\b.*",
    re.IGNORECASE | re.DOTALL,
)
_BETWEEN = re.compile(r"\s*[,،;&]\s*(?:and\s|et\s)?|\s(?:and|et|و)\s", re.IGNORECASE)
_PARTICLES = frozenset(
    """
    al el ben bin ibn ould de du des la le van von der da di abu abou
    """.split()
)
_NO_NAME = frozenset(
    """
    rédaction redaction staff editor editors admin author follow desk team weekly news webmaster
    administrator التحرير الإدارة المحرر
    """.split()
)
_JOB = frozenset(
    (
        "press",
        "staff",
        "correspondent",
        "reporter",
        "journalist",
        "journaliste",
        "صحافي",
        "صحافية",
        "صحفي",
        "صحفية",
        "مراسل",
        "مراسلة",
        "متدرب",
        "وكالات",
    )
)
_CUT = re.compile(
    r"\s*[|·•/(]\s*|(?<=\w{3})\.\s+|\s+[–—-]\s+"
)  # before an outlet, a job, an address
_ACRONYM = re.compile(
    r"[A-Z]{2,5}\b(?!\s+[A-Z]{2})"
)  # AP, CNN, MD before or without other words; not of NAMES IN CAPITALS


def author_in_line(line: str) -> list[str]:
    """The people that a line signs for; none where it is no byline."""
    text = " ".join(line.split())
    cue = _CUE.match(text) if len(text) <= LONGEST_LINE else None
    return people(text[cue.end() :]) if cue else []


def people(text: str) -> list[str]:
    """The names in a piece of text that holds names and what stands behind them; none where one is none."""
    pieces = [
        name for name in _BETWEEN.split(_REST.split(text, maxsplit=1)[0].strip(" .:")) if name
    ]
    names = [*pieces[:1], *(name for name in pieces[1:] if not _is_post(name))]
    return names if len(names) <= MOST and all(map(_is_name, names)) else []


def of_metadata(told: str) -> list[str]:
    """The people that a page tells machines have written it, without "By", job and outlet; what holds
    no name that is known for one stays as it was told, unless it is nobody's ("admin").

    >>> of_metadata("By GRETA BEACHAM, AP Sports Writer"), of_metadata("Agence du Port"), of_metadata("admin")
    (['GRETA BEACHAM'], ['Agence du Port'], [])
    """
    text = " ".join(told.split())
    if text.casefold() in _NO_NAME:
        return []
    cue = _CUE.match(text)
    text = text[cue.end() :] if cue and len(cue[0]) < len(text) else text
    pieces = [
        piece
        for part in _BETWEEN.split(_CUT.split(text, maxsplit=1)[0])
        if (piece := _REST.split(part, maxsplit=1)[0].strip(" .:"))
    ]
    names = [piece for piece in pieces if _is_name(piece) and not _is_post(piece)]
    return names if names and names[0] == pieces[0] else [text]


def first(lines: Iterable[str]) -> list[str]:
    """The names of the first line that signs."""
    return next((found for line in lines if (found := author_in_line(line))), [])


def _is_post(text: str) -> bool:
    """Whether what follows a name is a degree, a job or an outlet: "MD", "AP Sports", «صحافي متدرب»."""
    return _ACRONYM.match(text) is not None or not _JOB.isdisjoint(text.lower().split())


def _is_name(text: str) -> bool:
    words = text.split()
    if not all(re.fullmatch(r"[^\W\d_][\w.'’-]*", word) for word in words) or _NO_NAME & {
        w.lower() for w in words
    }:
        return False
    if len(words) == 1:
        return text.isupper() and 2 <= len(text) <= 5  # an agency
    cased = [word for word in words if word.lower() not in _PARTICLES]
    return 2 <= len(words) <= 5 and len(text) <= 50 and all(not word[0].islower() for word in cased)
