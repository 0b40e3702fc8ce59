"""A name has one key in both scripts, and no text breaks the making of keys."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.languages.name_keys import MIN_CONSONANTS, name_keys
from tests.naughty import STRINGS

SPELLED = [
    ("التميمي", "Tamimi"),
    ("والتميمي", "Tamimi"),
    ("القنيطرة", "Kénitra"),
    ("للقنيطرة", "KENITRA"),
    ("بنشقرون", "Benchekroun"),
    ("الناصرية", "Nasiriyah"),
    ("الناصرية", "Nassiriya"),
    ("الوزاني", "Ouazzani"),
    ("الوزاني", "Wazzani"),
    ("خلوق", "Haluk"),
    ("تشاندبور", "Chandpur"),
    ("الخفاجي", "Khafaji"),
    ("ماكفرسون", "McPherson"),
    ("كركوك", "Kirkouk"),
    ("أكادير", "Agadir"),
    ("غامبيا", "Gambie"),
]


@pytest.mark.parametrize(("arabic", "latin"), SPELLED)
def test_both_scripts_share_a_key(arabic: str, latin: str) -> None:
    """By whatever spelling the press of a country has for it."""
    assert name_keys(arabic) & name_keys(latin)


@pytest.mark.parametrize(
    ("one", "other"), [("تازة", "Agadir"), ("ناميبيا", "Tunisie"), ("Basra", "الناصرية")]
)
def test_other_names_share_none(one: str, other: str) -> None:
    """Names with other consonants."""
    assert not name_keys(one) & name_keys(other)


def test_short_words_numbers_and_two_words_have_no_key() -> None:
    """A key of one consonant would be that of any word."""
    assert all(name_keys(word) == frozenset() for word in ("", "a", "Lee", "2026", "Al Tamimi"))


@pytest.mark.parametrize("text", STRINGS)
def test_naughty_strings_have_plain_keys(text: str) -> None:
    """Keys are lower-case ASCII letters, whatever the word is made of."""
    assert all(key.isascii() and key.isalpha() and key.islower() for key in name_keys(text))


@given(st.text(max_size=60))
def test_any_text_has_plain_keys(text: str) -> None:
    """And each has the consonants that a key must have."""
    for key in name_keys(text):
        assert key.isascii() and key.isalpha() and len(key) >= MIN_CONSONANTS
