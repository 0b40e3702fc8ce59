"""Find the date line among a page's visible lines: near the headline, short, about publishing.
Pure.

A year in prose is never a date (P9): only a line with little else than a date is accepted, or one
that begins with words such as "published". What a date is of, ``cues`` reads from its line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from crawler import dates
from crawler.dates import names
from crawler.dates.cues import Part, has_date, split_by_cues, starts_with_cue
from crawler.dates.names import names_pattern, normalize_date_text

MAX_LINES_BELOW, MAX_LINES_ABOVE = (
    10,
    3,
)  # lines looked at below and above the headline; above stand mastheads
MAX_UPDATE_AGE = timedelta(
    days=3
)  # what was updated just now was published about then; else nobody knows
MAX_LINE_WORDS = 14  # a line of more is prose, unless it begins with a cue
MAX_OTHER_WORDS = 10  # words besides dates from which such a line is prose
MAX_BARE_DATE_WORDS = 7  # words of a date alone: "jeudi 14 mai 2020 à 17h55 GMT"
MAX_PART_CHARACTERS = 100  # characters looked at after a cue
_CAPTION_WORDS = 2  # words besides the date from which a line by a picture is about the picture
MAX_FROM_ADDRESS = timedelta(days=2)  # between the day in an address and one that is shown
# 02/03/2026 is a date in any country; which one matters only where the date is read
ANY_ORDER = "GB"
_UNEXPLAINED = frozenset({1, 2})  # ranks of dates without a cue
_RANKS = {"published": 0, "updated": 3}
_DIGIT = re.compile(r"\d")
_SENTENCE = re.compile(r"(?<![ap]\.m)[.؟?!…]\s*$")
_READING_TIME = re.compile(  # "Lecture 5 min.", "5 min read", «مدة القراءة: 3 دقائق»
    r"\W*(?:(?:temps de |duree de )?lecture|reading time|مده القراءه|وقت القراءه|قراءه)\s?:?\s?"
    r"\d{1,3}\s?(?:minutes?|mins?|mn|دقيقه|دقائق|د)?(?!\w)\W*|"
    r"\W*\d{1,3}[\s-]?(?:minutes?|mins?|mn|دقيقه|دقائق)\s?"
    r"(?:de lecture|read(?:ing)?|قراءه|للقراءه)(?!\w)\W*"
)
_DATE_WORDS = re.compile(
    rf"(?<!\w)(?:{names_pattern(names.MONTHS)}|{names_pattern(names.WEEKDAYS)}|"
    rf"{names_pattern(names.HIJRI_MONTHS)}|{names_pattern(names.AFTERNOON)}|"
    rf"{names_pattern(names.MORNING)}|{names_pattern(names.ZONES)}|"
    r"le|on|at|a|of|de|h|er|st|nd|rd|th|heures?|في|يوم|من|عام|سنه|شهر|الساعه|علي|ه|هـ|م|الموافق)"
    r"(?!\w)"
)
_WORD = re.compile(r"[^\W\d_]+")
_VENUE = re.compile(r"\W*(?:lieu|venue|where|adresse|address|tarifs?|المكان|مكان|العنوان)(?!\w)")


@dataclass(frozen=True, slots=True, kw_only=True)
class DateLine:
    """A visible line that may hold the date, and where it stands."""

    text: str
    above: bool = False  # the headline
    behind: bool = False  # paragraphs of the text: only what says that it is a date counts there
    pictured: bool = False  # stands by a picture


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownDates:
    """The printed dates of a page's lines: of publishing, the likeliest first, and of changes."""

    published: tuple[str, ...] = ()
    modified: tuple[str, ...] = ()
    ranks: tuple[int, ...] = ()  # of the published ones: 0 for what says so, more for a guess


def find_shown_dates(
    lines: Sequence[DateLine],
    *,
    zone: str,
    country: str = "",
    now: datetime | None = None,
    day: str | None = None,
) -> ShownDates:
    """The dates in the lines around a headline, as printed.

    ``lines`` are in order: those below the headline, the nearest first, then those above it, the
    nearest first. Lines about publishing come first; a change of the last three days comes
    last, as the article was published about then. ``day`` is the one in the page's address, if
    any: a date that nothing explains and that is far from it is another thing's.
    """
    addressed = dates.parse_date(day, zone=zone) if day else None
    ranked: list[tuple[int, int, str]] = []
    modified: list[str] = []
    venues = [_VENUE.match(line.text.casefold()) is not None for line in lines]
    for place, line in enumerate(lines):
        event = any(venues[max(place - 2, 0) : place + 3])
        for rank, part in _rank_line(line, event=event):
            at = dates.parse_date(part, zone=zone, now=now, country=country)
            if at is None:
                continue
            if addressed and rank in _UNEXPLAINED and abs(at[0] - addressed[0]) > MAX_FROM_ADDRESS:
                continue
            # the line as it stands, where it says the same as its telling part
            whole = dates.parse_date(line.text, zone=zone, now=now, country=country) == at
            printed = " ".join(line.text.split()) if whole else part
            if rank == _RANKS["updated"]:
                modified.append(printed)
                if now is None or abs(now - at[0]) > MAX_UPDATE_AGE:
                    continue
            ranked.append((rank, place, printed))
    ranked.sort()
    return ShownDates(
        published=tuple(text for _, _, text in ranked),
        modified=tuple(modified),
        ranks=tuple(rank for rank, _, _ in ranked),
    )


def find_printed_dates(
    above: Sequence[str],
    below: Sequence[str],
    *,
    zone: str,
    country: str = "",
    now: datetime | None = None,
) -> list[str]:
    """As ``find_shown_dates``, for lines in reading order of which nothing else is known."""
    lines = [DateLine(text=text) for text in below[:MAX_LINES_BELOW]]
    lines += [DateLine(text=text, above=True) for text in reversed(above[-MAX_LINES_ABOVE:])]
    return list(find_shown_dates(lines, zone=zone, country=country, now=now).published)


def is_bare_date(text: str, *, zone: str) -> bool:
    """Whether a short text is a date and nothing else: "20.11.2026", "le 20 novembre 2026"."""
    if len(text) > MAX_PART_CHARACTERS or not _DIGIT.search(text):
        return False
    return not _other_words(normalize_date_text(text)) and (
        dates.parse_date(text, zone=zone, country=ANY_ORDER) is not None
    )


def is_date_line(line: str, *, zone: str) -> bool:
    """Whether a line is short and about publishing, or has nothing but a date."""
    text = normalize_date_text(line) if len(line) <= dates.MAX_DATE_CHARACTERS else ""
    if not _DIGIT.search(text) or not _DIGIT.search(text := _READING_TIME.sub("", text)):
        return False
    words = len(text.split())
    if words > MAX_LINE_WORDS + 6:
        return False
    labels = {part.label for part in split_by_cues(text)}
    bare = words <= MAX_BARE_DATE_WORDS and not _SENTENCE.search(text)
    about = starts_with_cue(text) or "published" in labels or (bare and "other" not in labels)
    return about and dates.parse_date(line, zone=zone, country=ANY_ORDER) is not None


def _rank_line(line: DateLine, *, event: bool) -> list[tuple[int, str]]:
    """(rank, the part with the date) of each part of a line; empty for prose."""
    long = len(line.text) > 4 * dates.MAX_DATE_CHARACTERS
    text = "" if long else normalize_date_text(line.text)
    if not has_date(text):
        return []
    text = _READING_TIME.sub(" ", text).strip(" ,|-·•")
    long = len(text.split()) > MAX_LINE_WORDS
    if not starts_with_cue(text) and (
        _SENTENCE.search(text) or (long and _other_words(text) > MAX_OTHER_WORDS)
    ):
        return []
    ranked: list[tuple[int, str]] = []
    parts = split_by_cues(text)
    told = any(
        part.label in _RANKS for part in parts
    )  # "Par X, le 24/11 à 8h, mis à jour le 25/11"
    for number, part in enumerate(parts):
        unclear = long and (number or not told)
        if part.label is None and (unclear or not _may_stand_bare(line, text)):
            continue
        if part.label != "other" and not (event and line.behind):
            ranked.append((_rank(part), part.text[:MAX_PART_CHARACTERS].strip()))
    return ranked


def _rank(part: Part) -> int:
    """0 for a line about publishing, then printed days, then ages, then changes."""
    if part.label is not None:
        return _RANKS[part.label]
    return 1 if _DIGIT.search(part.text) else 2


def _may_stand_bare(line: DateLine, text: str) -> bool:
    """Whether a date that no word explains may be the article's in this line, as normalized."""
    if line.behind:
        return False
    return not (line.pictured and _other_words(text) >= _CAPTION_WORDS)


def _other_words(text: str) -> int:
    """How many words a normalized text has besides those of a date."""
    return len(_WORD.findall(_DATE_WORDS.sub(" ", text)))
