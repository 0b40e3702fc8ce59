"""Front pages: name, language, feeds and REST place, from bytes that cannot be trusted."""

from __future__ import annotations

import pytest

from crawler.discovery import homepage
from crawler.discovery.homepage import Homepage

PAGE = b"""<!doctype html><html lang="ar-MA"><head><title>  The
 News </title><meta property="og:site_name" content="The News">
<link rel="alternate" type="application/rss+xml" href="/feed">
<link rel="alternate" type="application/rss+xml" title="Comments" href="/comments/feed">
<link rel="alternate" type="application/atom+xml; charset=utf-8" href="//cdn.news.test/atom">
<link rel="alternate" hreflang="fr" href="/fr/">
<link rel="alternate" type="application/rss+xml" href="javascript:x">
<link rel="https://api.w.org/" href="/wp-json/"></head><body>x</body></html>"""


def test_a_page_names_its_feeds() -> None:
    """In its order, absolute, without comments, translations and what may not be asked."""
    assert homepage.read_homepage(PAGE, "http://news.test/") == Homepage(
        title="The News",
        name="The News",
        language="ar-MA",
        feeds=("http://news.test/feed", "http://cdn.news.test/atom"),
        posts="http://news.test/wp-json/wp/v2/posts",
    )


@pytest.mark.parametrize(
    "body", [b"", b"   ", b"\x00\xff\xfe", b"{}", b"<", b"<html" + b"<div>" * 3000]
)
def test_what_is_no_page_says_nothing(body: bytes) -> None:
    """And raises nothing."""
    assert homepage.read_homepage(body, "http://news.test/").feeds == ()


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ((
            '<http://news.test/wp-json/>; rel="https://api.w.org/", '
            '<http://x/?p=1>; rel=shortlink'
        ), "http://news.test/wp-json/wp/v2/posts"),
        ("</index.php?rest_route=/>; rel=https://api.w.org/",
        "http://news.test/index.php?rest_route=/wp/v2/posts"),
        ('<http://news.test/style.css>; rel="preload"', None),
        ("", None),
    ],
)  # fmt: skip
def test_a_link_header_names_the_rest_place(header: str, found: str | None) -> None:
    """RFC 8288, as WordPress writes it."""
    assert homepage.find_posts_url(header, "http://news.test/") == found
