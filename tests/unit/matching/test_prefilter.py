"""The gate: what it refuses the exact verdict would refuse, in any script and any disguise."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler import matching, query, seeds
from crawler.languages import ar, fold
from crawler.matching import prefilter, scoring
from crawler.matching.document import Document
from crawler.matching.topics import Topic
from crawler.seeds import Seeds
from tests.disguises import DISGUISES

JOINS = [" ", ". ", "\n\n", " و", "، ", "-", "l'", " 🌍 ", "\u200f", " «", "» "]
FILLER = [
    "قال",
    "اليوم",
    "said",
    "le",
    "Ñandú",
    "سوريا",
    "العراقيل",
    "ﷺ",
    "Россия",
    "١٢",
    "Šibenik",
]


def texts(topic: Topic) -> st.SearchStrategy[str]:
    """Terms of the topic's concepts among other words, joined and disguised in all ways."""
    concepts = sorted(topic.concepts)
    terms = {name: sorted({t.text for t in topic.concepts[name].terms}) for name in concepts}
    term = st.sampled_from(concepts).flatmap(lambda name: st.sampled_from(terms[name]))
    # What a topic enumerates are its sides: without them among few words, hardly a text would pass.
    sides = st.sampled_from(list(topic.enumerated[:2]) or concepts)
    side = sides.flatmap(lambda name: st.sampled_from(terms[name]))
    word = st.one_of(term, side, side, st.sampled_from(FILLER))
    disguised = st.builds(
        lambda w, d: DISGUISES[d](w) if d else w, word, st.sampled_from(["", "", *DISGUISES])
    )
    return st.lists(st.tuples(disguised, st.sampled_from(JOINS)), min_size=1, max_size=14).map(
        lambda pairs: "".join(word + join for word, join in pairs)
    )


@pytest.mark.parametrize("slug", ["morocco-iraq", "maghreb-water"])
def test_gate_and_exact_verdict_never_disagree(slug: str, seeds: Seeds) -> None:
    """On generated texts of which at least three in ten pass: no label, no score, no doubt
    without it.
    """
    topic = seeds.topics[slug]
    ready = matching.get_matcher(topic)
    passed = []

    @settings(max_examples=250, deadline=None, derandomize=True, database=None)
    @given(texts(topic), texts(topic))
    def agree(title: str, text: str) -> None:
        maybe = ready.prefilter.may_match(title, text)
        passed.append(maybe)
        exact = ready.match_exactly(matching.text_fields(title, text))
        assert maybe or not (exact.labels or exact.doubtful or exact.score), (title, text)

    agree()
    share = sum(passed) / len(passed)
    print(f"{slug}: {share:.0%} of {len(passed)} generated texts pass the gate")
    assert 0.3 <= share < 1


def test_what_lacks_a_needed_concept_is_answered_at_once_and_the_same(topic: Topic) -> None:
    """A verdict by the rules' needs is the verdict by the rules alone, proof and all."""
    ready = matching.get_matcher(topic)

    @settings(max_examples=60, deadline=None, derandomize=True, database=None)
    @given(texts(topic), texts(topic))
    def agree(title: str, text: str) -> None:
        fields = matching.text_fields(title, text)
        assert ready.match_exactly(fields) == scoring.score_topic(
            Document.from_fields(fields, ready.vocabulary), ready.topic
        )

    agree()


COUNTED = {
    "lexicon/a.yml": "title: {en: a}\nterms: {en: [aaa]}\n",
    "topics/t.yml": "title: {en: T}\nlabels:\n  x: {title: {en: x}, rule: 'concept:a > 0 AND NOT bbb'}\n",
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


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60))
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


@settings(max_examples=200, deadline=None)
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


def test_an_unrelated_text_is_refused(topic: Topic) -> None:
    """Most articles are; nothing of them is tokenised."""
    words = [w for w in FILLER if w != "سوريا"] * 20
    random.Random(4).shuffle(words)
    assert not matching.get_matcher(topic).prefilter.may_match("", " ".join(words))
