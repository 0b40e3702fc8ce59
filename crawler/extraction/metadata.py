"""What a page says of itself: JSON-LD, meta elements, links, headings. Every value as printed. Pure.

Our own, since trafilatura's costs as much as its text; nothing here is believed yet (``extraction``
and ``dates`` judge), and a broken block of JSON-LD says nothing rather than something wrong.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from crawler.extraction.authors import author_in_line, people
from crawler.extraction.blocks import walk
from crawler.extraction.html import WHOLE, squeezed
from crawler.model import DateSource

LONGEST_HEADLINE = 500  # characters; a title of a megabyte is an attack on whoever shows it (P21)

_ARTICLE_TYPES = re.compile(r"Article|BlogPosting|Report|LiveBlogPosting")
_META: dict[str, tuple[str, ...]] = {  # in order of trust
    "headline": ("og:title", "twitter:title"),
    "published": ("article:published_time", "og:article:published_time", "datepublished", "dc.date.issued", "pubdate", "publish_date", "publishdate", "publish-date", "parsely-pub-date",
                  "sailthru.date", "rnews:datepublished", "og:published_time", "article.published", "dc.date", "dcterms.created", "date"),
    "modified": ("article:modified_time", "og:updated_time", "datemodified"),
    "author": ("author", "article:author", "dc.creator"),
    "section": ("article:section", "section"),
    "image": ("og:image", "twitter:image"),
    "site": ("og:site_name",),
    "shared": ("og:url",),
}  # fmt: skip
_WORD = re.compile(r"\w+")
_MARKUP = re.compile(r"<!\[CDATA\[|\]\]>|</?[a-zA-Z][^<>]{0,200}>")


@dataclass(kw_only=True)
class PageMetadata:
    """What a page says of itself; every value as printed."""

    headlines: list[str] = field(default_factory=list)  # in order of trust
    dates: list[tuple[DateSource, str]] = field(default_factory=list)
    modified: list[str] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    section: str | None = None
    image: str | None = None
    canonical: str | None = None
    shared: str | None = None  # the address it wants to be shared by
    pictures: bool = False  # whether it shows any
    site: str = ""
    body: str = ""  # JSON-LD's articleBody


def read(tree: LexborHTMLParser) -> PageMetadata:
    """The facts of a page whose tree still has everything in it."""
    facts = PageMetadata()
    for node in tree.css("script[type='application/ld+json' i]"):
        for item in _linked(node.text() or ""):
            _take_linked(facts, item)
    _take_meta(facts, tree)
    link = tree.css_first("link[rel=canonical i]")
    facts.canonical = link.attrs.get("href") if link is not None else None
    facts.pictures = tree.css_first("img,picture,amp-img") is not None
    facts.authors = facts.authors or _signed(tree)
    moment = tree.css_first("time")  # the first stands by the headline; later ones date the boxes
    if moment is not None and (printed := moment.attrs.get("datetime") or moment.text()):
        facts.dates.append(("time", printed))
    title = tree.css_first("title")
    titled = [headline(title.text())] if title is not None else []
    _take_shown_headline(facts, [headline(node.text()) for node in tree.css("h1")], titled)
    return facts


def _signed(tree: LexborHTMLParser) -> list[str]:
    """Who signs, where an element says that it does; commenters sign as well, and are not asked."""
    for node in tree.css(
        "[rel=author],[itemprop=author],[class*=byline],[class*=author],[class*=signature]"
    ):
        if node.tag in WHOLE:
            continue  # a page that is named after its author is not his name
        shown = squeezed(node.text(separator=" "))
        if "comment" not in (node.attributes.get("class") or "") and (
            names := author_in_line(shown) or people(shown)
        ):
            return names
    return []


def headline(raw: str) -> str:
    """One line of at most ``LONGEST_HEADLINE`` characters. Headlines in metadata are often escaped
    once too often: Strava&#8217;s."""
    text = _MARKUP.sub("", html.unescape(raw[: 4 * LONGEST_HEADLINE]))
    return squeezed(text)[:LONGEST_HEADLINE].rstrip()


def text_of(markup: str) -> str:
    """The text of a piece of HTML, one line a block element."""
    if "<" not in markup:
        return html.unescape(markup)
    tree = LexborHTMLParser(markup)
    body = tree.body
    if body is None:
        return ""
    return "\n".join(line.text for line in walk(body).lines)


def _take_shown_headline(facts: PageMetadata, shown: Sequence[str], titled: Sequence[str]) -> None:
    """The h1 is what readers see, metadata what machines are told; where the two are about the same
    thing (a third of the words), the shown one stands. An h1 that is the outlet's name or its
    section's shares none: a longer title, which stands in the window's bar, is believed before it."""
    for candidate in shown:
        if any(_shared(candidate, told) for told in facts.headlines):
            facts.headlines = [candidate, *facts.headlines, *titled]
            return
    for title in titled:
        begun = [h for h in shown if h and title.casefold().startswith(h.casefold())]
        best = max(begun or shown, key=lambda h: (_shared(h, title), len(h)), default="")
        if begun or _shared(best, title):
            facts.headlines += [best, *titled]
            return
    strangers = [h for h in shown[:1] if not titled or len(h) >= len(titled[0])]
    facts.headlines += [*strangers, *titled, *shown[:1]]


def _shared(shown: str, told: str) -> int:
    """How many words two headlines share; 0 where that is less than a third of the shown one's."""
    words = set(_WORD.findall(shown.casefold()))
    common = len(words & set(_WORD.findall(told.casefold())))
    return common if len(words) >= 3 and 3 * common >= len(words) else 0


def _linked(text: str) -> Iterator[Mapping[str, Any]]:
    """The schema.org articles in a JSON-LD block, in lists and @graph alike; a broken block has none."""
    try:
        todo = [json.loads(text, strict=False)]
    except (ValueError, RecursionError):
        return
    while todo:
        item = todo.pop(0)
        if isinstance(item, list):
            todo.extend(item)
        elif isinstance(item, Mapping):
            kinds = item.get("@type")
            names = kinds if isinstance(kinds, list) else [kinds]
            if any(_ARTICLE_TYPES.search(str(name)) for name in names):
                yield item
            todo.extend(item[k] for k in ("@graph", "mainEntity", "mainEntityOfPage") if k in item)


def _take_linked(facts: PageMetadata, item: Mapping[str, Any]) -> None:
    if isinstance(title := item.get("headline"), str):
        facts.headlines.append(headline(text_of(title)))
    if isinstance(printed := item.get("datePublished"), str):
        facts.dates.append(("json-ld", printed))
    if isinstance(printed := item.get("dateModified"), str):
        facts.modified.append(printed)
    facts.authors += _names(item.get("author"))
    section = item.get("articleSection")
    facts.section = facts.section or (section if isinstance(section, str) else None)
    facts.image = facts.image or next(iter(_addresses(item.get("image"))), None)
    if isinstance(body := item.get("articleBody"), str) and len(body) > len(facts.body):
        facts.body = body


def _names(value: object) -> list[str]:
    if isinstance(value, list):
        return [name for item in value for name in _names(item)]
    if isinstance(value, Mapping):
        return _names(value.get("name"))
    return [squeezed(value)] if isinstance(value, str) and value.strip() else []


def _addresses(value: object) -> list[str]:
    if isinstance(value, list):
        return [address for item in value for address in _addresses(item)]
    if isinstance(value, Mapping):
        return _addresses(value.get("url"))
    return [value] if isinstance(value, str) else []


def _take_meta(facts: PageMetadata, tree: LexborHTMLParser) -> None:
    said: dict[str, str] = {}
    for node in tree.css("meta[content]"):
        attributes = node.attributes
        name = (
            attributes.get("property") or attributes.get("name") or attributes.get("itemprop") or ""
        )
        if content := (attributes.get("content") or "").strip():
            said.setdefault(name.lower(), content)
    first = {
        noun: next((said[name] for name in names if name in said), None)
        for noun, names in _META.items()
    }
    facts.headlines += [headline(first["headline"])] if first["headline"] else []
    facts.dates += [("meta", first["published"])] if first["published"] else []
    facts.modified += [first["modified"]] if first["modified"] else []
    author = first["author"]
    if author and not facts.authors and not author.startswith("http"):
        facts.authors.append(squeezed(author))
    facts.section = facts.section or first["section"]
    facts.image = facts.image or first["image"]
    facts.shared = first["shared"]
    facts.site = first["site"] or ""
