"""Listing pages by CSS, and WordPress's REST answers."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.extraction import article
from crawler.feeds import section, wordpress
from crawler.fetch import block_pages
from crawler.model import Article
from tests.builders import a_page, a_source
from tests.examples import examples

URL = "http://news.test/latest"
PAGE = """<html><body><nav><a href="/about">About</a></nav><ul>
<li class=s><a href="/a/1"><img></a><a href="/a/1">خبر أول</a></li>
<li class=s><h2><a href="http://news.test/a/2?x=1">Second</a></h2></li>
<li class=s><a href="javascript:void(0)">no</a></li><li class=s>none</li></ul>
<a class=next href="?page=2">next</a></body></html>""".encode()


def test_links_are_selected_in_order_with_the_longer_title() -> None:
    """A picture and a headline lead to one article; what cannot be asked is counted."""
    found = section.parse(PAGE, URL, "text/html", "li.s a", "a.next")
    assert [(e.url, e.title) for e in found.entries] == [
        ("http://news.test/a/1", "خبر أول"),
        ("http://news.test/a/2?x=1", "Second"),
    ]
    assert (found.unusable, found.more) == (1, ("http://news.test/latest?page=2",))


def test_a_selector_may_name_what_stands_around_the_link() -> None:
    """``li.s`` as well as ``li.s a``; a page that changed its shape shows nothing, and is no
    success.
    """
    assert len(section.parse(PAGE, URL, "", "li.s", None).entries) == 2
    assert section.parse(PAGE, URL, "", "div.gone a", None).entries == ()
    assert section.parse(b"", URL, "", "a", None).kind == ""


@settings(max_examples=examples(40))
@given(st.binary(max_size=200))
def test_no_bytes_can_break_either(body: bytes) -> None:
    """Any bytes give a window."""
    assert section.parse(body, URL, "", "a", "a").kind in ("", "section")
    assert wordpress.parse(body, URL, "").kind in ("", "wordpress")


def a_post(n: int = 1, **changes: object) -> dict[str, object]:
    """A post as WordPress gives it."""
    plain: dict[str, object] = {
        "link": f"http://news.test/{n}", "date_gmt": "2026-11-23T09:00:00",
        "title": {"rendered": "A &amp; B"},
        "guid": {"rendered": f"http://news.test/?p={n}"}, "excerpt": {"rendered": "<p>Short.</p>"},
        "content": {"rendered": f"<p>{'Whole words. ' * 40}</p><p>End.</p>", "protected": False},
    }  # fmt: skip
    return plain | changes


def test_a_whole_post_needs_no_page() -> None:
    """Its raw JSON is kept as the page, and read as the article, paragraphs and all."""
    found = wordpress.parse(json.dumps([a_post()]).encode(), URL, "application/json")
    (entry,), (raw,) = found.entries, found.articles
    assert (entry.title, entry.guid, entry.published) == (
        "A & B",
        "http://news.test/?p=1",
        "2026-11-23T09:00:00Z",
    )
    page = a_page(raw, url=entry.url, entry=entry, headers=(("content-type", "application/json"),))
    read = article.extract(page, a_source())
    assert isinstance(read, Article)
    assert (read.headline, read.extraction) == ("A & B", "full")
    assert read.body.endswith("End.") and "\n\n" in read.body
    assert read.published is not None and read.published.at == datetime(2026, 11, 23, 9, tzinfo=UTC)


def test_a_teaser_or_a_locked_post_is_fetched() -> None:
    """Less than a few sentences is no article; neither is what needs a password."""
    locked = {"rendered": "x" * 900, "protected": True}
    body = json.dumps(
        [a_post(content={"rendered": "<p>Read more</p>"}), a_post(2, content=locked), {}, 7]
    )
    found = wordpress.parse(body.encode(), URL, "")
    assert (found.articles, found.unusable) == ((b"", b""), 2)


def test_pages_go_on_as_long_as_there_are_more() -> None:
    """The next page is named by the same address; an error's object is no list of posts."""
    asked = wordpress.make_page_url(
        "http://news.test/wp-json/wp/v2/posts?categories=3", after=datetime(2026, 11, 1, tzinfo=UTC)
    )
    assert "categories=3" in asked and "after=2026-11-01T00%3A00%3A00" in asked
    full = wordpress.parse(
        json.dumps([a_post(n) for n in range(wordpress.POSTS_PER_PAGE)]).encode(), asked, ""
    )
    assert full.more == (f"{asked}&page=2",)
    assert wordpress.parse(json.dumps([a_post()]).encode(), asked, "", 1).more == ()
    assert wordpress.parse(b'{"code": "rest_no_route"}', asked, "").kind == ""


def test_walls_are_told_from_articles() -> None:
    """P18: by the software that stands in the way, never by words an article could use."""
    home, url = "http://news.test/", "http://news.test/a"
    assert (
        block_pages.block_kind(b"<script>window._cf_chl_opt={}</script>", url, url, home)
        == "challenge"
    )
    assert block_pages.block_kind(b"<title>Just a moment...</title>", url, url, home) == "challenge"
    assert (
        block_pages.block_kind("<title>الصفحة غير موجودة</title>".encode(), url, url, home)
        == "soft404"
    )
    assert block_pages.block_kind(b"<title>News</title>", home, url, home) == "soft404"
    assert (
        block_pages.block_kind(
            b"<title>A captcha just a moment before the vote</title><p>403 members have voted.</p>",
            url,
            url,
            home,
        )
        is None
    )
