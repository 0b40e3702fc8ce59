"""Addresses: one identity for all their shapes, and which may be asked at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler import urls


@pytest.mark.parametrize(
    "shape",
    [
        "https://www.news.example/2026/اتفاق",
        "http://news.example:80/2026/%d8%a7%d8%aa%d9%81%d8%a7%d9%82/",
        "https://m.news.example/2026/اتفـاق?utm_source=x&fbclid=1",
        "https://news.example/2026/اتفاق/amp#top",
        "https://NEWS.example//2026/اتفاق?random-post=1&print=1",
    ],
)
def test_the_shapes_of_one_address_have_one_key(shape: str) -> None:
    """Scheme, prefix, encoding, tatweel, tracking and slashes make no difference."""
    assert urls.key(shape) == urls.key("https://news.example/2026/اتفاق")


def test_what_names_another_article_stays() -> None:
    """?p=123 is an identity, and so is another path."""
    assert urls.key("http://n.example/?p=1") != urls.key("http://n.example/?p=2")
    assert urls.key("http://n.example/a") != urls.key("http://n.example/b")


@given(st.from_regex(r"http://[a-z]{1,8}\.com/[a-z/%0-9ء-ي]{0,20}(\?[a-z]=[0-9])?", fullmatch=True))
def test_keys_are_stable(url: str) -> None:
    """The key of a key is itself."""
    assert urls.key("http://" + urls.key(url)) == urls.key(url)


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd", "data:text/html,x", "javascript:alert(1)", "ftp://x.y/z", "gopher://x.y",
        "http://ok@127.0.0.1/", "http://127.0.0.1\\@ok/", "http:\\\\evil.example/x", "http://a b/", "http://",
        "http://x.y:99999/", "//", "", "http://x.y/" + "a" * 2100, "http://x.y/\x00",
    ],
)  # fmt: skip
def test_what_parsers_disagree_on_is_never_asked(url: str) -> None:
    """S8, S9, S11: other schemes, user names, backslashes, control characters, impossible hosts."""
    assert urls.clean(url) is None


def test_hosts_are_normalised_before_they_are_judged() -> None:
    """S12: full-width digits and ideographic dots are what they stand for."""
    assert urls.clean("http://①②⑦.⓪.⓪.①/") == "http://127.0.0.1/"
    assert urls.clean("/ب", "http://x.example/") == "http://x.example/%D8%A8"


def test_registrable_domains() -> None:
    """Subdomains are one site, addresses are themselves."""
    assert urls.registrable("https://fr.news.co.uk/x") == "news.co.uk"
    assert urls.registrable("http://127.0.0.2:80/") == "127.0.0.2"
    assert urls.registrable("http://al-masar.test:8/") == "al-masar.test"
