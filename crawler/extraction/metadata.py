"""A page's metadata: JSON-LD, meta elements, links, headings. Every value as printed. Pure.

Our own, since trafilatura's costs as much as its text. Nothing is believed here: ``article`` and
``dates`` decide. A malformed block of JSON-LD is ignored.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.extraction import dating
from crawler.extraction.authors import (
    MAX_AUTHORS,
    MAX_FIELD_CHARACTERS,
    parse_byline,
    parse_metadata_author,
    parse_names,
)
from crawler.extraction.blocks import collect_lines
from crawler.extraction.headlines.headings import (
    Heading,
    clean_headline,
    letters_only,
    read_headings,
)
from crawler.extraction.html import PAGE_TAGS, PageParts, parse_html, squeeze
from crawler.model import DateSource
from crawler.text_cache import cached_by_text

MIN_SUMMARY_WORDS, MIN_WORD_CHARACTERS = 5, 4  # long words of a summary that says something
MAX_NEW_WORDS = 0.1  # of a summary's long words, up to which the page shows it
MAX_SUMMARY_CHARACTERS = 5_000  # characters; what is longer is the text

MAX_BYLINES = 20  # elements named like a byline that are looked at; lists of stories have hundreds
MAX_BYLINE_SOURCE = 1_000  # characters of such an element, blanks of the source among them
MAX_META_NAME_CHARACTERS = 100  # of a meta element that dates are looked for in
MAX_META_DATES = 3  # of a page that are asked: the first may be a placeholder

_ARTICLE_TYPES = re.compile(r"Article|BlogPosting|Report|LiveBlogPosting")
_META_NAMES: dict[str, tuple[str, ...]] = {  # in order of trust
    "headline": ("og:title", "twitter:title", "headline", "title", "dc.title", "parsely-title"),
    "author": ("author", "article:author", "dc.creator"),
    "section": ("article:section", "section"),
    "image": ("og:image", "twitter:image"),
    "site": ("og:site_name", "application-name", "apple-mobile-web-app-title", "publisher"),
    "shared": ("og:url",),
    "summary": ("og:description", "description", "twitter:description", "dc.description"),
}  # fmt: skip
# Of dates, without the marks between their words: article:published_time, article:published:time,
# article.published-time are one.
_META_DATES: dict[str, tuple[str, ...]] = {
    "published": (
        "articlepublishedtime", "ogarticlepublishedtime", "articlepublished", "datepublished",
        "articledatepublished", "publishedtime", "publishedat", "publicationdate", "dcdateissued",
        "dctermsissued", "pubdate", "ogpubdate", "btpubdate", "publishdate", "publisheddate",
        "parselypubdate", "sailthrudate", "rnewsdatepublished", "ogpublishedtime",
        "articlepublishdate", "originalpublicationdate",
        "firstpublished", "datepublication", "dcdate", "dctermsdate", "dctermscreated",
        "articlecreated", "date",
    ),
    "modified": (
        "articlemodifiedtime", "ogarticlemodifiedtime", "articlemodified", "ogupdatedtime",
        "datemodified", "articleupdatedtime", "updatedtime", "dctermsmodified", "dcdatemodified",
        "lastmodified", "lastmod", "modifieddate",
    ),
}  # fmt: skip
_BYLINES = "[rel=author],[itemprop=author],[class*=byline],[class*=author],[class*=signature]"
_AUTHOR_LINKS = (
    "a[rel=author],a[itemprop=author],a[href*=author],a[href*=auteur],a[href*=journalist],"
    "a[href*=writer],a[href*=contribut],a[href*=profil],a[href*=people]"
)
_MARKS = re.compile(r"[\W_]+")
_FEED_FOOT = re.compile(  # what WordPress adds to every summary
    r"(?:The post .{1,400} (?:appeared first on|first appeared on) .{1,100}|"
    r"(?:L['’]article|Cet article) .{1,400} est apparu en premier sur .{1,100}|"
    r"(?:ظهرت المقالة|ظهر المقال|التدوينة) .{1,400} (?:أولا|أولاً) (?:على|في) .{1,100})$",
    re.IGNORECASE | re.DOTALL,
)
_WORD = re.compile(r"\w+")


@dataclass(kw_only=True)
class PageMetadata:
    """A page's metadata; every value as printed."""

    headlines: list[str] = field(default_factory=list)  # JSON-LD's
    titles: list[str] = field(default_factory=list)  # the meta elements', in order of trust
    title: str = ""  # of the title element
    headings: list[Heading] = field(default_factory=list)  # as shown, in order
    dates: list[tuple[DateSource, str]] = field(default_factory=list)
    modified: list[str] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    people: list[str] = field(default_factory=list)  # these, else those in marked bylines
    section: str | None = None
    image: str | None = None
    canonical: str | None = None
    shared: str | None = None  # the address it wants to be shared by
    pictures: bool = False  # whether it shows any
    paragraphs: list[LexborNode] = field(default_factory=list)  # its p, also those removed since
    site: str = ""  # name of the site by og:site_name
    outlets: list[str] = field(default_factory=list)  # names that the page gives its outlet
    body: str = ""  # JSON-LD's articleBody
    summaries: list[str] = field(default_factory=list)  # descriptions of the article


def read_metadata(tree: LexborHTMLParser, parts: PageParts) -> PageMetadata:
    """Return the metadata of a page whose tree is still complete, and of which these are parts."""
    facts = PageMetadata()
    for node in parts.scripts:
        if (node.attrs.get("type") or "").lower() == "application/ld+json":
            for item in _json_ld_articles(node.text() or ""):
                _add_json_ld(facts, item)
    _add_meta(facts, parts.metas)
    facts.canonical = parts.canonical
    facts.pictures, facts.paragraphs = parts.pictures, parts.paragraphs
    facts.people = [name for raw in facts.authors for name in parse_metadata_author(raw)]
    facts.people = facts.people or _find_bylines(tree)
    facts.headings = read_headings(parts.headings)
    facts.outlets += [h.text for h in facts.headings if h.logo]
    facts.title = clean_headline(_title_of(parts.titles))
    first = [h.text for h in facts.headings if h.tag == "h1" and not h.logo]
    shown = dating.find_dates(
        parts.dated,
        [*first, *facts.headlines, *facts.titles, facts.title],
        title=parts.titles[0].text() if parts.titles else "",
    )
    facts.dates += shown.published
    facts.modified += shown.modified
    return facts


def _title_of(titles: Sequence[LexborNode]) -> str:
    """The title in the page's head, else the first: drawings have titles too."""
    in_head = (node for node in titles if node.parent is not None and node.parent.tag == "head")
    title = next(in_head, titles[0] if titles else None)
    return title.text() if title is not None else ""


def _find_bylines(tree: LexborHTMLParser) -> list[str]:
    """The authors in elements marked as bylines; signatures of comments don't count."""
    found: list[str] = []
    beside = 0
    for node in tree.css(_BYLINES)[:MAX_BYLINES]:
        around = node.parent.mem_id if node.parent is not None else 0
        if found and around != beside:
            break
        # a page that is named after its author is not his name
        if node.tag in PAGE_TAGS or "comment" in (node.attributes.get("class") or ""):
            continue
        names = _names_within(node)
        beside = around if names else beside
        found += [name for name in names if name not in found]
    return found[:MAX_AUTHORS]


def _names_within(node: LexborNode) -> list[str]:
    """The names in a byline; two links beside each other are two people."""
    shown = squeeze(node.text(separator=" ")[:MAX_BYLINE_SOURCE])
    whole = parse_byline(shown) or parse_names(shown)
    if len(whole) > 1:
        return whole
    links = node.css("a,li" if whole else _AUTHOR_LINKS)
    parts = [squeeze(link.text(separator=" ")[:MAX_BYLINE_SOURCE]) for link in links]
    names = [n for part in dict.fromkeys(parts) for n in parse_byline(part) or parse_names(part)]
    if whole and letters_only("".join(names)) != letters_only("".join(whole)):
        return whole
    return names[:MAX_AUTHORS]


def clean_summary(raw: str) -> str:
    """A description as one line of text; metadata and feeds write it with markup, or escaped."""
    text = html.unescape(raw[:MAX_SUMMARY_CHARACTERS])
    return squeeze(markup_to_text(text))


def find_unshown_summary(
    summaries: Sequence[str], shown: Sequence[str], outlet: Sequence[str]
) -> str:
    """What the summaries say and the shown texts do not; "" if these have it all.

    A summary that names the outlet and has no word of the first shown text, the headline, tells
    of the site.
    """
    text = "\n".join(shown)
    known = ""
    found = list[str]()
    for raw in summaries:
        whole = raw[:MAX_SUMMARY_CHARACTERS].strip(" .…")
        if whole and _has_word(text, whole):
            continue  # as it is, like most
        known = known or text.casefold()
        summary = _FEED_FOOT.sub("", raw[:MAX_SUMMARY_CHARACTERS]).strip()
        words = _long_words(summary.rstrip(" .…")) if summary not in found else []
        if summary.endswith(("…", "...", "[…]", "[...]")):
            words = words[:-1]  # cut, maybe within a word
        new = sum(not _has_word(known, word) for word in words)
        if len(words) < MIN_SUMMARY_WORDS or new <= MAX_NEW_WORDS * len(words):
            continue
        headline = _long_words(shown[0]) if shown else []
        if set(headline).isdisjoint(words) and any(
            name and name.casefold() in summary.casefold() for name in outlet
        ):
            continue
        found.append(summary)
        known += f"\n{summary.casefold()}"
    return "\n\n".join(found)


def _has_word(text: str, word: str) -> bool:
    """Whether a text has a word, or several as they are, and no longer ones."""
    at = text.find(word)
    while at >= 0:
        end = at + len(word)
        if not _WORD.match(text[at - 1 : at]) and not _WORD.match(text[end : end + 1]):
            return True
        at = text.find(word, end)
    return False


def _long_words(text: str) -> list[str]:
    return [word for word in _WORD.findall(text.casefold()) if len(word) >= MIN_WORD_CHARACTERS]


def markup_to_text(markup: str) -> str:
    """The text of a piece of HTML, one line per block element."""
    if "<" not in markup:
        return html.unescape(markup)
    tree = parse_html(markup.encode("utf-8", "replace"))
    body = tree.body
    if body is None:
        return ""
    return "\n".join(line.text for line in collect_lines(body).lines)


def _json_ld_articles(text: str) -> Iterator[Mapping[str, Any]]:
    """Yield the schema.org articles of a JSON-LD block, also in lists and @graph; none if
    malformed.
    """
    try:
        todo = [json.loads(_without_cdata(text), strict=False)]
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


def _without_cdata(text: str) -> str:
    """A script's text without the CDATA marks that XHTML wanted around it."""
    text = text.strip().removeprefix("//").lstrip()
    if not text.startswith("<![CDATA["):
        return text
    return text[len("<![CDATA[") :].removesuffix("]]>").rstrip().removesuffix("//")


def _add_json_ld(facts: PageMetadata, item: Mapping[str, Any]) -> None:
    if isinstance(title := item.get("headline"), str):
        facts.headlines.append(clean_headline(markup_to_text(title)))
    if isinstance(printed := item.get("datePublished"), str | int):
        facts.dates.append(("json-ld", str(printed)))
    if isinstance(printed := item.get("dateModified"), str | int):
        facts.modified.append(str(printed))
    facts.authors += _author_names(item.get("author"))
    publisher = item.get("publisher")
    name = publisher.get("name") if isinstance(publisher, Mapping) else publisher
    facts.outlets += [clean_headline(name)] if isinstance(name, str) and name else []
    section = item.get("articleSection")
    facts.section = facts.section or (section if isinstance(section, str) else None)
    facts.image = facts.image or next(iter(_image_urls(item.get("image"))), None)
    if isinstance(summary := item.get("description"), str):
        facts.summaries.append(clean_summary(summary))
    if isinstance(body := item.get("articleBody"), str) and len(body) > len(facts.body):
        facts.body = body


def _author_names(value: object) -> list[str]:
    if isinstance(value, list):
        return [name for item in value for name in _author_names(item)]
    if isinstance(value, Mapping):
        return _author_names(value.get("name"))
    printed = squeeze(value[:MAX_FIELD_CHARACTERS]) if isinstance(value, str) else ""
    return [printed] if printed else []


def _image_urls(value: object) -> list[str]:
    if isinstance(value, list):
        return [address for item in value for address in _image_urls(item)]
    if isinstance(value, Mapping):
        return _image_urls(value.get("url"))
    return [value] if isinstance(value, str) else []


# the pages of all outlets have the same few hundred names
@cached_by_text(maxsize=1_024, longest=MAX_META_NAME_CHARACTERS)
def _without_marks(name: str) -> str:
    return _MARKS.sub("", name)


def _add_meta(facts: PageMetadata, metas: Iterable[Mapping[str, str | None]]) -> None:
    said: dict[str, str] = {}
    signed: list[str] = []
    for attributes in metas:
        name = (
            attributes.get("property") or attributes.get("name") or attributes.get("itemprop") or ""
        )
        if content := (attributes.get("content") or "").strip():
            said.setdefault(name.lower(), content)
            if name.lower() in _META_NAMES["author"]:
                signed.append(squeeze(content[:MAX_FIELD_CHARACTERS]))
    first = {
        noun: next((said[name] for name in names if name in said), None)
        for noun, names in _META_NAMES.items()
    }
    facts.titles += [clean_headline(said[n]) for n in _META_NAMES["headline"] if n in said]
    dated = {
        _without_marks(name): content
        for name, content in reversed(said.items())
        if len(name) <= MAX_META_NAME_CHARACTERS
    }
    published, modified = (
        [dated[name] for name in _META_DATES[noun] if name in dated]
        for noun in ("published", "modified")
    )
    facts.dates += [("meta", printed) for printed in published[:MAX_META_DATES]]
    facts.modified += modified[:MAX_META_DATES]
    facts.authors = facts.authors or list(dict.fromkeys(signed))
    facts.section = facts.section or first["section"]
    facts.image = facts.image or first["image"]
    facts.shared = first["shared"]
    facts.summaries += [clean_summary(first["summary"])] if first["summary"] else []
    facts.site = clean_headline(first["site"] or "")
    facts.outlets += [clean_headline(said[n]) for n in _META_NAMES["site"] if n in said]
