"""WordPress's REST API: addresses, posts, and when their article came with them."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from crawler.feeds import wordpress
from tests.builders import NOW

URL = "https://news.test/wp-json/wp/v2/posts?categories=3"


def a_post(number: int = 1, **changes: Any) -> dict[str, Any]:
    """A post with a short body."""
    plain = {
        "link": f"https://news.test/{number}", "title": {"rendered": "Water &amp; dams"},
        "date_gmt": "2026-11-20T08:00:00", "content": {"rendered": "<p>Words.</p>"},
        "excerpt": {"rendered": "<p>Few&nbsp;words</p>"}, "guid": {"rendered": f"?p={number}"},
    }  # fmt: skip
    return plain | changes


def parse(*posts: object, url: str = URL) -> Any:
    """The window of these posts."""
    return wordpress.parse(json.dumps(posts).encode(), url, "application/json")


def test_a_page_s_address_keeps_what_the_seed_asks_for() -> None:
    """Newest first, only the fields that are read, and no page number on the first page."""
    asked = parse_qs(urlsplit(wordpress.make_page_url(URL, after=NOW, page=2)).query)
    assert (asked["categories"], asked["order"], asked["page"]) == (["3"], ["desc"], ["2"])
    assert asked["after"] == ["2026-11-23T10:00:00"]
    first = parse_qs(urlsplit(wordpress.make_page_url(URL, after=None)).query)
    assert not {"after", "page"} & first.keys()


def test_a_post_is_an_entry_in_plain_text_and_utc() -> None:
    """Markup and character references are read; ``date_gmt`` is UTC though it does not say so."""
    (entry,) = parse(a_post()).entries
    assert (entry.title, entry.summary) == ("Water & dams", "Few words")
    assert (entry.published, entry.guid) == ("2026-11-20T08:00:00Z", "?p=1")


def test_an_article_comes_along_only_if_its_body_is_whole() -> None:
    """A teaser or a protected post has its page requested."""
    long = {"rendered": f"<p>{'word ' * 60}</p>"}
    shut = long | {"protected": True}
    found = parse(a_post(1), a_post(2, content=long), a_post(3, content=shut))
    assert [bool(article) for article in found.articles] == [False, True, False]
    assert found.entries[2].content_html is None


@pytest.mark.parametrize(
    "body", [b"", b"{}", b'{"code":"rest_no_route"}', b"<html>", b"[" * 100_000]
)
def test_what_is_no_list_of_posts_is_no_window(body: bytes) -> None:
    """An error of WordPress is an object; a page is no JSON."""
    assert wordpress.parse(body, URL, "application/json").kind == ""


def test_posts_without_a_link_are_counted_and_a_full_page_leads_on() -> None:
    """Fifty posts may not be all there are."""
    assert parse(a_post(), "a post", a_post(link="")).unusable == 2
    full = [a_post(n) for n in range(wordpress.POSTS_PER_PAGE)]
    (more,) = parse(*full, url=f"{URL}&page=2").more
    assert parse_qs(urlsplit(more).query)["page"] == ["3"]
    assert parse(*full[1:]).more == ()


@pytest.mark.parametrize(
    ("header", "total"),
    [("17", 17), (" 0 ", 0), (None, None), ("", None), ("-1", None), ("٣", None), ("9" * 10, None)],
)
def test_a_count_is_a_number_or_nothing(header: str | None, total: int | None) -> None:
    """What cannot be a number of posts counts nothing."""
    assert wordpress.parse_total(header) == total
