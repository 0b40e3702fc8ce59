"""Terms are telling that the examples have more often than other texts, by counts of both."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.evaluation.keyness import find_telling_terms, log_likelihood
from tests.examples import examples
from tests.unit.evaluation.texts import an_item, on_dams, on_football


def test_the_likelihood_is_that_of_the_literature() -> None:
    """2 Σ O ln(O/E) by hand, which is 0 for equal rates."""
    assert log_likelihood(12, 1_000, 20, 100_000) == pytest.approx(68.8, abs=0.05)
    assert log_likelihood(10, 1_000, 100, 10_000) == pytest.approx(0)
    assert log_likelihood(5, 1_000, 0, 1_000) == pytest.approx(10 * 0.6931, abs=0.01)


@settings(max_examples=examples(60))
@given(st.integers(1, 50), st.integers(0, 50), st.integers(60, 5_000), st.integers(60, 5_000))
def test_the_likelihood_is_never_negative(here: int, there: int, a: int, b: int) -> None:
    """And the same seen from the other side."""
    value = log_likelihood(here, a, there, b)
    assert value >= -1e-9
    assert value == pytest.approx(log_likelihood(there, b, here, a))


def test_each_language_has_its_own_telling_terms() -> None:
    """The subject's word comes first in each; what both subjects say is none."""
    terms = find_telling_terms(on_dams(), on_football())
    first = {
        language: next(t for t in terms if t.language == language)
        for language in "en fr ar".split()
    }
    assert {language: t.text for language, t in first.items()} == {
        "en": "dam", "fr": "barrage", "ar": "السد",
    }  # fmt: skip
    said = {t.text for t in terms}
    assert not said & {"the", "on", "Monday", "lundi", "الاثنين"}


def test_forms_of_a_word_are_counted_together() -> None:
    """With the inflection that a lexicon needs to find them; a word of one form has none."""
    found = find_telling_terms(
        on_dams("en", "fr"), on_football(30, "en", "fr"), min_likelihood=3.84
    )
    terms = {t.text: t for t in found}
    assert (terms["dam"].texts, terms["dam"].inflect) == (5, ("plural",))
    assert (terms["barrage"].texts, terms["barrage"].inflect) == (5, ("plural",))
    assert terms["repairs"].inflect == ("",)


def test_what_is_written_together_with_an_arabic_word_is_no_part_of_it() -> None:
    """بالسد is counted as السد, and written as it."""
    texts = on_dams("ar")
    (term,) = [t for t in find_telling_terms(texts, on_football(30, "ar")) if "سد" in t.text]
    assert (term.text, term.texts) == ("السد", 5)


def test_a_phrase_stands_where_its_words_are_everyday_words() -> None:
    """A word that tells by itself needs no phrase."""

    def said(other: str) -> set[str]:
        others = [an_item(f"a{n}", other, "en") for n in range(6)] + on_football(30, "en")
        return {t.text for t in find_telling_terms(on_dams("en"), others, min_likelihood=3.84)}

    both = said("The authority said the river and the river bank are low; the authority said so.")
    assert "river authority" in both and not {"river", "authority"} & both
    one = said("The authority said the port is open.")
    assert "river" in one and not {"river authority", "authority"} & one


def test_one_event_makes_no_term() -> None:
    """However often its reports repeat a word."""
    report = "Zorgum Zorgum Zorgum burst on {}."
    same = [replace(an_item(f"z{n}", report.format(n), "en"), cluster="zorgum") for n in range(8)]
    assert "zorgum" not in {
        t.text.lower() for t in find_telling_terms([*same, *on_dams("en")], on_football(30, "en"))
    }


def test_a_text_counts_a_term_twice_at_most() -> None:
    """A long report on one thing weighs as two mentions of it, on either side."""
    once = find_telling_terms(on_dams("en"), on_football(30, "en"))
    long = [replace(item, text=f"{item.text} {'The dam. ' * 50}") for item in on_dams("en")]
    often = find_telling_terms(long, on_football(30, "en"))
    assert once[0].text == often[0].text == "dam"
    assert often[0].likelihood < once[0].likelihood * 3


def test_two_of_many_examples_make_no_term() -> None:
    """One in twenty is the least."""
    many = [an_item(f"d{n}", f"The dam number {n} is full.", "en") for n in range(60)]
    rare = [replace(item, text=f"{item.text} Zorgum came.") for item in many[:2]]
    terms = {t.text for t in find_telling_terms([*rare, *many[2:]], on_football(60, "en"))}
    assert "dam" in terms and "Zorgum" not in terms


def test_without_other_texts_a_term_stands_in_a_quarter_of_the_examples() -> None:
    """And is none of the language's frequent words; nothing is claimed of its likelihood."""
    terms = find_telling_terms(on_dams("en"), [])
    assert {t.text for t in terms} >= {"dam", "river"}
    assert all(t.likelihood == 0 and t.of_elsewhere == 0 for t in terms)
    assert not {t.text.lower() for t in terms} & {"the", "on", "was"}
