"""A page given to ``rasd try``: its line of a batch, and the source it is read as."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.cli.pages import try_page
from crawler.views.page import NO_ADDRESS
from tests.builders import NOW, a_source


def test_a_line_of_a_batch() -> None:
    """A file, with its address and time if they are known; a naive time is UTC."""
    line = try_page.line('{"file": "a", "url": "", "fetched_at": "2026-11-23T10:00"}', "b:1")
    at = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
    assert line == try_page.Line(file="a", url=None, fetched_at=at)


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "{}",
        '{"file": 1}',
        '{"file": "a", "url": 3}',
        '{"file": "a", "fetched_at": "soon"}',
        "[" * 100_000,
    ],
    ids=range(6),
)
def test_a_broken_line_is_named(text: str) -> None:
    """With the place where it stands."""
    problem = try_page.line(text, "b:1")
    assert isinstance(problem, str) and problem.startswith("b:1: ")


def test_a_page_without_an_address_stands_at_one_that_nothing_has() -> None:
    """So does a page with an address that cannot be requested."""
    places = {try_page.page(url, b"x", NOW).url for url in (None, "", "javascript:void(0)")}
    assert places == {NO_ADDRESS}


@pytest.mark.parametrize(
    ("url", "zone", "country"),
    [
        ("https://www.a.ma/x", "Africa/Casablanca", "MA"),
        ("https://a.com/x", "UTC", ""),
        ("https://a.co.uk/", "Europe/London", "GB"),
        ("https://a.ly/", "Africa/Tripoli", "LY"),
        ("https://a.es/", "Europe/Madrid", "ES"),  # the islands are an hour behind
        ("https://a.com.br/", "UTC", "BR"),  # three hours from east to west
        ("http://127.0.0.1/", "UTC", ""),
    ],
)
def test_an_address_makes_a_neutral_source(url: str, zone: str, country: str) -> None:
    """The zone of its domain's country; UTC if there is none or it has zones far apart."""
    made = try_page.neutral(url)
    assert (made.timezone, made.country) == (zone, country)


def test_a_known_source_is_known_by_its_address() -> None:
    """Its host counts before its site; an unknown site is neutral."""
    fr = a_source(slug="fr", home="http://fr.news.ma/")
    ar = a_source(slug="ar", home="http://news.ma/")
    assert try_page.source_of("http://fr.news.ma/a", [ar, fr]).slug == "fr"
    assert try_page.source_of("http://video.news.ma/a", [ar, fr]).slug == "ar"
    assert try_page.source_of("http://other.test/a", [ar, fr]).slug == "other.test"
