"""The numbers and days that a text names, equal in three languages. Pure.

>>> find_numbers("saisie de 2,3 tonnes", 2026).numbers
frozenset({'2300'})
>>> find_numbers("تسعة قتلى و1400 جريح", 2026) == find_numbers("neuf morts, 1 400 blessés", 2026)
True

Not understood: the Arabic dual (قتيلان, two dead), ordinals, and how long ago something was.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from crawler.dates.names import MONTHS
from crawler.languages import digits, folded_word

_ONES = {
    3: "three trois ثلاثه ثلاث",
    4: "four quatre اربعه اربع",
    5: "five cinq خمسه خمس",
    6: "six سته ست",
    7: "seven sept سبعه سبع",
    8: "eight huit ثمانيه ثماني ثمان",
    9: "nine neuf تسعه تسع",
    10: "ten dix عشره",
    11: "eleven onze",
    12: "twelve douze",
    13: "thirteen treize",
    14: "fourteen quatorze",
    15: "fifteen quinze",
    16: "sixteen seize",
    17: "seventeen",
    18: "eighteen",
    19: "nineteen",
}
_TENS = {
    20: "twenty vingt vingts عشرون عشرين",
    30: "thirty trente ثلاثون ثلاثين",
    40: "forty quarante اربعون اربعين",
    50: "fifty cinquante خمسون خمسين",
    60: "sixty soixante ستون ستين",
    70: "seventy سبعون سبعين",
    80: "eighty ثمانون ثمانين",
    90: "ninety تسعون تسعين",
}
_BY_WORD = {w: n for table in (_ONES, _TENS) for n, words in table.items() for w in words.split()}
_TENS_WORDS = frozenset(w for words in _TENS.values() for w in words.split())
_ARABIC_TEEN = frozenset(("عشر", "عشره"))
_MULTIPLIERS = {
    word: power
    for power, words in {
        100: "hundred cent cents مئه مائه",
        1_000: "thousand mille الف الاف الفا k",
        1_000_000: "million millions مليون ملايين مليونا مليوني mn",
        1_000_000_000: "billion bn milliard milliards مليار مليارات مليارا ملياري",
    }.items()
    for word in words.split()
}
_TONNES = frozenset("tonne tonnes طن اطنان طنا".split())
_SPACED = re.compile(r"(?<![\d.,٫٬])\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\d)")  # 1 400
_SPACE = re.compile("[ \u00a0\u202f]")
_TOKEN = re.compile(r"\d+(?:[.,٫٬]\d+)*|[^\W\d_]+")
_GROUPED = re.compile(r"\d{1,3}(?:[.,٬]\d{3})+")
_YEAR = re.compile(r"(?:19|20)\d\d")
SMALLEST = 3  # one and two are words, in Arabic even endings


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedNumbers:
    """What a text names."""

    numbers: frozenset[str] = frozenset()  # from three on, as plain decimals
    days: frozenset[date] = frozenset()  # named by day and month
    years: frozenset[int] = frozenset()  # in digits, also as part of a day


def find_numbers(text: str, year: int) -> NamedNumbers:
    """The numbers, days and years that a text names; a day without a year is one of ``year``.

    A year, and the number of a day, are no numbers.
    """
    numbers, days, years = set(), set(), set()
    for kind, value in _read(text):
        if kind == "number":
            numbers.add(value)
        elif kind == "year":
            years.add(int(value))
        elif (day := _day(value, year)) is not None:
            days.add(day)
            years |= {day.year} - {year}
    return NamedNumbers(numbers=frozenset(numbers), days=frozenset(days), years=frozenset(years))


def _day(value: str, year: int) -> date | None:
    day, month, named = map(int, value.split())
    try:
        return date(named or year, month, day)
    except ValueError:  # 31 April
        return None


def _read(text: str) -> Iterator[tuple[str, str]]:
    """(kind, value) of each number: ``number``, ``year``, or ``day`` with "day month year", year 0
    if it isn't named."""
    joined = _SPACED.sub(lambda grouped: _SPACE.sub(",", grouped[0]), digits(text))
    tokens = _TOKEN.findall(joined)
    words = [token if token[0].isdigit() else folded_word(token) for token in tokens]
    words = [word for word in words if word]  # hidden marks alone
    n = 0
    while n < len(words):
        value, after = _value(words, n)
        if value is None:
            n += 1
            continue
        yield from _classified(value, words[n:after], words[after : after + 2])
        n = after


def _classified(
    value: Decimal, own: Sequence[str], next_words: Sequence[str]
) -> Iterator[tuple[str, str]]:
    month = MONTHS.get(next_words[0]) if next_words else None
    is_plain = len(own) == 1 and own[0].isdigit()
    if is_plain and _YEAR.fullmatch(own[0]):
        yield "year", own[0]
        return
    if is_plain and month is not None and 1 <= value <= 31:
        named = next_words[1] if len(next_words) > 1 else ""
        yield "day", f"{value} {month} {named if _YEAR.fullmatch(named) else 0}"
        return
    if next_words and next_words[0] in _TONNES:
        value *= 1000
    if value >= SMALLEST:
        yield "number", _plain(value)


def _plain(value: Decimal) -> str:
    text = format(value.normalize(), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _value(words: Sequence[str], n: int) -> tuple[Decimal | None, int]:
    """The number that begins here and the place behind it; None if none does."""
    word, after = words[n], n + 1
    value = _digits(word) if word[0].isdigit() else None
    if value is None:
        spelled, after = _spelled(words, n) if _bare(word) else (None, after)
        if spelled is None:
            return None, n + 1
        value = Decimal(spelled)
    while after < len(words) and (power := _MULTIPLIERS.get(words[after])) is not None:
        value, after = value * power, after + 1
    return value, after


def _digits(word: str) -> Decimal | None:
    if _GROUPED.fullmatch(word) and not word.startswith("0"):
        return Decimal(re.sub(r"\D", "", word))
    try:
        return Decimal(re.sub("[,٫٬]", ".", word))
    except InvalidOperation:  # 1.2.3
        return None


def _spelled(words: Sequence[str], n: int) -> tuple[int | None, int]:
    """A number in words under a hundred: "vingt-deux", "twenty two", خمسة عشر, خمسة وعشرين."""
    first = _BY_WORD.get(_bare(words[n]))
    if first is None:
        return None, n + 1
    second = words[n + 1] if n + 1 < len(words) else ""
    if first < 10 and second in _ARABIC_TEEN:
        return first + 10, n + 2
    if first < 10 and second.startswith("و") and second[1:] in _TENS_WORDS:
        return first + _BY_WORD[second[1:]], n + 2
    if first == 4 and second in ("vingt", "vingts"):
        return _after_tens(80, words, n + 2)
    if first == 10 and second in ("sept", "huit", "neuf"):
        return 10 + _BY_WORD[second], n + 2
    if first >= 20 and first % 10 == 0:
        return _after_tens(first, words, n + 1)
    return first, n + 1


def _after_tens(tens: int, words: Sequence[str], n: int) -> tuple[int, int]:
    small = {"one": 1, "un": 1, "une": 1, "two": 2, "deux": 2} | {
        w: v for w, v in _BY_WORD.items() if v < 20 and w.isascii()
    }
    if n + 1 < len(words) and words[n] == "et" and words[n + 1] in ("un", "une", "onze"):
        return tens + small[words[n + 1]], n + 2
    if n >= len(words) or words[n] not in small:
        return tens, n
    value, n = small[words[n]], n + 1
    if value == 10 and n < len(words) and words[n] in ("sept", "huit", "neuf"):
        value, n = value + _BY_WORD[words[n]], n + 1  # soixante-dix-huit
    return tens + value, n


@lru_cache(maxsize=50_000)
def _bare(word: str) -> str:
    """A number's word without article and proclitic (وتسعة, بتسعة); "" if it is no number."""
    if word in _BY_WORD:
        return word
    for prefix in ("وال", "ال", "و", "ب", "ل"):
        if word.startswith(prefix) and word[len(prefix) :] in _BY_WORD:
            return word[len(prefix) :]
    return ""
