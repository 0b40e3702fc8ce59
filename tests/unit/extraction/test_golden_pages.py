"""Golden pages: whole pages of our own writing, each with the article that a careful reader
finds in it.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest

from crawler import reading
from crawler.model import Article, Page, Reading, Source
from tests import places
from tests.builders import a_source

FOLDER = places.PAGES
CASES = sorted(path.name for path in FOLDER.iterdir() if path.is_dir())


def told(name: str, file: str) -> dict[str, Any]:
    """One of a case's JSON files."""
    found: dict[str, Any] = json.loads((FOLDER / name / file).read_text(encoding="utf-8"))
    return found


def page_of(name: str) -> tuple[Page, Source]:
    """The page as received, and whose it is."""
    row = told(name, "page.json")
    source = row["source"] | {"languages": tuple(row["source"]["languages"])}
    page = Page(
        url=row["url"],
        requested_url=row["url"],
        fetched_at=datetime.fromisoformat(row["fetched_at"]),
        status=200,
        headers=(("content-type", row["content_type"]),),
        body=(FOLDER / name / "page.html").read_bytes(),
    )
    return page, a_source(**source)


def said(article: Article) -> dict[str, Any]:
    """What was understood, in the words of ``article.json``."""
    p = article.published
    return {
        "headline": article.headline,
        "authors": list(article.authors),
        "section": article.section,
        "published": p
        and {
            "at": p.at.isoformat(),
            "from": p.source,
            "printed": p.printed,
            "has_time": p.has_time,
        },
        "language": article.language,
        "canonical_url": article.canonical_url,
        "oddities": list(article.oddities),
        "body": article.body.split("\n\n"),
    }


@pytest.mark.parametrize("name", CASES)
def test_a_page_is_read_as_a_careful_reader_reads_it(name: str) -> None:
    """Headline, authors, date and who said it, language, address, and every paragraph: no more,
    no less.
    """
    page, source = page_of(name)
    found = reading.read(page, source, ())
    assert isinstance(found, Reading)
    assert said(found.article) == told(name, "article.json")


def test_the_pages_are_as_different_as_the_press() -> None:
    """A dozen layouts at least, three languages, a date by every kind of witness that a page
    has.
    """
    expected = [told(name, "article.json") for name in CASES]
    assert len(expected) >= 12
    assert {one["language"] for one in expected} == {"ar", "en", "fr"}
    assert {one["published"]["from"] for one in expected} >= {"json-ld", "meta", "text"}
