"""Shadow texts as literals of PostgreSQL's tsvector."""

from __future__ import annotations

import pytest

from crawler.languages.index_text import CUT
from storage.text_index.tsvectors import MAX_BYTES, MAX_PLACE, MAX_PLACES, PLACES_CUT, tsvector


def test_places_are_left_out_between_sentences_and_fields() -> None:
    """So no phrase reaches over; where the lead ends, one does."""
    written = tsvector("dam opens", "it | fell ·.\n water §s dam")
    assert written == "'dam':2A,10 'opens':3A 'it':5 'fell':6 'water':8"


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("ab " * (MAX_PLACES + 1), PLACES_CUT),
        (" ".join(map(str, range(MAX_PLACE))), PLACES_CUT),
        ("a" * (MAX_BYTES + 1), CUT),
    ],
)
def test_what_the_type_cannot_hold_is_marked(text: str, mark: str) -> None:
    """Then the article itself answers."""
    assert f"'{mark}':1" in tsvector("a dam", text)
    assert mark not in tsvector("a dam", text[: len(text) // 2])
