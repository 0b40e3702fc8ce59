"""What ``rasd try`` prints of a page."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from crawler.model import Article, Match, Mention, ReaderName, Reading, Rejection
from crawler.views import page
from tests.builders import a_date, a_match, an_article, prepared

RIVER = Mention(field="body", start=4, end=9, concept="water", term="river", text="river")


def row_of(article: Article, *matches: Match, ruled: tuple[str, ...] = ()) -> dict[str, Any]:
    """The row of a page on which this was found."""
    reading = Reading(article=article, fingerprint=b"", matches=matches, ruled=ruled)
    return page.page_row(prepared(reading), "http://news.test/a", 0.123456)


def test_a_page_that_cannot_be_read_has_an_error() -> None:
    """A rejection, a reader that was stopped, one that the page broke."""
    refused = Rejection(reason="not_html", detail="binary")
    assert page.page_row(refused, None, 0.1) == {"error": "not_html: binary"}
    assert page.page_row(Rejection(reason="not_html"), None, 0.1) == {"error": "not_html"}
    assert page.page_row(None, None, 0.1) == {"error": "stopped"}
    assert row_of(an_article(extraction="crashed")) == {
        "error": "crashed: the page broke its reader"
    }
    assert page.page_lines({"error": "stopped"}) == ["cannot be read: stopped"]


def test_what_is_absent_is_null() -> None:
    """A text that is empty, and the address of a page that was given none."""
    bare = an_article("", headline="", lead="", url=page.NO_ADDRESS)
    row = page.page_row(prepared(Reading(article=bare, fingerprint=b"")), None, 0.1)
    names = ("url", "canonical_url", "headline", "lead", "body", "published_at", "modified_at")
    assert {name: row[name] for name in names} == dict.fromkeys(names)
    lines = page.page_lines(row)
    assert "headline       –" in lines and "matches        no topic" in lines
    assert "published      no date that can be trusted" in lines
    assert lines[-1] == "(no text found)"


def test_every_field_is_shown_with_its_origin() -> None:
    """Date, reader, oddities, matches with their words once; then the text."""
    article = an_article(
        "The river rose.",
        published=a_date(),
        authors=("A", "B"),
        headline="Two\nlines",
        oddities=("garbled",),
    )
    row = row_of(article, a_match("general", mentions=(RIVER, RIVER)))
    assert (row["seconds"], row["matches"][0]["version"]) == (0.1235, "v1")
    lines = page.page_lines(row)
    assert "headline       Two lines" in lines and "authors        A, B" in lines
    assert any("from json-ld: '2026-11-23" in line for line in lines)
    assert "odd            garbled" in lines
    assert "matches        water: general: river" in lines
    assert lines[-2:] == ["", "The river rose."]


@pytest.mark.parametrize("reader", get_args(ReaderName))
def test_every_reader_is_explained(reader: ReaderName) -> None:
    """And a rule of the source that had a part in it."""
    (line,) = [li for li in page.page_lines(row_of(an_article(reader=reader))) if "reader" in li]
    assert f"{reader}: " in line and line.endswith("(full, 0.1235 s)")
    ruled = page.page_lines(row_of(an_article(reader=reader), ruled=("body", "date")))
    assert any(
        "where its source's rule says; the source's rule gave body, date" in li for li in ruled
    )
