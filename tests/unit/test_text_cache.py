"""Answers are kept for short texts, and no memory is held for long ones."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable

import pytest

from crawler import languages, urls
from crawler.dates.names import normalize_date_text
from crawler.extraction.boilerplate import judge_name
from crawler.extraction.headlines.headings import letters_only
from crawler.feeds.sitemap_rows import _name
from crawler.text_cache import cached_by_text

HUGE = 20_000  # characters
ASKED: dict[str, Callable[[str], object]] = {
    "an address": lambda text: urls.registrable(f"https://paper.example/{text}"),
    "a host": lambda text: urls.registrable(f"https://{text}.paper.example/"),
    "an address as a key": lambda text: urls.key(f"https://paper.example/{text}"),
    "a link from a huge address": lambda text: urls.clean("/a", f"https://paper.example/{text}"),
    "a headline": letters_only,
    "a class": judge_name,
    "a tag of a sitemap": _name,
    "a printed date": normalize_date_text,
    "a word": lambda text: languages.fold(text).words,
    "a word in capitals": lambda text: languages.fold(f"É {text.upper()}").words,
    "a word of the index": languages.folded_text,
    "a word of a search": languages.plain_words,
    "a word of a name": languages.folded_word,
}


@pytest.mark.parametrize("what", ASKED)
def test_what_is_huge_is_not_held(what: str) -> None:
    """A worker that has seen fifty huge texts of a kind holds none of them."""
    ask = ASKED[what]
    ask("a")
    tracemalloc.start()
    try:
        for number in range(50):
            ask(f"a{number}{'b' * HUGE}")
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert held < 10 * HUGE


def test_short_texts_are_asked_about_once() -> None:
    """A text of the limit's length is kept, one character more is not."""
    asked: list[str] = []

    @cached_by_text(maxsize=8, longest=3)
    def length(text: str) -> int:
        asked.append(text)
        return len(text)

    assert [length(text) for text in ("abc", "abc", "abcd", "abcd")] == [3, 3, 4, 4]
    assert asked == ["abc", "abcd", "abcd"]
