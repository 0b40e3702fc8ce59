"""Read WordPress's REST API (developer.wordpress.org/rest-api/reference/posts). Pure.

A post comes with its rendered body; then the article's page need not be requested. Servers differ:
some return fewer posts a page than asked, refuse a large page, print notices before the JSON, leave
``date_gmt`` at zeros, or answer the page behind the last with 400.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from crawler import urls
from crawler.feeds import entry_links
from crawler.feeds.preamble import load_cut_list, load_json
from crawler.feeds.raw_feed import (
    MAX_FIELD_CHARACTERS,
    MAX_PRINTED_CHARACTERS,
    RawEntry,
    plain_text,
)
from crawler.feeds.shortcodes import remove_shortcodes
from crawler.model import FeedEntry, FeedWindow

# the interface allows 100; bodies come along, and 50 of them are half a megabyte
POSTS_PER_PAGE = 50
POST_FIELDS = "id,guid,link,date,date_gmt,modified_gmt,title,excerpt,content"
MAX_POSTS = 2 * POSTS_PER_PAGE  # of one page: the interface's own limit
MIN_ARTICLE_CHARACTERS = 250  # characters of text: less is a teaser, and the page is asked for
FEWER_PER_PAGE = (20, 10)  # posts asked for where so many are refused; then as the server likes
MAX_ERROR_BYTES = 20_000  # of an error's body, which is a line of JSON
_REFUSED_STATUSES = frozenset({400, 422})  # for a parameter
_NO_SUCH_PAGE = "rest_post_invalid_page_number"


def make_page_url(url: str, *, after: datetime | None, page: int = 1) -> str:
    """The URL of one page of posts, newest first; with ``after``, older ones are left out."""
    parts = urlsplit(url)
    wanted = dict(parse_qsl(parts.query)) | {
        "per_page": str(POSTS_PER_PAGE),
        "orderby": "date",
        "order": "desc",
        "_fields": POST_FIELDS,
    }
    if after is not None:
        wanted["after"] = after.strftime("%Y-%m-%dT%H:%M:%S")
    if page > 1:
        wanted["page"] = str(page)
    return urlunsplit(parts._replace(query=urlencode(wanted)))


def make_count_url(url: str, after: datetime, before: datetime) -> str:
    """The URL whose response counts the posts of an interval in the ``X-WP-Total`` header."""
    parts = urlsplit(url)
    wanted = dict(parse_qsl(parts.query)) | {
        "per_page": "1",
        "_fields": "id",
        "after": f"{after:%Y-%m-%dT%H:%M:%S}Z",
        "before": f"{before:%Y-%m-%dT%H:%M:%S}Z",
    }
    return urlunsplit(parts._replace(query=urlencode(wanted)))


def parse_total(header: str | None) -> int | None:
    """The number in ``X-WP-Total``, or None if it can't be a number of posts."""
    said = (header or "").strip()
    return int(said) if said.isascii() and said.isdigit() and len(said) <= 9 else None


def url_instead(url: str, status: int, body: bytes, *, is_first: bool) -> str | None:
    """The URL to request after an error: a smaller page of the same posts; "" behind the last page;
    None if the error is a failure.
    """
    code = _error_code(body)
    if not is_first:
        return "" if status == 400 or code == _NO_SUCH_PAGE else None
    named = b"per_page" in body[:MAX_ERROR_BYTES] and bool(code)
    if status not in _REFUSED_STATUSES and not named:
        return None
    parts = urlsplit(url)
    asked = dict(parse_qsl(parts.query))
    if "per_page" not in asked:
        return None
    most = int(asked["per_page"]) if asked["per_page"].isdecimal() else POSTS_PER_PAGE
    fewer = next((n for n in FEWER_PER_PAGE if n < most), None)
    asked |= {"per_page": str(fewer)}
    if fewer is None:  # not even ten: the server's own number and order
        for name in ("per_page", "orderby", "order"):
            asked.pop(name, None)
    return urlunsplit(parts._replace(query=urlencode(asked)))


def _error_code(body: bytes) -> str:
    try:
        said = load_json(body[:MAX_ERROR_BYTES])
    except ValueError:
        return ""
    return str(said.get("code") or "") if isinstance(said, Mapping) else ""


def parse(
    body: bytes,
    url: str,
    content_type: str,
    pages: int | None = None,
    posts: int | None = None,
    names_next: bool = False,
) -> FeedWindow:
    """Return the posts; ``kind`` is "" if the bytes are not a list of posts.

    ``more`` has the URL of the next page unless this one is the last. ``pages`` and ``posts`` are
    what the server counts (None: it does not), ``names_next`` whether its Link header has a next
    page. If it says nothing, only an empty page is the last: some return ten posts, whatever is
    asked.
    """
    listed, cut = _load_posts(body, content_type)
    if listed is None:
        return FeedWindow(kind="")
    entries, articles, own_urls, unlinked = [], [], [], []
    for post in listed[:MAX_POSTS]:
        entry = _entry(post, url) if isinstance(post, Mapping) else None
        if entry is None or not isinstance(post, Mapping):
            unlinked.append(_unlinked(post))
            continue
        entries.append(entry)
        own_urls.append(entry_links.own_urls(entry.url, _raw(post), url))
        whole = (
            entry.content_html is not None
            and len(plain_text(entry.content_html)) >= MIN_ARTICLE_CHARACTERS
        )
        articles.append(json.dumps(post, ensure_ascii=False).encode() if whole else b"")
    goes_on = _goes_on(len(listed), _page_number(url), pages, posts) or names_next
    return FeedWindow(
        kind="wordpress",
        entries=tuple(entries),
        own_urls=tuple(own_urls) if any(own_urls) else (),
        unusable=len(unlinked),
        unlinked=tuple(unlinked),
        listed=len(listed[:MAX_POSTS]),
        partial=cut,
        left_out=max(len(listed) - MAX_POSTS, 0),
        more=(_next_page_url(url),) if listed and goes_on else (),
        articles=tuple(articles),
    )


def _load_posts(body: bytes, content_type: str) -> tuple[Sequence[object] | None, bool]:
    """(the posts, whether their list breaks off); None if the bytes are no list.

    An object is an error: no such route, REST switched off.
    """
    try:
        whole = load_json(body, content_type)
    except ValueError:
        whole = None
    if isinstance(whole, list):
        return whole, False
    return load_cut_list(body, content_type) or None, True


def _goes_on(shown: int, page: int, pages: int | None, posts: int | None) -> bool:
    """Whether posts follow this page. Pages may be counted for the number of posts that was asked
    for, though fewer are shown; a count of none, beside posts, is no count.
    """
    if not pages and not posts:
        return True
    return (pages or 0) > page or (posts or 0) > page * shown


def _entry(post: Mapping[str, Any], base: str) -> FeedEntry | None:
    printed, link = entry_links.first_usable(_raw(post), base)
    if link is None:
        return None
    content = post.get("content")
    shut = isinstance(content, Mapping) and bool(content.get("protected"))
    body = "" if shut else remove_shortcodes(_rendered(content)[:MAX_FIELD_CHARACTERS])
    published, updated = _date(post.get("date_gmt")), _date(post.get("modified_gmt"))
    return FeedEntry(
        url=link,
        fragment=urls.fragment_of(printed),
        title=plain_text(_rendered(post.get("title"))),
        summary=plain_text(remove_shortcodes(_rendered(post.get("excerpt")))),
        guid=_rendered(post.get("guid"))[:1000] or None,
        published=f"{published}Z" if published else _date(post.get("date")),
        updated=f"{updated}Z" if updated else None,
        content_html=body or None,
    )


def _raw(post: Mapping[str, Any]) -> RawEntry:
    """What a post says of its address: its link, or its guid, which is mostly one too."""
    link = post.get("link")
    return RawEntry(
        url=link if isinstance(link, str) else None, title="", guid=_rendered(post.get("guid"))
    )


def _unlinked(post: object) -> FeedEntry:
    """A post whose link can't be used, with what it has in its place."""
    if not isinstance(post, Mapping):
        return FeedEntry(url="")
    return FeedEntry(
        url=str(post.get("link") or "")[:MAX_PRINTED_CHARACTERS],
        title=plain_text(_rendered(post.get("title"))),
        guid=_rendered(post.get("guid"))[:1000] or None,
    )


def _date(value: object) -> str | None:
    """A date as printed, in the server's form; None for one of zeros, as of posts that were moved
    from another system.
    """
    printed = value[:100].strip() if isinstance(value, str) else ""
    return None if not printed or printed.startswith(("0000", "-", "1970-01-01")) else printed


def _rendered(value: object) -> str:
    """The text of WordPress's {"rendered": …}."""
    said = value.get("rendered") if isinstance(value, Mapping) else value
    return said if isinstance(said, str) else ""


def _page_number(url: str) -> int:
    page = dict(parse_qsl(urlsplit(url).query)).get("page", "1")
    return int(page) if page.isdecimal() and len(page) < 9 else 1


def _next_page_url(url: str) -> str:
    parts = urlsplit(url)
    asked = dict(parse_qsl(parts.query))
    asked["page"] = str(_page_number(url) + 1)
    return urlunsplit(parts._replace(query=urlencode(asked)))
