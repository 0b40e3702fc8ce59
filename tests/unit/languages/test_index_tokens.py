"""Index tokens: all of a word's forms follow from its token, and of a form all its tokens."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.languages import fold, query_forms
from crawler.languages.index_text import index_tokens, token_forms, tokens_of_forms
from crawler.languages.index_text.shadow import read_shadow, write_shadow
from tests import odd_texts
from tests.examples import examples


@given(st.one_of(odd_texts.texts(), st.text(max_size=100)))
@settings(max_examples=examples(1000))
def test_a_shadow_has_the_words_of_the_folded_text(text: str) -> None:
    """Keys, forms, sentences and paragraphs; an index that splits at ASCII's marks has the same."""
    folded, (shadow, _) = fold(text), read_shadow(write_shadow(text))
    assert list(shadow.words) == list(folded.words)
    assert list(shadow.forms) == list(folded.forms)
    for n in range(len(folded.words)):
        assert shadow.sentence(n) == folded.sentence(n)
        assert shadow.paragraph(n) == folded.paragraph(n)
    chars = "".join(shadow.shadow)
    assert all(char.isdigit() or char.islower() for char in chars if char.isascii())


@given(st.lists(odd_texts.odd_words, max_size=30), st.booleans())
@settings(max_examples=examples(500))
def test_a_form_is_looked_for_as_exactly_the_tokens_that_have_it(
    words: list[str], accented: bool
) -> None:
    """Neither a token too many, so that no hit has to be judged, nor one too few."""
    text = " ".join(words) + (" é" if accented else "")
    tokens = {token for token in read_shadow(write_shadow(text))[0].shadow}
    forms = {form for token in tokens for form in token_forms(token)}
    forms |= {form for word in words for token in fold(word).tokens for form in token.forms}
    for form in forms:
        found = set(index_tokens(form))
        assert found & tokens == {token for token in tokens if form in token_forms(token)}
        assert all(form in token_forms(token) for token in found)


@given(odd_texts.texts(), odd_texts.words)
@settings(max_examples=examples(300))
def test_a_word_is_found_where_the_folded_text_has_it(text: str, word: str) -> None:
    """By its tokens as by its forms."""
    for token in fold(word).tokens:
        forms = query_forms(token.text)
        found = read_shadow(write_shadow(text))[0].word_places(forms)
        assert list(found) == list(fold(text).word_places(forms))


@pytest.mark.parametrize(
    ("word", "form"), [("ألمانيا", "مانيا"), ("signé", "signe"), ("عراقNATO", "nato")]
)
def test_what_was_one_key_is_several_tokens(word: str, form: str) -> None:
    """Germany is not مانيا with an article, and "signed" is not "signs" where accents are
    written."""
    (token,) = read_shadow(write_shadow(word))[0].shadow
    assert token not in index_tokens(form)


def test_hidden_marks_and_numbers_with_prefixes_are_found() -> None:
    """في 2026 and ب2026 have one number."""
    shadow, _ = read_shadow(write_shadow("في ٢٠٢٦ وب2026 ال2026"))
    assert list(shadow.word_places(frozenset({"2026"}))) == [1, 2, 3]
    assert tokens_of_forms(frozenset()) == frozenset()
