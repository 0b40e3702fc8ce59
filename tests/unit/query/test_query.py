"""The query language: what parses, how it binds, and how it complains."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.errors import QueryError
from crawler.query import (
    ARABIC_OPERATORS,
    And,
    ConceptRef,
    Count,
    Filter,
    InField,
    Near,
    Not,
    Or,
    Phrase,
    Prefix,
    Query,
    SameParagraph,
    SameSentence,
    SavedRef,
    SentenceWithout,
    Word,
    concept_names,
    describe,
    has_places,
    parse,
    refuse_labels,
    refuse_names,
    resolve,
    write,
)
from crawler.query.describe import PHRASES
from tests.examples import examples


def test_not_binds_tighter_than_and_than_or() -> None:
    """a b OR NOT c AND d = (a AND b) OR ((NOT c) AND d)."""
    assert parse("a b OR NOT c AND d") == Or(
        (And((Word("a"), Word("b"))), And((Not(Word("c")), Word("d"))))
    )


def test_proximity_chains_to_the_left() -> None:
    """a NEAR/3 b SAME SENTENCE c joins the pair with c."""
    near = Near(ConceptRef("a"), ConceptRef("b"), 3)
    assert parse("concept:a NEAR/3 concept:b SAME SENTENCE c") == SameSentence(near, Word("c"))


def test_a_sentence_without_is_one_operator() -> None:
    """It chains as the others do; NOT alone still refuses the whole text."""
    both = SameSentence(Word("a"), Word("b"))
    assert parse("a SAME SENTENCE b NOT SAME SENTENCE c") == SentenceWithout(both, Word("c"))
    assert parse("a ليس نفس الجملة c") == SentenceWithout(Word("a"), Word("c"))
    assert parse("a NOT (b SAME SENTENCE c)") == And(
        (Word("a"), Not(SameSentence(Word("b"), Word("c"))))
    )


def test_words_are_folded_as_texts_are() -> None:
    """l'Irak is two words in a row, العراق is one."""
    assert parse("l'Irak") == Phrase(("l", "irak"), "forms")
    assert parse('"Irak"') == Word("irak", "exact")
    assert parse("irak*") == parse("l'Irak*") == Prefix("irak")
    assert parse("title:العراق") == InField("headline", Word("العراق"))


@pytest.mark.parametrize(
    ("text", "position", "said"),
    [
        ("", 0, "empty"),
        ("(a", 2, "closing parenthesis"),
        ("a )", 2, "without its opening"),
        ('a "b', 2, "never closed"),
        ("a NEAR/3 (b AND c)", 9, "need words"),
        ("a NOT SAME PARAGRAPH b", 6, "NOT goes with SAME SENTENCE only"),
        ("a NOT SAME SENTENCE NOT b", 20, "expected"),
        ("foo:bar", 0, "unknown field"),
        ("a AND", 5, "expected"),
        ("--", 0, "nothing to look for"),
        ("a >= b", 4, "a number was expected"),
        ("(a AND b) >= 2", 0, "can be counted"),
        ("after:yesterday", 6, "a date such as"),
        ("before:2026-13", 7, "a date such as"),
        ("country:Maghreb", 8, "two letters"),
        ("a @", 2, "slug was expected"),
        ("concept:", 8, "a concept's name"),
        ("theme:a/b/c", 6, "a theme, such as"),
        ("side:", 5, "a side, such as"),
        ('dam actor:""', 10, "a name, such as"),
        ("actor:--", 6, "a name, such as"),
        ("a ) b", 2, "without its opening"),
        ("(" * 70 + "a", 61, "60 levels"),
        ("AND AND", 0, "meant as a word goes in quotes"),
        ("dam OR", 6, "was expected"),
        ("dam ...", 4, "nothing to look for"),
        ("🙂", 0, "nothing to look for"),
        ("() dam", 1, "was expected"),
        ("dam ir*", 6, "at least 3 letters"),
        ("ال*", 2, "at least 3 letters"),
        ("*", 0, "at the end of a word only, as in minist"),
        ("c*t", 1, "at the end of a word only"),
        ("irak**", 4, "at the end of a word only"),
        ("maroc-irak*", 10, "goes with one word, as in irak"),
        ('dam "irak*"', 9, "not in quotes"),
        ("name:kina*", 9, "not in quotes or names"),
        ("a name:(kinani)", 7, "a name was expected, as in name:Kinani"),
        ("name:", 5, "a name was expected"),
        ("dam nom:--", 8, "nothing to look for"),
    ],
)
def test_errors_point_at_the_place(text: str, position: int, said: str) -> None:
    """Each complaint says what was expected, and where."""
    with pytest.raises(QueryError, match=said) as error:
        parse(text)
    assert error.value.position == position


def test_concepts_of_a_query() -> None:
    """Whatever a rule asks for can be listed."""
    assert list(concept_names(parse("NOT concept:a AND title:(concept:b NEAR x)"))) == ["a", "b"]


@pytest.mark.parametrize(
    ("arabic", "english"),
    [
        ("سد و نهر", "سد AND نهر"),
        ("سد أو نهر", "سد OR نهر"),
        ("ليس سد", "NOT سد"),
        ("سد قرب/٥ نهر", "سد NEAR/5 نهر"),
        ("سد نفس الجملة نهر", "سد SAME SENTENCE نهر"),
        ("سد نفس الفقرة نهر", "سد SAME PARAGRAPH نهر"),
        ("عنوان:«سد جديد»", 'title:"سد جديد"'),
        ("مفهوم:dam ≥ ٢", "concept:dam >= 2"),
        ("بعد:٢٠٢٦-١١ قبل:۲۰۲۷", "after:2026-11 before:2027"),
        ("مصدر:news بلد:ma لغة:ar وسم:dams", "source:news country:MA lang:ar label:dams"),
        ("محور:floods طرف:MA فاعل:«هادي العامري»", 'theme:floods side:MA actor:"هادي العامري"'),
    ],
)
def test_arabic_says_the_same(arabic: str, english: str) -> None:
    """Operators, fields, filters, quotes and digits may be Arabic."""
    assert parse(arabic) == parse(english)


WORDS = st.sampled_from(["dam", "سد", "أو", "و", "ليس", "قرب", "المانيا", "near", "and", "2026"])
LEAVES = st.one_of(
    WORDS.map(lambda word: Word(word, "exact" if word in ARABIC_OPERATORS else "forms")),
    WORDS.map(lambda word: Word(word, "exact")),
    st.sampled_from(["irak", "سياس", "202"]).map(Prefix),
    WORDS.map(lambda word: Word(word, "name")),
    st.lists(WORDS, min_size=2, max_size=3).map(lambda w: Phrase(tuple(w))),
    st.lists(WORDS, min_size=2, max_size=3).map(lambda w: Phrase(tuple(w), "forms")),
    st.sampled_from([ConceptRef("river"), SavedRef("drought-measures")]),
    st.sampled_from(
        [
            Filter("source", "news"),
            Filter("country", "MA"),
            Filter("theme", "water/floods"),
            Filter("actor", "al-Amiri"),
            Filter("actor", "هادي العامري (وزير)"),
            Filter("side", "IQ"),
            Filter("label", "water/dams"),
            Filter("after", "2026-11"),
        ]
    ),
)


def larger(trees: st.SearchStrategy[Query]) -> st.SearchStrategy[Query]:
    """Trees of trees, as parsing could give them."""
    places = trees.filter(has_places)
    many = st.lists(trees, min_size=2, max_size=3).map(tuple)
    return st.one_of(
        many.map(And),
        many.map(Or),
        trees.map(Not),
        st.builds(InField, st.sampled_from(["headline", "lead", "body", "top"]), trees),
        st.builds(Near, places, places, st.integers(0, 99)),
        st.builds(SameSentence, places, places),
        st.builds(SentenceWithout, places, places),
        st.builds(SameParagraph, places, places),
        st.builds(Count, places, st.sampled_from([">=", "<=", "=", ">", "<"]), st.integers(0, 99)),
    )


TREES = st.recursive(LEAVES, larger, max_leaves=8)


@settings(max_examples=examples(60), deadline=None)
@given(TREES)
def test_what_is_written_parses_to_the_same_tree(tree: Query) -> None:
    """parse ∘ write is the identity."""
    assert parse(write(tree)) == tree


@settings(max_examples=examples(60), deadline=None)
@given(TREES, st.sampled_from(["ar", "fr", "en"]))
def test_every_query_says_itself_as_a_sentence(tree: Query, language: str) -> None:
    """An analyst reads what a query means before saving it; every leaf has words."""
    said = describe(tree, language, {"river": {"ar": "نهر", "fr": "fleuve", "en": "river"}})
    assert said.endswith(".") and "{" not in said
    assert ("نهر" in said or "fleuve" in said or "river" in said) or "river" not in list(
        concept_names(tree)
    )


@settings(max_examples=examples(60), deadline=None)
@given(st.text(max_size=40))
def test_no_text_breaks_the_parser(text: str) -> None:
    """Anything typed is a query or is refused with a place within it (A1)."""
    try:
        assert parse(write(parse(text))) == parse(text)
    except QueryError as error:
        assert 0 <= error.position <= len(text)


def test_saved_queries_are_put_in_place() -> None:
    """@slug stands for its query; an unknown one, a circle and a misplaced one are refused."""
    saved = {
        "a": parse("dam OR @b"),
        "b": parse("river"),
        "c": parse("@d"),
        "d": parse("x @c"),
        "e": parse("x AND y"),
    }
    assert resolve(parse("lake @a"), saved) == parse("lake (dam OR river)")
    for text, said in [
        ("@z", "no saved query"),
        ("@c", "circle: @c → @d → @c"),
        ("x NEAR/2 @e", "needs words"),
    ]:
        with pytest.raises(QueryError, match=said):
            resolve(parse(text), saved)


@pytest.mark.parametrize(
    "asked",
    ["label:dams", "وسم:dams", "theme:floods", "side:IQ", 'actor:"Ali Hasan"', "فاعل:«Ali»"],
)
def test_a_rule_may_not_ask_for_what_rules_give(asked: str) -> None:
    """Labels, themes and actors come of rules: a rule that asks for one would turn in a circle."""
    with pytest.raises(QueryError, match="circular") as error:
        refuse_labels(parse(f"dam {asked}"), f"dam {asked}")
    assert error.value.position == 4


def test_every_language_has_every_phrase() -> None:
    """A language that lacks one would fail at the first query that needs it."""
    assert len({frozenset(phrases) for phrases in PHRASES.values()}) == 1


@pytest.mark.parametrize(
    ("text", "at"), [("dam name:Kinani", 4), ("NOT title:اسم:قاسم", 10), ('nom:"Al Araji"', 0)]
)
def test_a_rule_names_its_spellings(text: str, at: int) -> None:
    """What a rule finds doesn't depend on the other articles of an archive."""
    with pytest.raises(QueryError, match="name: is for searches") as error:
        refuse_names(parse(text), text)
    assert error.value.position == at
    refuse_names(parse("dam OR kinani"), "dam OR kinani")
