"""Find the date line among a page's visible lines: near the headline, short, about publishing.
Pure.

A year in prose is never a date (P9): only a line with little else than a date is accepted, or one
that begins with words such as "published".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from crawler import dates
from crawler.dates.names import normalize_date_text

MAX_LINES_BELOW, MAX_LINES_ABOVE = (
    10,
    3,
)  # lines looked at below and above the headline; above stand mastheads
MAX_UPDATE_AGE = timedelta(
    days=3
)  # what was updated just now was published about then; else nobody knows
_UPDATE_RANK = 3
MAX_LINE_WORDS = 14  # a line of more is prose, unless it begins with a cue
MAX_BARE_DATE_WORDS = 7  # words of a date alone: "jeudi 14 mai 2020 à 17h55 GMT"
_PUBLISHED = re.compile(
    r"^\W*(?:تاريخ النشر|نشر|نشرت|اخر نشر|كتب|اضيف|بتاريخ|التاريخ|تم النشر|publie|poste|"
    r"mis en ligne|publication|redige|ecrit|"
    r"published|posted|first published|date|publicado)(?!\w)"
)
_UPDATED = re.compile(
    r"\W*(?:اخر تحديث|تم التحديث|تحديث|حدث|عدل|mis a jour|mise a jour|maj|modifie|"
    r"actualise|last updated|updated|last modified|modified|actualizado)(?!\w)"
)
_DIGIT = re.compile(r"\d")
_SENTENCE = re.compile(r"[.؟?!…]\s*$")
_LINE_TAGS = frozenset(
    """
    p div span li td time h2 h3 h4 h5 h6 address figcaption small i em b strong a ul section
    header dd
    """.split()
)
_SKIPPED_TAGS = frozenset(
    {"script", "style", "noscript", "nav", "aside", "footer", "form", "button", "template"}
)


def find_printed_dates(
    above: Sequence[str],
    below: Sequence[str],
    *,
    zone: str,
    country: str = "",
    now: datetime | None = None,
) -> list[str]:
    """The printed dates of the lines around a headline, most likely first.

    ``above`` and ``below`` are visible lines in reading order. Lines about publishing come first,
    then lines below the headline, then lines above it, then updates.
    """
    lines = [*below[:MAX_LINES_BELOW], *reversed(above[-MAX_LINES_ABOVE:])]
    ranked: list[tuple[int, int, str]] = []
    for place, raw in enumerate(lines):
        if (told := _rank_line(raw)) is None:
            continue
        rank, text = told
        at = dates.parse_date(text, zone=zone, now=now, country=country)
        if (
            at is not None
            and rank == _UPDATE_RANK
            and (now is None or abs(now - at[0]) > MAX_UPDATE_AGE)
        ):
            continue
        if at is not None:  # the line as it stands, where it says the same as its telling part
            whole = dates.parse_date(raw, zone=zone, now=now, country=country) == at
            ranked.append((rank, place, " ".join(raw.split()) if whole else text))
    return [text for _, _, text in sorted(ranked)]


def is_date_line(line: str, *, zone: str) -> bool:
    """Whether a line is short and about publishing, or has nothing but a date."""
    text = normalize_date_text(line) if len(line) <= dates.MAX_DATE_CHARACTERS else ""
    words = len(text.split())
    said = (
        _PUBLISHED.search(text)
        or _UPDATED.match(text)
        or (words <= MAX_BARE_DATE_WORDS and not _SENTENCE.search(text))
    )
    return (
        words <= MAX_LINE_WORDS + 6
        and bool(said)
        and _DIGIT.search(text) is not None
        and dates.parse_date(line, zone=zone) is not None
    )


def _rank_line(raw: str) -> tuple[int, str] | None:
    """(rank, the part with the date) of a line, or None for prose."""
    text = normalize_date_text(raw[: 4 * dates.MAX_DATE_CHARACTERS])
    if not text or len(raw) > 4 * dates.MAX_DATE_CHARACTERS:
        return None
    if cue := _PUBLISHED.match(text):
        rest = _UPDATED.split(text[cue.end() :], maxsplit=1)[0]
        return (0, rest[:100].strip()) if rest.strip() else None
    if updated := _UPDATED.match(text):
        return _UPDATE_RANK, text[updated.end() : updated.end() + 100].strip()
    if len(text.split()) > MAX_LINE_WORDS or _SENTENCE.search(text):
        return None
    return 1 if _DIGIT.search(text) else 2, _UPDATED.split(text, maxsplit=1)[0].strip()
