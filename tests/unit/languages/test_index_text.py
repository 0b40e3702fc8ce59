"""The columns of an article's row in the full-text index."""

from __future__ import annotations

from hypothesis import given, settings

from crawler.languages import fold
from crawler.languages.index_text import (
    CUT,
    MAX_INDEXED_CHARACTERS,
    read_index_text,
    write_index_text,
)
from crawler.matching import article_fields
from tests import odd_texts
from tests.builders import an_article
from tests.examples import examples


@given(odd_texts.texts(), odd_texts.texts(10), odd_texts.texts(6))
@settings(max_examples=examples(200))
def test_the_columns_hold_every_field_that_is_matched(body: str, lead: str, beside: str) -> None:
    """Those of an article with a body and of one without, and how far the lead reaches."""
    for text in (body, ""):
        article = an_article(text, lead=lead, headline=beside, summary=beside)
        read, fields = read_index_text(*write_index_text(article)), article_fields(article)
        folded = {name: fold(one) for name, one in fields.texts.items()}
        assert {n: list(one.words) for n, one in read.texts.items()} == {
            n: list(one.words) for n, one in folded.items() if one.words
        }
        if "body" in read.texts:
            in_lead = folded["body"].until(fields.lead_end)
            assert len(in_lead.words) == (read.lead_end if fields.lead_end else 0)


def test_a_lead_that_the_body_repeats_is_indexed_once() -> None:
    """A lead that says something else stands behind the body, with its name."""
    same = an_article("Water rises. It falls.", lead="Water rises.", headline="Floods")
    other = an_article("It falls.", lead="Water rises.", headline="Floods")
    assert write_index_text(same) == ("floods", "water rises´ ·. it falls |")
    assert write_index_text(other) == ("floods", "it falls | §l water rises´")


def test_an_endless_text_is_cut_and_says_so() -> None:
    """PostgreSQL refuses a tsvector of more than 1 MB; no word is cut in two."""
    for article in (
        an_article("word " * MAX_INDEXED_CHARACTERS),
        an_article(headline="word " * MAX_INDEXED_CHARACTERS),
    ):
        headline, text = write_index_text(article)
        assert max(len(headline), len(text)) <= MAX_INDEXED_CHARACTERS
        assert text.startswith(CUT) and read_index_text(headline, text).is_cut
    assert set(headline.split()) == {"word"}


def test_an_article_without_a_body_has_the_words_of_its_address() -> None:
    """They are matched, so they are found."""
    article = an_article("", headline="", lead="", url="http://n.test/2026/river-dam.html")
    assert write_index_text(article) == ("", "§u 2026 river dam html")
