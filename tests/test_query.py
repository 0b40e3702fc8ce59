"""The query language: what parses, how it binds, and how it complains."""

from __future__ import annotations

import pytest

from crawler.errors import QueryError
from crawler.query import (
    And,
    Concept,
    InField,
    Near,
    Not,
    Or,
    Phrase,
    SameSentence,
    Word,
    concepts,
    parse,
)


def test_not_binds_tighter_than_and_than_or() -> None:
    """a b OR NOT c AND d = (a AND b) OR ((NOT c) AND d)."""
    assert parse("a b OR NOT c AND d") == Or(
        (And((Word("a"), Word("b"))), And((Not(Word("c")), Word("d"))))
    )


def test_proximity_chains_to_the_left() -> None:
    """a NEAR/3 b SAME SENTENCE c joins the pair with c."""
    near = Near(Concept("a"), Concept("b"), 3)
    assert parse("concept:a NEAR/3 concept:b SAME SENTENCE c") == SameSentence(near, Word("c"))


def test_words_are_folded_as_texts_are() -> None:
    """l'Irak is two words in a row, العراق is one."""
    assert parse("l'Irak") == Phrase(("l", "irak"))
    assert parse("title:العراق") == InField("headline", Word("العراق"))


@pytest.mark.parametrize(
    ("text", "position", "said"),
    [
        ("", 0, "empty"),
        ("(a", 2, "closing parenthesis"),
        ("a )", 2, "without its opening"),
        ('a "b', 2, "never closed"),
        ("a NEAR/3 (b AND c)", 9, "need words"),
        ("foo:bar", 0, "unknown field"),
        ("a AND", 5, "expected"),
        ("--", 0, "nothing to look for"),
    ],
)
def test_errors_point_at_the_place(text: str, position: int, said: str) -> None:
    """Each complaint says what was expected, and where."""
    with pytest.raises(QueryError, match=said) as error:
        parse(text)
    assert error.value.position == position


def test_concepts_of_a_query() -> None:
    """Whatever a rule asks for can be listed."""
    assert list(concepts(parse("NOT concept:a AND title:(concept:b NEAR x)"))) == ["a", "b"]
