"""Find authors in visible lines: names after "By", "Par", «بقلم» near the headline. Pure.

Used only if the page's metadata has no authors. Text that does not look like names is not one:

>>> parse_byline("Par Leïla Hamdani et Marc Tessier — 21 novembre 2026")
['Leïla Hamdani', 'Marc Tessier']
>>> parse_byline("Par ailleurs, le conseil a voté")
[]
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from crawler.dates.names import MONTHS, WEEKDAYS

MAX_BYLINE_CHARACTERS = 140  # characters: a byline with its date; what is longer is prose
MAX_AUTHORS = 4  # authors; a list of more is a masthead

_CUE = re.compile(
    (
        r"^\W*(?:(?:written |reported |reporting |words )?by\b|(?:propos recueillis |texte |"
        r"écrit )?par\b|بقلم|(?:كتب|كتبت|كتبه|إعداد|اعداد|تحرير|الكاتب|"
        r"المحرر)(?=\s*[:：/]))\s*[:：/]?\s*"
    ),
    re.IGNORECASE,
)
_MONTH_NAMES = "|".join(
    sorted((name for name in MONTHS if name.isascii() and len(name) > 2), key=len, reverse=True)
)
_WEEKDAYS = "|".join(sorted(name for name in WEEKDAYS if name.isascii() and len(name) > 4))
_JOB_TITLES = (
    r"(?:(?:senior|staff|chief|special|political|sports|foreign|washington|auto|national|"
    r"security)\s)+(?:editor|writer|columnist|contributor)\b|"
    r"(?:(?:senior|staff|chief|special|political|foreign|washington)\s)*(?:correspondent|"
    r"reporter|journaliste|correspondante?|grand reporter|envoyée? spéciale?)"
)
_AFTER_NAMES = re.compile(
    rf"\s(?:{_MONTH_NAMES}|{_WEEKDAYS}|{_JOB_TITLES}|associated press|usa today|twitter|"
    rf"facebook)\b.*|"
    r"\s+[|·•—–/-]\s*|\s*[|·•]\s*|\s*\d|\s(?:le|on|à|publié|published|posted|updated|mis à "
    r"jour|نشر|نشرت|تاريخ|بتاريخ|في|آخر|منذ|السبت|الأحد|الاثنين|الإثنين|الثلاثاء|الأربعاء|"
    r"الخميس|الجمعة)\b.*",
    re.IGNORECASE | re.DOTALL,
)
_BETWEEN_NAMES = re.compile(r"\s*[,،;&]\s*(?:and\s|et\s)?|\s(?:and|et|و)\s", re.IGNORECASE)
_PARTICLES = frozenset(
    """
    al el ben bin ibn ould de du des la le van von der da di abu abou
    """.split()
)
_NOT_NAMES = frozenset(
    """
    rédaction redaction staff editor editors admin author follow desk team weekly news webmaster
    administrator التحرير الإدارة المحرر
    """.split()
)
_JOB_WORDS = frozenset(
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
_BEFORE_JOB = re.compile(
    r"\s*[|·•/(]\s*|(?<=\w{3})\.\s+|\s+[–—-]\s+"
)  # before an outlet, a job, an address
_ACRONYM = re.compile(
    r"[A-Z]{2,5}\b(?!\s+[A-Z]{2})"
)  # AP, CNN, MD before or without other words; not of NAMES IN CAPITALS


def parse_byline(line: str) -> list[str]:
    """The people named in a byline; empty if the line is not a byline."""
    text = " ".join(line.split())
    cue = _CUE.match(text) if len(text) <= MAX_BYLINE_CHARACTERS else None
    return parse_names(text[cue.end() :]) if cue else []


def parse_names(text: str) -> list[str]:
    """The names at the beginning of a text; empty if any of them does not look like one."""
    pieces = [
        name
        for name in _BETWEEN_NAMES.split(_AFTER_NAMES.split(text, maxsplit=1)[0].strip(" .:"))
        if name
    ]
    names = [*pieces[:1], *(name for name in pieces[1:] if not _is_post(name))]
    return names if len(names) <= MAX_AUTHORS and all(map(_is_name, names)) else []


def parse_metadata_author(told: str) -> list[str]:
    """The people in an author field of metadata, without "By", job and outlet.

    A value without recognisable names is returned as it is, unless it is a placeholder ("admin").

    >>> parse_metadata_author("By GRETA BEACHAM, AP Sports Writer")
    ['GRETA BEACHAM']
    >>> parse_metadata_author("Agence du Port"), parse_metadata_author("admin")
    (['Agence du Port'], [])
    """
    text = " ".join(told.split())
    if text.casefold() in _NOT_NAMES:
        return []
    cue = _CUE.match(text)
    text = text[cue.end() :] if cue and len(cue[0]) < len(text) else text
    pieces = [
        piece
        for part in _BETWEEN_NAMES.split(_BEFORE_JOB.split(text, maxsplit=1)[0])
        if (piece := _AFTER_NAMES.split(part, maxsplit=1)[0].strip(" .:"))
    ]
    names = [piece for piece in pieces if _is_name(piece) and not _is_post(piece)]
    return names if names and names[0] == pieces[0] else [text]


def find_byline(lines: Iterable[str]) -> list[str]:
    """The names of the first line that is a byline; empty if none is."""
    return next((found for line in lines if (found := parse_byline(line))), [])


def _is_post(text: str) -> bool:
    """Whether a text after a name is a degree, a job or an outlet: "MD", "AP Sports", «صحافي
    متدرب».
    """
    return _ACRONYM.match(text) is not None or not _JOB_WORDS.isdisjoint(text.lower().split())


def _is_name(text: str) -> bool:
    words = text.split()
    if not all(re.fullmatch(r"[^\W\d_][\w.'’-]*", word) for word in words) or _NOT_NAMES & {
        w.lower() for w in words
    }:
        return False
    if len(words) == 1:
        return text.isupper() and 2 <= len(text) <= 5  # an agency
    cased = [word for word in words if word.lower() not in _PARTICLES]
    return 2 <= len(words) <= 5 and len(text) <= 50 and all(not word[0].islower() for word in cased)
