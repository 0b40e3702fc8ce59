"""A page becomes an article: text by trafilatura, everything else by our own reading of metadata.

Pure; a page that has no text gives an article with an empty body, never nothing. What may hang or
crash here is somebody else's care: this runs in a worker that can be killed.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import lxml.html
import trafilatura
from lxml.etree import LxmlError

from crawler import charset, datelines, dates, urls
from crawler.languages.detect import detect
from crawler.model import Article, DateSource, Extraction, Page, ReaderName, Rejection, Source

LONGEST_BODY = 1_000_000  # characters; the longest real article seen has a tenth of it
LONGEST_HEADLINE = 500  # characters; a page may call a megabyte its title
SHORT = 250  # characters: below this the precise mode may have thrown the article away with the menu
LEAD = 120  # characters a lead has at least, where the text goes on so long

_HTML = frozenset({"", "text/html", "application/xhtml+xml", "application/xml", "text/xml"})
_BINARY = (b"%PDF", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"PK\x03\x04", b"\x1f\x8b", b"RIFF")
_ARTICLE_TYPES = re.compile(r"Article|BlogPosting|Report|LiveBlogPosting")
_SEPARATOR = re.compile(r"\s+[|–—-]\s+|\s*\|\s*")
_META: dict[str, tuple[str, ...]] = {  # in order of trust
    "headline": ("og:title", "twitter:title"),
    "published": ("article:published_time", "og:article:published_time", "datepublished", "dc.date.issued", "pubdate", "publish_date", "publishdate", "publish-date", "parsely-pub-date",
                  "sailthru.date", "rnews:datepublished", "og:published_time", "article.published", "dc.date", "dcterms.created", "date"),
    "modified": ("article:modified_time", "og:updated_time", "datemodified"),
    "author": ("author", "article:author", "dc.creator"),
    "section": ("article:section", "section"),
    "image": ("og:image", "twitter:image"),
    "site": ("og:site_name",),
}  # fmt: skip


@dataclass(kw_only=True)
class _Facts:
    """What a page says of itself; every value as printed."""

    headlines: list[str] = field(default_factory=list)  # in order of trust
    dates: list[tuple[DateSource, str]] = field(default_factory=list)
    modified: list[str] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    section: str | None = None
    image: str | None = None
    canonical: str | None = None
    site: str = ""
    body: str = ""  # JSON-LD's articleBody
    language: str | None = None
    around: tuple[list[str], list[str]] = field(default_factory=lambda: ([], []))  # lines above, below the h1


def extract(page: Page, source: Source) -> Article | Rejection:
    """The article in a page's bytes, or why it is none (``not_html``)."""
    if page.content_type not in _HTML or page.body.lstrip()[:4].startswith(_BINARY) or charset.is_binary(page.body):
        return Rejection(reason="not_html", detail=page.content_type or "binary")
    page = replace(page, body=charset.utf8(page.body, page.content_type_header))
    facts = _facts(page)
    paragraphs, reader = _paragraphs(page, facts)
    how: Extraction = "full" if paragraphs else "empty"
    return _article(page, source, facts, paragraphs, how, reader)


def from_entry(page: Page, source: Source, extraction: Extraction) -> Article:
    """The article made of the feed's entry alone, for a page that broke its reader."""
    return _article(page, source, _Facts(), [], extraction)


def _article(
    page: Page,
    source: Source,
    facts: _Facts,
    paragraphs: Sequence[str],
    extraction: Extraction,
    reader: ReaderName = "fallback",
) -> Article:
    entry = page.entry
    named = [*facts.headlines, entry.title if entry else ""]
    headline = next((h for raw in named if (h := _headline(raw, source, facts.site))), "")[:LONGEST_HEADLINE]
    if paragraphs and paragraphs[0] == headline:
        paragraphs = paragraphs[1:]  # some extractions begin by saying the headline again
    body = "\n\n".join(paragraphs)[:LONGEST_BODY]
    lead = _lead(paragraphs) or (entry.summary if entry else "")
    canonical = _canonical(page, facts)
    witnesses = list(facts.dates)
    if entry is not None:
        witnesses += [("feed", printed) for printed in (entry.published, entry.updated) if printed]
    if day := dates.in_url(page.url):
        witnesses.append(("url", day))
    seen = page.fetched_at
    shown = datelines.printed(*facts.around, zone=source.timezone, country=source.country, now=seen)
    witnesses += [("text", printed) for printed in shown]
    modified = [d[0] for raw in facts.modified if (d := dates.parse(raw, zone=source.timezone))]
    return Article(
        source=source.slug,
        url=page.requested_url,
        canonical_url=canonical,
        url_key=urls.key(canonical),
        headline=headline,
        lead=lead,
        body=body,
        language=detect(f"{headline}\n{body or lead}", source.languages),
        authors=tuple(dict.fromkeys(facts.authors)),
        section=facts.section,
        image=facts.image,
        published=dates.resolve(witnesses, zone=source.timezone, first_seen_at=seen, country=source.country),
        modified_at=next((at for at in modified if at <= seen + dates.AHEAD), None),
        first_seen_at=seen,
        extraction=extraction,
        reader=reader,
    )


# ── text ──────────────────────────────────────────────────────────────────────────────────────


def _paragraphs(page: Page, facts: _Facts) -> tuple[list[str], ReaderName]:
    """The text's paragraphs from the first way that finds enough: precise, default, JSON-LD, feed.

    Precision first: "read also" boxes are the commonest cause of false alarms.
    """
    best: list[str] = []
    for precise in (True, False):
        found = _trafilatura(page, precise)
        if sum(map(len, found)) > sum(map(len, best)):
            best = found
        if sum(map(len, best)) >= SHORT:
            return best, "trafilatura"
    written = facts.body or (page.entry.content_html if page.entry else None) or ""
    if len(written) > sum(map(len, best)):
        return _split(_text_of(written)), "json-ld" if facts.body else "fallback"
    return best, "trafilatura"


def _trafilatura(page: Page, precise: bool) -> list[str]:
    found: Any = trafilatura.bare_extraction(
        page.body,
        url=page.url,
        favor_precision=precise,
        include_comments=False,
        include_tables=False,
        with_metadata=False,
    )
    return _split(found.text or "") if found is not None else []


def _split(text: str) -> list[str]:
    return [p for line in charset.readable(text).splitlines() if (p := " ".join(line.split()))]


def _text_of(markup: str) -> str:
    if "<" not in markup:
        return markup
    try:
        tree = lxml.html.fragment_fromstring(markup, create_parent="div")
    except (LxmlError, ValueError):
        return re.sub(r"<[^<>]*>", " ", markup)
    for block in tree.iter("p", "br", "div", "li", "h2", "h3", "blockquote"):
        block.tail = "\n" + (block.tail or "")
    return str(tree.text_content())


def _lead(paragraphs: Sequence[str]) -> str:
    """The first paragraphs up to LEAD characters, as they stand in the body."""
    lead = ""
    for paragraph in paragraphs:
        lead = f"{lead}\n\n{paragraph}" if lead else paragraph
        if len(lead) >= LEAD:
            break
    return lead


# ── what a page says of itself ────────────────────────────────────────────────────────────────


def _facts(page: Page) -> _Facts:
    facts = _Facts()
    # The charset is found in the bytes, not believed: many pages declare none or another (M33).
    tree: Any = trafilatura.load_html(page.body) if page.body.strip() else None
    if tree is None:
        return facts
    for node in tree.iter("script"):
        if (node.get("type") or "").lower() == "application/ld+json":
            for item in _linked(node.text_content()):
                _take_linked(facts, item)
    _take_meta(facts, tree)
    for link in tree.iter("link"):
        if (link.get("rel") or "").lower() == "canonical" and facts.canonical is None:
            facts.canonical = link.get("href")
    for node in tree.iter("time"):
        if printed := node.get("datetime") or node.text_content():
            facts.dates.append(("time", printed))
            break  # the first stands by the headline; later ones date the boxes beside it
    if (top := next(tree.iter("h1"), None)) is not None:
        facts.around = datelines.around(top)
    _take_shown_headline(facts, [_squeezed(n.text_content()) for n in tree.iter("h1")])
    facts.headlines += [_squeezed(n.text_content()) for n in tree.iter("title")][:1]
    return facts


def _take_shown_headline(facts: _Facts, shown: Sequence[str]) -> None:
    """The h1 is what readers see, metadata what machines are told; where the two are about the same
    thing (a third of the words), the shown one stands. An h1 that is the outlet's name shares none."""
    for headline in shown:
        words = set(re.findall(r"\w+", headline.casefold()))
        for told in facts.headlines:
            common = words & set(re.findall(r"\w+", told.casefold()))
            if len(words) >= 3 and 3 * len(common) >= len(words):
                facts.headlines.insert(0, headline)
                return
    facts.headlines += shown[:1]


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


def _take_linked(facts: _Facts, item: Mapping[str, Any]) -> None:
    if isinstance(title := item.get("headline"), str):
        facts.headlines.append(_squeezed(_text_of(title)))
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
    return [_squeezed(value)] if isinstance(value, str) and value.strip() else []


def _addresses(value: object) -> list[str]:
    if isinstance(value, list):
        return [address for item in value for address in _addresses(item)]
    if isinstance(value, Mapping):
        return _addresses(value.get("url"))
    return [value] if isinstance(value, str) else []


def _take_meta(facts: _Facts, tree: Any) -> None:
    said: dict[str, str] = {}
    for node in tree.iter("meta"):
        name = node.get("property") or node.get("name") or node.get("itemprop") or ""
        if content := (node.get("content") or "").strip():
            said.setdefault(name.lower(), content)
    first = {
        noun: next((said[name] for name in names if name in said), None)
        for noun, names in _META.items()
    }
    facts.headlines += [_squeezed(first["headline"])] if first["headline"] else []
    facts.dates += [("meta", first["published"])] if first["published"] else []
    facts.modified += [first["modified"]] if first["modified"] else []
    author = first["author"]
    if author and not facts.authors and not author.startswith("http"):
        facts.authors.append(_squeezed(author))
    facts.section = facts.section or first["section"]
    facts.image = facts.image or first["image"]
    facts.site = first["site"] or ""


def _canonical(page: Page, facts: _Facts) -> str:
    """The canonical address, honoured within the page's own registrable domain only: a page must
    not be able to say that it is another outlet's article. A site's home is nobody's canonical."""
    said = urls.clean(facts.canonical, page.url) if facts.canonical else None
    if said is None or urls.registrable(said) != urls.registrable(page.url):
        return page.url
    return page.url if "/" not in urls.key(said) else said


def _headline(raw: str, source: Source, site: str) -> str:
    """The headline without the outlet's name: "Accord signé | Le Sillon" → "Accord signé"."""
    text = _squeezed(raw)
    names = {n.casefold() for n in (source.name, *source.names.values(), site) if n}
    parts = _SEPARATOR.split(text)
    if len(parts) > 1 and parts[-1].strip().casefold() in names:
        cut = text[: text.rfind(parts[-1])]
        return re.sub(r"[\s|–—-]+$", "", cut)
    return text


def _squeezed(text: str) -> str:
    # Headlines in metadata are often escaped once too often: Strava&#8217;s.
    return " ".join(charset.readable(html.unescape(text)).split())
