"""The sentence that answers a search, with the words that do marked at their places."""

from __future__ import annotations

from typing import Any

import pytest

from crawler.views.terminal import MARK, MAX_SNIPPET, snippet

DAM = "The dam of the north was opened, and the dam is high."


def a_row(body: str, sentence: str, word: str, before: int = 0) -> dict[str, Any]:
    """A found article whose mentions are the places of a word in its body, from an offset on."""
    places = [n for n in range(before, len(body)) if body.startswith(word, n)]
    mentions = [{"field": "body", "start": n, "end": n + len(word)} for n in places]
    return {"body": body, "sentence": sentence, "mentions": mentions}


def marks(row: dict[str, Any]) -> list[str]:
    """What is marked of the snippet."""
    shown = snippet(row)
    return [shown.plain[span.start : span.end] for span in shown.spans if span.style == MARK]


@pytest.mark.parametrize("before", ["", "Bread. ", f"{DAM} "])
def test_a_short_sentence_is_whole(before: str) -> None:
    """Every word that answers is marked, also where the same sentence stands before it."""
    row = a_row(f"{before}{DAM} More of the dam.", DAM, "dam", before=len(before))
    assert snippet(row).plain == DAM
    assert marks(row) == ["dam", "dam"]


def test_a_long_sentence_is_cut_around_the_first_word_that_answers() -> None:
    """At the edges of words; what is left out is shown as such."""
    long = "bread " * 100 + "dam " + "water " * 100 + "end."
    row = a_row(f"A. {long}", long, "dam")
    shown = snippet(row).plain
    assert shown.startswith("… bread") and shown.endswith("water …")
    assert marks(row) == ["dam"] and len(shown) <= MAX_SNIPPET + 4


def test_an_arabic_word_is_marked_where_it_stands() -> None:
    """With what is written onto it."""
    row = a_row("سد جديد. وصل الوفد إلى ببغداد.", "وصل الوفد إلى ببغداد.", "ببغداد")
    assert marks(row) == ["ببغداد"]
