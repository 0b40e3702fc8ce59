"""Read from a home page: the outlet's name and language, its feeds, its WordPress API. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import trafilatura

from crawler import urls

FEED_TYPES = frozenset(
    {
        "application/atom",
        "application/atom+xml",
        "application/feed+json",
        "application/rdf+xml",
        "application/rss",
        "application/rss+xml",
        "application/x-rss+xml",
        "application/xml",
        "rss",
        "text/atom+xml",
        "text/rss",
        "text/rss+xml",
        "text/xml",
    }
)
"""Media types of ``rel=alternate`` that feeds are linked with, the right ones and the others."""
MAX_FEED_LINKS = 20  # feeds of one page; a portal links one a section, and more are no news
MAX_ANCHORS = 10  # ordinary links that say RSS
MAX_INNER_ELEMENTS = 20  # of a link, whose words are looked at
MAX_LABEL_CHARACTERS = 60  # of a link's text; what is longer is a headline about feeds
WORDPRESS_RELATION = "https://api.w.org/"  # the link relation of its REST root
_COMMENTS = re.compile(r"/comments?(?:/|$)|comment", re.IGNORECASE)
# what a link to a feed says, and what the path or query of its address has
_LABEL = re.compile(
    r"(?<![A-Za-z])(?:rss|atom|xml feed|flux)(?![A-Za-z])|خلاص(?:ة|ات)", re.IGNORECASE
)
_FEED_PATH = re.compile(
    r"(?:^|[/._=&?])(?:rss\d?|atom|feeds?|flux|rdf|backend)(?=$|[/._=&?])", re.IGNORECASE
)
_FEED_HOST = re.compile(r"^(?:feeds?|rss)\d?\.|feedburner|feedblitz|feedpress", re.IGNORECASE)
_ALTERNATE_LINK = re.compile(r"<([^<>]*)>([^<]*)")
_WORDPRESS_LINK = re.compile(r'<([^<>]*)>\s*;[^,<]*rel="?' + re.escape(WORDPRESS_RELATION))


@dataclass(frozen=True, slots=True, kw_only=True)
class Homepage:
    """What a page says about its outlet; empty values if it is silent or not a page."""

    title: str = ""
    name: str = ""
    language: str = ""  # the lang attribute as printed: ar, fr-FR …
    feeds: tuple[str, ...] = ()  # absolute addresses, in the page's order
    anchors: tuple[str, ...] = ()  # of ordinary links that say RSS: a feed, or a page of feeds
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
    base = _base(tree, url)
    posts = None
    feeds: list[str] = []
    for link in tree.iter("link"):
        relations = str(link.get("rel") or "").lower().split()
        address = urls.read_link(str(link.get("href") or ""), base)
        if address is None:
            continue
        if WORDPRESS_RELATION in relations:
            posts = posts or make_posts_url(address)
        elif _is_feed(link, relations, address):
            feeds.append(address)
    feeds = list(dict.fromkeys(feeds))[:MAX_FEED_LINKS]
    anchors = dict.fromkeys(_find_anchors(tree, base))
    return Homepage(
        title=" ".join(title.split())[:200],
        name=" ".join(meta.get("og:site_name", "").split())[:100],
        language=str(tree.get("lang") or "").strip()[:20],
        feeds=tuple(feeds),
        anchors=tuple(a for a in anchors if a not in feeds)[:MAX_ANCHORS],
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
    root = urls.read_link(found[1], base) if found else None
    return make_posts_url(root) if root else None


def find_feed_urls(link_header: str, base: str) -> tuple[str, ...]:
    """The feeds that a Link header (RFC 8288) names."""
    found = []
    for address, said in _ALTERNATE_LINK.findall(link_header):
        named = said.lower()
        typed = any(f'"{kind}"' in named or f"={kind}" in named for kind in FEED_TYPES)
        if "alternate" in named and typed and (link := urls.read_link(address, base)):
            found.append(link)
    return tuple(dict.fromkeys(found))


def _base(tree: Any, url: str) -> str:
    """The address that the page's relative addresses are relative to."""
    written = next((e.get("href") for e in tree.iter("base") if e.get("href")), "")
    return urls.read_link(str(written), url) or url


def _is_feed(link: Any, relations: list[str], address: str) -> bool:
    kind = str(link.get("type") or "").partition(";")[0].strip().lower()
    if _COMMENTS.search(f"{link.get('href') or ''} {link.get('title') or ''}"):
        return False
    if "feed" in relations:
        return True
    untyped = not kind and not link.get("hreflang") and _FEED_PATH.search(_path(address))
    return "alternate" in relations and (kind in FEED_TYPES or bool(untyped))


def _find_anchors(tree: Any, base: str) -> Iterator[str]:
    """The addresses of links that say RSS, on the page's own site or where feeds are hosted."""
    for link in tree.iter("a", "area"):
        written = str(link.get("href") or "").strip()
        if not written or not _says_feed(link, written):
            continue
        address = urls.read_link(written, base)
        if address and not _COMMENTS.search(address) and _is_own(address, base):
            yield address


def _says_feed(link: Any, written: str) -> bool:
    if written[:5].lower() == "feed:" or _FEED_PATH.search(_path(written)):
        return True
    inner = list(islice(link.iter(), MAX_INNER_ELEMENTS))
    words = [str(e.get(name) or "") for e in inner for name in ("title", "aria-label", "alt")]
    words.append("".join(islice(link.itertext(), MAX_INNER_ELEMENTS)))
    return any(_LABEL.search(word) for word in words if len(word) <= MAX_LABEL_CHARACTERS)


def _is_own(address: str, base: str) -> bool:
    same = urls.registrable(address) == urls.registrable(base)
    return same or _FEED_HOST.search(address.partition("://")[2].partition("/")[0]) is not None


def _path(address: str) -> str:
    """Path and query, as far as they are looked at."""
    scheme, slashes, rest = address[:600].partition("://")
    return rest.partition("/")[2] if slashes else scheme
