"""Pairs of places near each other: distance in words, one sentence, one paragraph."""

from __future__ import annotations

import pytest

from crawler.matching import mentions
from crawler.matching.mentions import Span
from crawler.model import FieldName, Mention


def a_span(
    first: int, last: int | None = None, field: FieldName = "body", sentence: int = 0
) -> Span:
    """A place at these words; a paragraph holds ten sentences."""
    mention = Mention(field=field, start=first, end=first + 1, concept="c", term="t", text="x")
    return Span(field, first, first if last is None else last, sentence, sentence // 10, (mention,))


@pytest.mark.parametrize(
    ("left", "right", "distance", "pairs"),
    [
        (a_span(0), a_span(3), 2, 1),
        (a_span(0), a_span(4), 2, 0),
        (a_span(4), a_span(0), 3, 1),  # in either order
        (a_span(0, 5), a_span(2), 0, 1),  # one within the other
        (a_span(0), a_span(1, 9), 0, 1),  # measured to its nearest word
        (a_span(0), a_span(0), 5, 0),  # a place is no pair with itself
        (a_span(0), a_span(1, field="headline"), 5, 0),
    ],
)
def test_distance_is_counted_in_words_between(
    left: Span, right: Span, distance: int, pairs: int
) -> None:
    """Within one field, from the end of one place to the beginning of the other."""
    found = list(mentions.within_distance([left], [right], distance))
    assert len(found) == pairs
    for pair in found:
        assert (pair.first, pair.last) == (min(left.first, right.first), max(left.last, right.last))
        assert pair.mentions == tuple(dict.fromkeys((*left.mentions, *right.mentions)))


def test_a_sentence_and_a_paragraph_hold_pairs() -> None:
    """A paragraph holds pairs of different sentences; another field or paragraph holds none."""
    here = [a_span(0, sentence=1)]
    there = [a_span(9, sentence=2), a_span(90, sentence=12), a_span(9, field="lead", sentence=1)]
    assert list(mentions.within_passage(here, there, paragraph=False)) == []
    (pair,) = mentions.within_passage(here, there, paragraph=True)
    assert (pair.first, pair.last) == (0, 9)


def test_a_text_that_repeats_both_sides_gives_a_hundred_pairs() -> None:
    """A thousand places of each would be a million pairs, which prove no more."""
    left, right = ([a_span(2 * n + side) for n in range(1000)] for side in (0, 1))
    assert len(list(mentions.within_distance(left, right, 5))) == mentions.MAX_PAIRS
    assert len(list(mentions.within_passage(left, right, paragraph=False))) == mentions.MAX_PAIRS
