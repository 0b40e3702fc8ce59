"""Facets on a terminal: a line each, whatever direction their values are written in."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from crawler.model import Facet, FoundArticles, Histogram
from crawler.views.searches.facets import answer_row, facets_table
from tests.unit.views.terminal import printed

FOUND = FoundArticles(
    articles=(),
    count=12,
    is_exact=True,
    goes_on=False,
    facets=(
        Facet(
            name="source", values=tuple((f"s{n}", 9 - n) for n in range(10)), articles=12, without=0
        ),
        Facet(name="label", values=(), articles=0, without=12),
        Facet(name="theme", values=(), articles=0, without=0),
        Facet(name="actor", values=(("العامري", 1200), ("Salem", 3)), articles=4, without=8),
        Facet(name="month", values=(("2026-09", 7), ("2026-11", 5)), articles=12, without=0),
    ),
    histogram=Histogram(unit="month", bars=(("2026-09", 7), ("2026-11", 1))),
)


def test_a_facet_is_a_line() -> None:
    """Its most frequent values, how many others, and how many articles have none; months are in
    order. A mark behind an Arabic value keeps its number beside it."""
    lines = [line.strip().split(None, 1) for line in printed(facets_table(FOUND)).splitlines()]
    assert dict(lines[1:]) == {  # type: ignore[arg-type]
        "source": "s0 9 · s1 8 · s2 7 · s3 6 · s4 5 · s5 4 · s6 3 · s7 2 · 2 others",
        "label": "none 12",
        "actor": "العامري\u200e 1,200 · Salem 3 · none 8",
        "month": "2026-11 5 · 2026-09 7",
        "months": "2026-09 █ ▂ 2026-11, most 7 (2026-09)",
    }


@pytest.mark.parametrize(
    ("histogram", "line"),
    [
        (Histogram(unit="day", bars=(("2026-02-27", 2), ("2026-03-02", 4))), "▅  █"),
        (Histogram(unit="month", bars=(("2025-12", 1), ("2026-01", 1))), "██"),
        (
            Histogram(unit="month", bars=(("2014-12", 1), ("2026-01", 2), ("2026-09", 6))),
            "▂           █",
        ),
        (Histogram(unit="day", bars=(("2026-02-27", 2),)), "█"),
    ],
)
def test_bars_are_as_long_as_the_time(histogram: Histogram, line: str) -> None:
    """Days and months without an article are gaps; twelve years are shown by year."""
    text = printed(facets_table(replace(FOUND, facets=(), histogram=histogram)))
    assert f" {line} " in text
    assert ("years" in text) == (len(line) == 13)


def test_what_is_not_counted_says_so() -> None:
    """And what to do about it."""
    assert "add words or a date" in printed(facets_table(replace(FOUND, is_exact=False)))


def test_an_answer_as_data_has_all_values() -> None:
    """Of a facet, and of the histogram; JSON can hold it."""
    row = json.loads(json.dumps(answer_row(FOUND, [{"id": 1}])))
    assert len(row["facets"]["source"]["values"]) == 10
    assert row["facets"]["actor"] == {
        "values": {"العامري": 1200, "Salem": 3},
        "articles": 4,
        "without": 8,
    }
    assert row["histogram"] == {"unit": "month", "bars": {"2026-09": 7, "2026-11": 1}}
    assert (row["count"], row["is_exact"], row["articles"]) == (12, True, [{"id": 1}])
    assert answer_row(replace(FOUND, histogram=None), [])["histogram"] is None
