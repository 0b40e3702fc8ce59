"""Read listing pages: the links that a seed file's CSS selects, in page order. Pure."""

from __future__ import annotations

from typing import Any

import trafilatura
from lxml.cssselect import CSSSelector

from crawler import urls
from crawler.feeds import markup_bombs
from crawler.feeds.raw_feed import MAX_PRINTED_CHARACTERS, MAX_UNLINKED_ENTRIES
from crawler.model import FeedEntry, FeedWindow

MAX_LISTING_LINKS = 500  # links of one listing page; beyond that the selector took the whole site
MAX_TITLE_CHARACTERS = 300  # characters


def parse(
    body: bytes, url: str, content_type: str, links: str, following: str | None
) -> FeedWindow:
    """Return the selected links, and in ``more`` the next page that the selector ``following``
    finds.

    A selector may match the link, or an element around or in it. No entries means that the page has
    changed its structure; ``kind`` is "" if the bytes are not a page.
    """
    if bomb := markup_bombs.find_tag_bomb(body):
        return FeedWindow(kind="", refused=bomb)
    tree: Any = trafilatura.load_html(body) if body.strip() else None
    if tree is None:
        return FeedWindow(kind="")
    base = next((href for node in tree.iter("base") if (href := node.get("href"))), "")
    base = urls.clean(base, url) or url
    entries: dict[str, FeedEntry] = {}
    unlinked: list[FeedEntry] = []
    left_out = 0
    for node in CSSSelector(links, translator="html")(tree):
        href, title = _find_link(node)
        address = urls.read_link(href, base) if href else None
        if address is None:
            unlinked.append(FeedEntry(url=(href or "")[:MAX_PRINTED_CHARACTERS], title=title))
        elif address in entries:
            entries[address] = _with_longer_title(entries[address], title)
        elif len(entries) == MAX_LISTING_LINKS:
            left_out += 1
        else:
            entries[address] = FeedEntry(url=address, title=title)
    more = _find_next_page(tree, following, base) if following else ()
    return FeedWindow(
        kind="section",
        entries=tuple(entries.values()),
        unusable=len(unlinked),
        unlinked=tuple(unlinked[:MAX_UNLINKED_ENTRIES]),
        left_out=left_out,
        more=more,
    )


def _find_link(node: Any) -> tuple[str | None, str]:
    """The URL in or around a node, and its text."""
    linked = node if node.get("href") else next(iter(node.iter("a")), None)
    if linked is None:
        linked = next((up for up in node.iterancestors("a")), None)
    href = linked.get("href") if linked is not None else None
    text = " ".join(str(node.text_content()).split()) or str(node.get("title") or "")
    return href, text[:MAX_TITLE_CHARACTERS]


def _with_longer_title(entry: FeedEntry, title: str) -> FeedEntry:
    """A picture and a headline often link to the same article: the longer text is the title."""
    return entry if len(entry.title) >= len(title) else FeedEntry(url=entry.url, title=title)


def _find_next_page(tree: Any, selector: str, base: str) -> tuple[str, ...]:
    for node in CSSSelector(selector, translator="html")(tree):
        href, _ = _find_link(node)
        if href and (address := urls.read_link(href, base)) and address != base:
            return (address,)
    return ()
