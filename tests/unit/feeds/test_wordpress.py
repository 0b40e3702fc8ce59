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


def test_posts_without_a_link_are_counted() -> None:
    """They are no entries, and not lost in silence."""
    assert parse(a_post(), "a post", a_post(link="", guid={})).unusable == 2


@pytest.mark.parametrize(
    ("shown", "page", "counts", "goes_on"),
    [
        (50, 1, (), True),  # fifty posts may not be all there are
        (10, 1, (), True),  # ten a page, whatever is asked, and nothing is counted
        (10, 1, (2, 20), True),
        (10, 1, (1, 20), True),  # its pages are counted as if all that was asked for were shown
        (10, 2, (1, 20), False),
        (50, 1, (1, 50), False),
        (3, 2, (2, 13, True), True),  # its Link header names a next page
        (10, 1, (0, 0), True),  # counts of none, beside ten posts
        (0, 3, (), False),
    ],
)
def test_the_next_page_is_asked_for_unless_this_one_is_the_last(
    shown: int, page: int, counts: tuple[Any, ...], goes_on: bool
) -> None:
    """By what the server counts; if it counts nothing, only an empty page is the last."""
    posts = json.dumps([a_post(n) for n in range(shown)]).encode()
    more = wordpress.parse(posts, f"{URL}&page={page}", "", *counts).more
    assert [parse_qs(urlsplit(url).query)["page"] for url in more] == [[str(page + 1)]] * goes_on


NO_PAGE = b'{"code":"rest_post_invalid_page_number","message":"Trop loin.","data":{"status":400}}'
TOO_MANY = b'{"code":"rest_invalid_param","data":{"params":{"per_page":"1 (inclusive) to 20"}}}'


def per_page(url: str | None) -> list[str] | None:
    """How many posts this URL asks for; None without one."""
    return parse_qs(urlsplit(url).query).get("per_page") if url else None


def test_fewer_posts_are_asked_for_where_so_many_are_refused() -> None:
    """Fifty, twenty, ten, then as many as the server likes; what the seed asks for stays."""
    url, asked = wordpress.make_page_url(URL, after=NOW), []
    while (url := wordpress.url_instead(url, 400, TOO_MANY, is_first=True) or "") != "":
        asked.append(per_page(url))
        assert "categories=3" in url and "after=" in url
    assert asked == [["20"], ["10"], None]
    first = wordpress.make_page_url(URL, after=None)
    assert per_page(wordpress.url_instead(first, 403, TOO_MANY, is_first=True)) == ["20"]
    assert wordpress.url_instead(first, 403, b"<html>Forbidden</html>", is_first=True) is None
    assert wordpress.url_instead(first, 404, b'{"code":"rest_no_route"}', is_first=True) is None


def test_an_error_behind_the_last_page_is_its_end() -> None:
    """Exactly fifty posts: the second page is asked for, and there is none."""
    second = wordpress.make_page_url(URL, after=None, page=2)
    assert wordpress.url_instead(second, 400, NO_PAGE, is_first=False) == ""
    assert wordpress.url_instead(second, 404, NO_PAGE, is_first=False) == ""
    assert wordpress.url_instead(second, 503, b"busy", is_first=False) is None


def test_notices_before_the_json_are_passed_over() -> None:
    """PHP prints warnings and marks before what was asked for, and scripts after it."""
    notice = "<br />\n<b>Notice</b>: Array [] to string in <b>/a.php</b> on line <b>2</b><br />\n"
    for text in (
        notice + json.dumps([a_post()]),
        "\ufeff\n" + json.dumps([a_post()]) + "<!-- 1 -->",
    ):
        found = wordpress.parse(text.encode(), URL, "text/html")
        assert [entry.title for entry in found.entries] == ["Water & dams"]


def test_a_list_that_breaks_off_gives_its_complete_posts() -> None:
    """They are read, and the poll knows that something is missing."""
    whole = json.dumps([a_post(n) for n in range(5)]).encode()
    found = wordpress.parse(whole[: len(whole) * 7 // 10], URL, "")
    assert ([e.url[-1] for e in found.entries], found.partial) == (["0", "1", "2"], True)
    assert wordpress.parse(whole[:30], URL, "").kind == ""


def test_line_breaks_in_strings_are_forgiven() -> None:
    """No JSON may have them; plugins write them."""
    body = json.dumps([a_post(title={"rendered": "Water and dams"})]).replace("and", "\n\t&")
    assert wordpress.parse(body.encode(), URL, "").entries[0].title == "Water & dams"


@pytest.mark.parametrize("zeros", ["0000-00-00T00:00:00", "-0001-11-30T00:00:00", "", None])
def test_a_date_of_zeros_is_none(zeros: str | None) -> None:
    """Then the local date counts, in the source's zone."""
    post = a_post(date="2026-11-20T09:00:00", date_gmt=zeros, modified_gmt=zeros)
    (entry,) = parse(post).entries
    assert (entry.published, entry.updated) == ("2026-11-20T09:00:00", None)


def test_titles_are_plain_however_often_they_are_escaped() -> None:
    """&amp;#8217; is an apostrophe; a tag that was escaped is none of its words."""
    title = {"rendered": "L&amp;#8217;eau &amp;lt;b&amp;gt;des&amp;lt;/b&amp;gt; barrages"}
    assert parse(a_post(title=title)).entries[0].title == "L’eau des barrages"


@pytest.mark.parametrize(
    ("header", "total"),
    [("17", 17), (" 0 ", 0), (None, None), ("", None), ("-1", None), ("٣", None), ("9" * 10, None)],
)
def test_a_count_is_a_number_or_nothing(header: str | None, total: int | None) -> None:
    """What cannot be a number of posts counts nothing."""
    assert wordpress.parse_total(header) == total


def test_a_guid_stands_in_for_a_link_that_leads_nowhere() -> None:
    """A link to the machine on which the site was built is another site's; the guid names ours."""
    guid = {"rendered": "https://news.test/harbour"}
    window = parse(
        a_post(link="javascript:void(0)", guid=guid), a_post(link="http://localhost/1", guid=guid)
    )
    assert [entry.url for entry in window.entries] == [guid["rendered"], "http://localhost/1"]
    assert window.own_urls == ((), (guid["rendered"],))
