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


def links_of(markup: str) -> Homepage:
    """What a page with this markup says."""
    return homepage.read_homepage(f"<html>{markup}</html>".encode(), "http://news.test/fr/")


@pytest.mark.parametrize(
    ("head", "feed"),
    [
        ('<base href="/journal/"><link rel=alternate type=application/rss+xml href="rss.php">',
         "http://news.test/journal/rss.php"),
        ('<link rel=alternate type="text/xml" href="/une.php">', "http://news.test/une.php"),
        ('<link rel=alternate type="application/xml" href="a.xml">', "http://news.test/fr/a.xml"),
        ('<link rel="ALTERNATE home" type=" Application/RSS+XML ; charset=utf-8" href="/1">',
         "http://news.test/1"),
        ('<link rel="feed" href="/fil">', "http://news.test/fil"),
        ('<link rel="alternate" href="/rss/une.xml">', "http://news.test/rss/une.xml"),
        ('<link rel=alternate type=application/rss+xml href="feed://news.test/2">',
         "http://news.test/2"),
        ('<link rel=alternate type=application/rss+xml href="feed:https://news.test/3">',
         "https://news.test/3"),
        ('<link rel=alternate type=application/rss+xml href=" http:/news.test/4 ">',
         "http://news.test/4"),
    ],
)  # fmt: skip
def test_feeds_are_linked_in_many_ways(head: str, feed: str) -> None:
    """Relative to a base element, under other media types, by ``rel=feed``, without a type."""
    assert links_of(head).feeds == (feed,)


@pytest.mark.parametrize(
    "head",
    [
        '<link rel="alternate" hreflang="ar" href="/ar/">',
        '<link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/2">',
        '<link rel="alternate" type="text/xml+oembed" href="/oembed?format=xml">',
        '<link rel="search" type="application/xml" href="/search.xml">',
        '<link rel="alternate" type="text/xml" href="/comments/feed.xml">',
        '<link rel="alternate" media="handheld" href="/m/">',
    ],
)
def test_other_alternates_are_no_feeds(head: str) -> None:
    """Translations, mobile pages, oEmbed, search descriptions, comments."""
    assert links_of(head).feeds == ()


@pytest.mark.parametrize(
    ("link", "found"),
    [
        ('<a href="/journal/rss.php">RSS</a>', "http://news.test/journal/rss.php"),
        ('<a href="/fil">Flux RSS</a>', "http://news.test/fil"),
        ('<a href="/k">خلاصات الموقع</a>', "http://news.test/k"),
        ('<a href="/k"><img src="r.png" alt="RSS"></a>', "http://news.test/k"),
        ('<a href="/k" title="Atom 1.0"><i class=icon></i></a>', "http://news.test/k"),
        ('<a href="spip.php?page=backend">S\'abonner</a>', "http://news.test/fr/spip.php?page=backend"),
        ('<a href="feed://news.test/k">abonnez-vous</a>', "http://news.test/k"),
        ('<a href="http://feeds.feedburner.com/k">RSS</a>', "http://feeds.feedburner.com/k"),
        ('<a href="http://other.test/rss">RSS</a>', None),
        ('<a href="/comments/feed/">RSS</a>', None),
        ('<a href="/atom-energy">Energy</a>', None),
        (f'<a href="/k">{"Le RSS, un format que la presse oublie " * 2}</a>', None),
        ('<a href="/k">Grossiste</a>', None),
    ],
)  # fmt: skip
def test_ordinary_links_may_say_rss(link: str, found: str | None) -> None:
    """By their words, their picture or their address; on the own site or where feeds are hosted."""
    assert links_of(f"<body><footer>{link}</footer></body>").anchors == ((found,) if found else ())


def test_a_link_header_may_name_feeds() -> None:
    """RFC 8288, among other relations."""
    header = (
        '</a.css>; rel="preload", </feed>; rel="alternate"; type="application/rss+xml"; title="A", '
        "<http://news.test/atom>; type=application/atom+xml; rel=alternate, </fr>; rel=alternate"
    )
    assert homepage.find_feed_urls(header, "http://news.test/") == (
        "http://news.test/feed",
        "http://news.test/atom",
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
