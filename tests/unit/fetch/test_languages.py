"""A source is asked in the languages that it publishes in."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from scrapy.http import Request

from crawler.fetch.middlewares.languages import Languages, accept_language
from tests.builders import a_source


@pytest.mark.parametrize(
    ("languages", "header"),
    [
        (["ar"], "ar,*;q=0.1"),
        (["fr", "ar"], "fr,ar;q=0.9,*;q=0.1"),
        (["ckb", "ar", "en"], "ckb,ar;q=0.9,en;q=0.8,*;q=0.1"),
    ],
)
def test_the_first_language_is_the_most_welcome(languages: list[str], header: str) -> None:
    """And no language is refused: a 406 would hide the story."""
    assert accept_language(languages) == header


def test_a_request_asks_in_its_source_s_languages() -> None:
    """One of no source has no such header, for there is nothing to prefer."""
    services = SimpleNamespace(sources={"news": a_source(languages=("fr",))})
    middleware = Languages(SimpleNamespace(services=services))
    asked = [Request("http://news.test/", meta={"source": slug}) for slug in ("news", "", None)]
    for request in asked:
        middleware.process_request(request)
    sent = [request.headers.get("Accept-Language") for request in asked]
    assert sent == [b"fr,*;q=0.1", None, None]
