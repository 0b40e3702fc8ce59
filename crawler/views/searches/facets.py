"""What a search finds counted by source, language, label … and by time. Pure."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import count, takewhile

from rich.table import Table
from rich.text import Text

from crawler.foreign_text import one_line
from crawler.model import Facet, FoundArticles, Histogram
from crawler.views import terminal
from crawler.views.fields import JsonRow

SHOWN = 8  # values of a facet on a terminal: a line or two
MAX_BARS = 60  # of a histogram on a terminal
_BARS = "▁▂▃▄▅▆▇█"
_LEFT_TO_RIGHT_MARK = "\u200e"  # ends a value of right-to-left letters: its number stays beside it
_RIGHT_TO_LEFT = frozenset({"R", "AL"})  # classes of letters, UAX #9


def answer_row(found: FoundArticles, articles: Sequence[JsonRow]) -> JsonRow:
    """A whole answer as data; ``articles`` are the rows of those that are shown."""
    histogram = found.histogram
    return {
        "count": found.count,
        "is_exact": found.is_exact,
        "goes_on": found.goes_on,
        "facets": {facet.name: _facet_row(facet) for facet in found.facets},
        "histogram": None
        if histogram is None
        else {"unit": histogram.unit, "bars": dict(histogram.bars)},
        "notes": list(found.notes),
        "articles": list(articles),
    }


def facets_table(found: FoundArticles) -> Table | Text:
    """The facets for a terminal, a line each, and the histogram below them."""
    if not found.is_exact:
        return Text("too many to be counted by source, label … in time: add words or a date")
    table = terminal.bare_table("by", "articles")
    for facet in found.facets:
        if facet.values or facet.without:
            table.add_row(Text(facet.name, style="cyan"), Text(_facet_text(facet)))
    if found.histogram is not None and found.histogram.bars:
        unit, text = _histogram_text(found.histogram)
        table.add_row(Text(unit, style="cyan"), Text(text))
    return table


def _facet_row(facet: Facet) -> JsonRow:
    return {
        "values": dict(facet.values),
        "articles": facet.articles,
        "without": facet.without,
    }


def _facet_text(facet: Facet) -> str:
    """``une 12 · nahr 9 · 4 others · none 2``."""
    values = sorted(facet.values, reverse=True) if facet.name == "month" else facet.values
    parts = [f"{_value(value)} {number:,}" for value, number in values[:SHOWN]]
    if (others := len(values) - SHOWN) > 0:
        parts.append(f"{others} {'others' if others > 1 else 'other'}")
    if facet.without:
        parts.append(f"none {facet.without:,}")
    return " · ".join(parts)


def _value(value: str) -> str:
    shown = one_line(value)
    turns = any(unicodedata.bidirectional(letter) in _RIGHT_TO_LEFT for letter in shown)
    return f"{shown}{_LEFT_TO_RIGHT_MARK}" if turns else shown


def _histogram_text(histogram: Histogram) -> tuple[str, str]:
    """The unit of a bar, and the bars from the first day, month or year to the last: ``2026-10-02
    ▁▃█▁ 2026-10-05, most 9 (2026-10-04)``."""
    unit, bars = f"{histogram.unit}s", _whole(histogram)
    if len(bars) > MAX_BARS:
        unit, bars = "years", _years(bars)
    most = max(bars.values())
    row = "".join(_bar(number, most) for number in bars.values())
    first, last, highest = next(iter(bars)), next(reversed(bars)), max(bars, key=bars.__getitem__)
    return unit, f"{first} {row} {last}, most {most:,} ({highest})"


def _bar(number: int, most: int) -> str:
    return _BARS[(number * (len(_BARS) - 1) + most - 1) // most] if number else " "


def _whole(histogram: Histogram) -> dict[str, int]:
    """The histogram with the days or months in between that have no article."""
    found = dict(histogram.bars)
    first, last = date.fromisoformat(f"{min(found)}-01"[:10]), max(found)
    days = takewhile(lambda day: day <= last, (_key(first, n, histogram) for n in count()))
    return {day: found.get(day, 0) for day in days}


def _key(first: date, number: int, histogram: Histogram) -> str:
    if histogram.unit == "day":
        return (first + timedelta(days=number)).isoformat()
    months = first.year * 12 + first.month - 1 + number
    return f"{months // 12:04d}-{months % 12 + 1:02d}"


def _years(bars: Mapping[str, int]) -> dict[str, int]:
    found: Counter[str] = Counter()
    for key, number in bars.items():
        found[key[:4]] += number
    return dict(found)
