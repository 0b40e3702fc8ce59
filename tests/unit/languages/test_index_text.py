"""The words that the full-text index holds of an article."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from crawler import languages
from crawler.languages.index_text import MAX_INDEXED_CHARACTERS, index_text
from crawler.stories import fingerprint
from tests.builders import an_article
from tests.examples import examples


@given(st.text(max_size=200))
@settings(max_examples=examples(200))
def test_no_indexed_word_holds_an_ascii_mark(text: str) -> None:
    """An index that splits at spaces and at ASCII's marks finds the same words as the evaluator."""
    for word in languages.folded_text(text).split():
        assert all(char.isalnum() or not char.isascii() for char in word)


def test_a_lead_that_the_body_repeats_is_indexed_once() -> None:
    """A lead that says something else is indexed before the body."""
    same = an_article("Water rises. It falls.", lead="Water rises.", headline="Floods")
    other = an_article("It falls.", lead="Water rises.", headline="Floods")
    assert index_text(same)[1].split() == index_text(other)[1].split()
    assert index_text(same)[0] == languages.folded_text("Floods")


def test_an_endless_text_is_cut() -> None:
    """PostgreSQL refuses a tsvector of more than 1 MB."""
    _, text = index_text(an_article("word " * MAX_INDEXED_CHARACTERS))
    assert len(text) == MAX_INDEXED_CHARACTERS


def test_a_body_is_folded_once() -> None:
    """The signature and the index are made of the same folded body, whatever stands beside it."""
    article = an_article("It falls. " * 20, lead="Water rises.", summary="A flood.")
    languages.folded_text.cache_clear()
    fingerprint.compute(article.body)
    assert index_text(article)[1] == "water rises " + "it falls " * 20 + "a flood"
    assert languages.folded_text.cache_info().hits == 1
