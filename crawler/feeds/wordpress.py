"""Read WordPress's REST API (developer.wordpress.org/rest-api/reference/posts). Pure.

A post comes with its rendered body; then the article's page need not be requested.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from crawler import urls
from crawler.feeds.raw_feed import MAX_FIELD_CHARACTERS
from crawler.model import FeedEntry, FeedWindow

# the interface allows 100; bodies come along, and 50 of them are half a megabyte
POSTS_PER_PAGE = 50
POST_FIELDS = "id,guid,link,date,date_gmt,modified_gmt,title,excerpt,content"
MIN_ARTICLE_CHARACTERS = 250  # characters of text: less is a teaser, and the page is asked for

_TAG = re.compile(r"<[^<>]*>")


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


def parse(body: bytes, url: str, content_type: str) -> FeedWindow:
    """Return the posts; ``kind`` is "" if the bytes are not a list of posts.

    After a full page, ``more`` has the URL of the next one.
    """
    try:
        posts = json.loads(body)
    except (ValueError, RecursionError):
        return FeedWindow(kind="")
    if not isinstance(posts, list):
        return FeedWindow(kind="")  # an object is an error: no such route, REST switched off
    entries, articles, unusable = [], [], 0
    for post in posts[:POSTS_PER_PAGE]:
        entry = _entry(post, url) if isinstance(post, Mapping) else None
        if entry is None:
            unusable += 1
            continue
        entries.append(entry)
        whole = (
            entry.content_html is not None
            and len(_plain_text(entry.content_html)) >= MIN_ARTICLE_CHARACTERS
        )
        articles.append(json.dumps(post, ensure_ascii=False).encode() if whole else b"")
    return FeedWindow(
        kind="wordpress",
        entries=tuple(entries),
        unusable=unusable,
        left_out=max(len(posts) - POSTS_PER_PAGE, 0),
        more=(_next_page_url(url),) if len(posts) >= POSTS_PER_PAGE else (),
        articles=tuple(articles),
    )


def _entry(post: Mapping[str, Any], base: str) -> FeedEntry | None:
    link = urls.read_link(str(post.get("link") or ""), base)
    if link is None:
        return None
    content = post.get("content")
    shut = isinstance(content, Mapping) and bool(content.get("protected"))
    body = "" if shut else _rendered(content)[:MAX_FIELD_CHARACTERS]
    published = str(post.get("date_gmt") or "")
    return FeedEntry(
        url=link,
        title=_plain_text(_rendered(post.get("title"))),
        summary=_plain_text(_rendered(post.get("excerpt"))),
        guid=_rendered(post.get("guid"))[:1000] or None,
        published=f"{published}Z"[:100] if published else str(post.get("date") or "")[:100] or None,
        updated=f"{post['modified_gmt']}Z"[:100] if post.get("modified_gmt") else None,
        content_html=body or None,
    )


def _rendered(value: object) -> str:
    """The text of WordPress's {"rendered": …}."""
    said = value.get("rendered") if isinstance(value, Mapping) else value
    return said if isinstance(said, str) else ""


def _plain_text(markup: str) -> str:
    return " ".join(html.unescape(_TAG.sub(" ", markup[:MAX_FIELD_CHARACTERS])).split())


def _next_page_url(url: str) -> str:
    parts = urlsplit(url)
    asked = dict(parse_qsl(parts.query))
    asked["page"] = str(int(asked.get("page", "1")) + 1)
    return urlunsplit(parts._replace(query=urlencode(asked)))
