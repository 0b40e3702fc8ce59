"""The gate: what it refuses the exact verdict would refuse, in any script and any disguise."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crawler import matching, query, seeds
from crawler.languages import ar, fold
from crawler.matching import prefilter
from tests.examples import examples

COUNTED = {
    "lexicon/a.yml": "title: {en: a}\nterms: {en: [aaa]}\n",
    "topics/t.yml": (
        "title: {en: T}\nlabels:\n  x: {title: {en: x}, rule: 'concept:a > 0 AND NOT bbb'}\n"
    ),
}


def test_what_is_counted_and_not_there_weighs_nothing() -> None:
    """More than none of what does not occur is not half held."""
    topic = seeds.load(COUNTED, kinds=["feed"]).topics["t"]
    ready = matching.get_matcher(topic)
    assert (
        not ready.prefilter.may_match("", "ccc")
        and ready.match_exactly(matching.text_fields("", "ccc")).score == {}
    )
    assert ready.match(matching.text_fields("", "aaa")).labels == ("x",)


@settings(max_examples=examples(100), deadline=None)
@given(st.text(max_size=60))
@example("0㍘")  # one symbol to folding, which parts words; two letters to NFKC
@example("A¼µ")  # one word to folding; two to NFKC, the second without Latin letters
@example("e\u0301t\u00e9 \u1e31")
def test_letters_are_the_folded_words(text: str) -> None:
    """For letters that have bytes, the gate sees the words that folding sees, no more and no
    fewer.
    """
    words = [ar.unify_letters(max(t.forms, key=len)) for t in fold(text).tokens]
    seen = prefilter.encode_letters(text).split()
    assert {
        prefilter.encode_letters(word) for word in words if not prefilter._UNENCODABLE.search(word)
    } <= set(seen)


def test_every_letter_of_the_press_has_one_byte() -> None:
    """The table holds no character twice, is one that Python encodes fast, and folds one for
    one.
    """
    assert len(set(prefilter._ALPHABET)) == len(prefilter._ALPHABET) <= 256
    assert type(prefilter._TABLE).__name__ == "EncodingMap"
    assert len(prefilter._FOLDED) == len(prefilter._ALPHABET)
    assert set(prefilter._FOLDED.decode("latin-1")) >= set("abcz09 ")


@settings(max_examples=examples(200), deadline=None)
@given(st.text("والبكلسفعراقءأ", min_size=1, max_size=9))
def test_analysis_takes_off_nothing_but_a_known_prefix(word: str) -> None:
    """What the gate allows before a word of a term is all that the exact verdict can take away."""
    whole = ar.unify_letters(word)
    assert {whole.removesuffix(form) for form in ar.analyse(word)} <= {"", *ar.PREFIXES}


@pytest.mark.parametrize(
    ("rule", "needs"),
    [
        ("a AND b", [["a"], ["b"]]),
        ("a OR b", [["a", "b"]]),
        ("(a AND b) OR (a AND c)", [["a"], ["b", "c"]]),
        ("a AND NOT b", [["a"]]),
        ("title:(a NEAR/3 b)", [["a"], ["b"]]),
        ("a >= 2", [["a"]]),
        ("a <= 2", []),
        ("a OR source:x", []),
        ("NOT a", []),
    ],
)
def test_what_a_rule_cannot_do_without(rule: str, needs: list[list[str]]) -> None:
    """Both sides of AND, either of OR; nothing of what is refused, filtered or counted down."""
    found = prefilter.necessary_condition(query.parse(rule))
    assert sorted(sorted(word for (word,) in clause) for clause in found) == needs


def test_every_arabic_prefix_is_sought() -> None:
    """The short expression for them leaves none out."""
    for prefix in ar.PREFIXES:
        assert re.fullmatch(prefilter._PROCLITICS, prefilter.encode_letters(prefix)), prefix
