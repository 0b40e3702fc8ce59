"""Where links lead: to another page, to a part of this one, to a picture's file. Pure."""

from __future__ import annotations

import re
from collections import Counter

from selectolax.lexbor import LexborNode

from crawler import urls
from crawler.extraction.blocks import PageLines

_NO_PAGE = re.compile(r"\s*(?:#|javascript:|mailto:|tel:|data:|$)", re.IGNORECASE)
_FILE = re.compile(
    r"\.(?:jpe?g|png|gif|webp|avif|svg|bmp|tiff?|mp[34]|m4[av]|ogg|wav|webm|pdf)(?:[?#]|$)",
    re.IGNORECASE,
)
_ADDRESSES = (("link[rel=canonical]", "href"), ("meta[property='og:url']", "content"))


def link_target(node: LexborNode) -> str:
    """Where a link leads, without its fragment; "" if to no other page, or to a picture's file."""
    href = node.attributes.get("href") or ""
    if _NO_PAGE.match(href) or _FILE.search(href):
        return ""
    return href.strip().partition("#")[0].rstrip("/")


def top_of(found: PageLines) -> LexborNode:
    """The outermost element of the page."""
    top = found.elements[0].node
    while (above := top.parent) is not None and above.is_element_node:
        top = above
    return top


def address_of(found: PageLines) -> str:
    """The page's address, as it says; else the site that most links lead to; "" if unknown."""
    top = top_of(found)
    for selector, name in _ADDRESSES:
        node = top.css_first(selector)
        said = (node.attributes.get(name) or "") if node is not None else ""
        if host_of(said):
            return said.strip().partition("#")[0].rstrip("/")
    hosts = Counter(host for link in found.links if (host := host_of(link_target(link.node))))
    return f"//{hosts.most_common(1)[0][0]}" if hosts else ""


def host_of(address: str) -> str:
    """The registrable domain that an address names; "" if it names none."""
    try:
        return urls.registrable(address) if address.startswith(("http", "//")) else ""
    except ValueError:
        return ""


def is_part(target: str, address: str) -> bool:
    """Whether a link leads to a part of the page at this address: an entry of a live blog."""
    (own, asked), (path, query) = _split(address), _split(target)
    if asked:  # an address such as index.php?id=4 is a page's own with its query only
        return path in ("", own) and f"{query}&".startswith(f"{asked}&")
    return len(own) > 1 and (f"{path}/".startswith(f"{own}/") or (not path and bool(query)))


def _split(address: str) -> tuple[str, str]:
    """The path and the query of an address."""
    if "//" in address:
        address = "/" + address.partition("//")[2].partition("/")[2]
    path, _, query = address.partition("?")
    return path.rstrip("/"), query
