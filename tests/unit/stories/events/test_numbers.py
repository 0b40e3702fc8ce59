"""Numbers and days are equal in three languages, however they are written."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crawler.stories.events.numbers import SMALLEST, find_numbers
from tests.naughty import STRINGS

YEAR = 2026


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("une amende de 400.000 dirhams", {"400000"}),
        ("غرامة قدرها 400 ألف درهم", {"400000"}),
        ("a fine of 400,000 dirhams", {"400000"}),
        ("1,9 milliard de dirhams", {"1900000000"}),
        ("1.9 مليار درهم", {"1900000000"}),
        ("$1.9 bn", {"1900000000"}),
        ("2,3 tonnes de chira", {"2300"}),
        ("2300 كيلوغرام", {"2300"}),
        ("1 400 personnes", {"1400"}),
        ("نحو ١٤٠٠ شخص", {"1400"}),
        ("52,4 %", {"52.4"}),
        ("soixante-dix-huit migrants", {"78"}),
        ("seventy-eight migrants", {"78"}),
        ("quatre-vingt-dix-neuf", {"99"}),
        ("vingt et une familles", {"21"}),
        ("خمسة عشر كاتبا", {"15"}),
        ("خمسة وعشرين نائبا", {"25"}),
        ("وتسعة قتلى", {"9"}),
        ("un mort et deux blessés", set()),
        ("قتيلان", set()),
        ("version 1.2.3.4", set()),
    ],
)
def test_a_number_is_read_in_each_language(text: str, numbers: set[str]) -> None:
    """With separators, multipliers and words; one and two are no numbers."""
    assert find_numbers(text, YEAR).numbers == numbers


@pytest.mark.parametrize(
    "text", ["le 8 mars dernier", "on 8 March", "في 8 مارس", "في 8 آذار", "8 mars 2026"]
)
def test_a_day_is_named_in_each_language(text: str) -> None:
    """With the months of Maghreb and Mashriq; without a year it is the article's."""
    found = find_numbers(text, YEAR)
    assert found.days == {date(2026, 3, 8)}
    assert not found.numbers


def test_years_and_impossible_days() -> None:
    """A year is no number; the 31st of April is no day."""
    assert find_numbers("le 8 mars 2016, 31 avril", YEAR).years == {2016}
    assert find_numbers("depuis 2016", YEAR).numbers == frozenset()


@given(st.text(max_size=200) | st.sampled_from(STRINGS))
def test_any_text_is_read(text: str) -> None:
    """Digits of all scripts, and hidden marks; no number is less than the smallest."""
    found = find_numbers(text, YEAR)
    assert all(Decimal(number) >= SMALLEST for number in found.numbers)
    assert all(1900 <= year < 2100 for year in found.years)


@given(st.integers(3, 10**12))
@example(1900)  # a year has no separator
def test_separators_change_nothing(number: int) -> None:
    """French, English and plain digits."""
    plain = find_numbers(f"({number})", YEAR).numbers
    if not 1900 <= number < 2100:
        assert plain == {str(number)}
    for separator in ",. \u00a0\u202f":
        written = f"{number:,}".replace(",", separator)
        if "," in f"{number:,}":
            assert find_numbers(written, YEAR).numbers == {str(number)}
