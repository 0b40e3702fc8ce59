"""Read from a home page: the outlet's name and language, its feeds, its WordPress API. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import trafilatura

from crawler import urls

FEED_TYPES = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml"}
)
MAX_FEED_LINKS = 20  # feeds of one page; a portal links one a section, and more are no news
WORDPRESS_RELATION = "https://api.w.org/"  # the link relation of its REST root
_COMMENTS = re.compile(r"/comments?(?:/|$)|comment", re.IGNORECASE)
_WORDPRESS_LINK = re.compile(r'<([^<>]*)>\s*;[^,<]*rel="?' + re.escape(WORDPRESS_RELATION))


@dataclass(frozen=True, slots=True, kw_only=True)
class Homepage:
    """What a page says about its outlet; empty values if it is silent or not a page."""

    title: str = ""
    name: str = ""
    language: str = ""  # the lang attribute as printed: ar, fr-FR …
    feeds: tuple[str, ...] = ()  # absolute addresses, in the page's order
    posts: str | None = None  # WordPress's REST place for posts


def read_homepage(body: bytes, url: str) -> Homepage:
    """Return the data in the page's head. Never raises for invalid bytes."""
    tree: Any = trafilatura.load_html(body) if body.strip() else None
    if tree is None:
        return Homepage()
    meta = {
        str(m.get("property") or m.get("name") or ""): str(m.get("content") or "")
        for m in tree.iter("meta")
    }
    title = next((str(t.text_content()) for t in tree.iter("title")), "")
    feeds: list[str] = []
    posts = None
    for link in tree.iter("link"):
        relations = str(link.get("rel") or "").lower().split()
        address = urls.clean(str(link.get("href") or ""), url)
        if address is None:
            continue
        if WORDPRESS_RELATION in relations:
            posts = posts or make_posts_url(address)
        elif "alternate" in relations and _is_feed(link) and address not in feeds:
            feeds.append(address)
    return Homepage(
        title=" ".join(title.split())[:200],
        name=" ".join(meta.get("og:site_name", "").split())[:100],
        language=str(tree.get("lang") or "").strip()[:20],
        feeds=tuple(feeds[:MAX_FEED_LINKS]),
        posts=posts,
    )


def make_posts_url(root: str) -> str:
    """The URL of posts under a REST root, which is a path (``/wp-json/``) or a query
    (``?rest_route=/``).
    """
    return root.rstrip("/") + "/wp/v2/posts"


def find_posts_url(link_header: str, base: str) -> str | None:
    """The URL of posts named in a Link header (RFC 8288), or None."""
    found = _WORDPRESS_LINK.search(link_header)
    root = urls.clean(found[1], base) if found else None
    return make_posts_url(root) if root else None


def _is_feed(link: Any) -> bool:
    kind = str(link.get("type") or "").partition(";")[0].strip().lower()
    said = f"{link.get('href') or ''} {link.get('title') or ''}"
    return kind in FEED_TYPES and not _COMMENTS.search(said)
