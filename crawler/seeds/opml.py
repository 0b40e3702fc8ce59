"""OPML 2.0 (opml.org/spec2.opml): sources out to other feed readers, their subscriptions in. Pure.

What OPML has no word for (country, time zone, kind, selectors) stands in attributes of our own
namespace, so that an export read back gives the same sources; another reader's file lacks them, and
what is then guessed is marked in the seed file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from email.utils import format_datetime
from urllib.parse import urlsplit

from lxml import etree

from crawler import urls
from crawler.errors import RasdError
from crawler.model import Feed, Source
from crawler.seeds import scaffold
from crawler.seeds.scaffold import SourceDraft

NAMESPACE = "urn:rasd:opml"  # names attributes, leads nowhere
LARGEST = 5 * 1024 * 1024  # bytes; ten thousand subscriptions have two
MOST_OUTLINES = 20_000
_OURS = f"{{{NAMESPACE}}}"
_RSS = ("rss", "atom", "")


class OpmlError(RasdError, ValueError):
    """The file is no OPML that can be read."""

    exit_code = 65


# ── out ───────────────────────────────────────────────────────────────────────────────────────


def write(sources: Iterable[Source], now: datetime) -> bytes:
    """All feeds of these sources, a group a country. Kinds that no other reader knows are of type
    ``link``, which others skip."""
    root = etree.Element("opml", version="2.0", nsmap={"rasd": NAMESPACE})
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = "rasd: sources"
    etree.SubElement(head, "dateCreated").text = format_datetime(now)
    body = etree.SubElement(root, "body")
    groups: dict[str, etree._Element] = {}
    for source in sources:
        if source.country not in groups:
            groups[source.country] = etree.SubElement(body, "outline", text=source.country)
        for feed in source.feeds:
            etree.SubElement(groups[source.country], "outline", _attributes(source, feed))
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _attributes(source: Source, feed: Feed) -> dict[str, str]:
    rss = feed.kind == "feed"
    said = {
        "text": source.name,
        "title": source.name,
        "type": "rss" if rss else "link",
        "xmlUrl" if rss else "url": feed.url,
        "htmlUrl": source.home,
        "language": source.languages[0],
        _OURS + "source": source.slug,
        _OURS + "kind": feed.kind,
        _OURS + "country": source.country,
        _OURS + "languages": " ".join(source.languages),
        _OURS + "timezone": source.timezone,
        _OURS + "every": str(feed.every_seconds),
    }
    if feed.links is not None:
        said |= {_OURS + "links": feed.links, _OURS + "pages": str(feed.pages)}
    if feed.next_page_selector is not None:
        said[_OURS + "next"] = feed.next_page_selector
    if source.hosts:
        said[_OURS + "hosts"] = " ".join(source.hosts)
    return {key: "".join(c for c in value if c.isprintable()) for key, value in said.items()}


# ── in ────────────────────────────────────────────────────────────────────────────────────────


@dataclass(kw_only=True)
class Imported:
    """Drafts to be written, and what was left out with the reason."""

    drafts: list[SourceDraft] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def read(data: bytes, zones: Mapping[str, Sequence[str]], kinds: Sequence[str]) -> Imported:
    """A draft an outlet: feeds with one home belong together. OpmlError for what is no OPML, is too
    large or declares entities (a bomb; nothing honest needs them)."""
    imported = Imported()
    outlets: dict[str, list[tuple[Feed, etree._Element]]] = {}
    for node in _outlines(data):
        feed = _feed(node, kinds)
        if isinstance(feed, str):
            imported.left_out.append(feed)
        elif feed is not None:
            outlets.setdefault(_outlet(node, feed), []).append((feed, node))
    slugs: dict[str, int] = {}
    for members in outlets.values():
        draft = _draft(members, zones)
        slugs[draft.source.slug] = slugs.get(draft.source.slug, 0) + 1
        imported.drafts.append(_numbered(draft, slugs[draft.source.slug]))
    return imported


def _outlines(data: bytes) -> list[etree._Element]:
    if len(data) > LARGEST:
        raise OpmlError(f"larger than {LARGEST // 1024 // 1024} MB: no list of subscriptions")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise OpmlError(f"not XML: {error}") from error
    dtd = root.getroottree().docinfo.internalDTD
    if dtd is not None and next(iter(dtd.iterentities()), None) is not None:
        raise OpmlError("it declares entities, which no list of subscriptions needs")
    if root.tag != "opml":
        raise OpmlError(f"not OPML: its first element is <{root.tag}>")
    found = list(root.iterfind("body//outline"))
    if len(found) > MOST_OUTLINES:
        raise OpmlError(
            f"{len(found)} outlines: more than {MOST_OUTLINES}, no list of subscriptions"
        )
    return found


def _feed(node: etree._Element, kinds: Sequence[str]) -> Feed | str | None:
    """The feed of an outline, why it is none, or None for a mere group."""
    kind = node.get(_OURS + "kind") or "feed"
    printed = node.get("xmlUrl") or (node.get("url") if node.get(_OURS + "kind") else None)
    if not printed:
        return None
    title = node.get("title") or node.get("text") or printed
    url = urls.clean(printed)
    if url is None:
        return f"{title}: {printed!r} is no address that may be asked"
    if kind not in kinds or (node.get("type") or "").lower() not in (*_RSS, "link"):
        return f"{title}: of a kind that rasd does not poll"
    every = node.get(_OURS + "every") or ""
    pages = node.get(_OURS + "pages") or ""
    return Feed(
        url=printed if _is_ours(node) and printed.startswith(("http://", "https://")) else url,
        kind=kind,
        every_seconds=int(every[:9]) if every.isdecimal() and int(every[:9]) else 900,
        links=node.get(_OURS + "links") if kind == "section" else None,
        next_page_selector=node.get(_OURS + "next") if kind == "section" else None,
        pages=int(pages[:9]) if pages.isdecimal() and 1 <= int(pages[:9]) <= 20 else 3,
    )


def _outlet(node: etree._Element, feed: Feed) -> str:
    home = urls.clean(node.get("htmlUrl") or "") or feed.url
    return node.get(_OURS + "source") or urlsplit(home).hostname or home


def _draft(
    members: Sequence[tuple[Feed, etree._Element]], zones: Mapping[str, Sequence[str]]
) -> SourceDraft:
    first, node = members[0]
    parts = urlsplit(first.url)
    linked = urls.clean(node.get("htmlUrl") or "")
    ours = (
        linked and _is_ours(node) and str(node.get("htmlUrl")).startswith(("http://", "https://"))
    )
    home = (node.get("htmlUrl") if ours else linked) or f"{parts.scheme}://{parts.netloc}/"
    guessed: dict[str, str] = {}
    if not linked:
        guessed["home"] = "of the feed's address"
    state, zone = _where(node, urlsplit(home).hostname or "", zones, guessed)
    languages = _languages(node, guessed)
    feeds = {feed.url: feed for feed, _ in members}
    slug = node.get(_OURS + "source") or ""
    source = Source(
        slug=slug if scaffold.is_slug(slug) else scaffold.slug(home),
        name=node.get("title") or node.get("text") or urlsplit(home).hostname or first.url,
        home=home,
        country=state,
        languages=languages,
        timezone=zone,
        feeds=tuple(feeds.values()),
        hosts=tuple((node.get(_OURS + "hosts") or "").split()),
    )
    notes = ["Imported from OPML; look it through, then say here how sure you are of the feed."]
    return SourceDraft(
        source=source, notes=notes if guessed else ["Imported from OPML."], guessed=guessed
    )


def _where(
    node: etree._Element, host: str, zones: Mapping[str, Sequence[str]], guessed: dict[str, str]
) -> tuple[str, str]:
    state, zone = node.get(_OURS + "country") or "", node.get(_OURS + "timezone") or ""
    known_zones = {scaffold.UNKNOWN_ZONE, *(name for names in zones.values() for name in names)}
    if state not in zones:
        state, guessed["country"] = scaffold.country(host, node.get("language") or "", zones.keys())
    if zone not in known_zones:
        zone, guessed["timezone"] = scaffold.timezone(state, zones)
    return state, zone


def _languages(node: etree._Element, guessed: dict[str, str]) -> tuple[str, ...]:
    ours = (node.get(_OURS + "languages") or "").split()
    found = tuple(code for code in ours if scaffold.language(code) == code)
    if found:
        return found
    tagged = scaffold.language(node.get("language") or "")
    guessed["languages"] = "as the OPML says" if tagged else "not known: write the outlet's own"
    return (tagged or "en",)


def _is_ours(node: etree._Element) -> bool:
    """Whether rasd wrote this outline: its addresses then stay as they were written."""
    return node.get(_OURS + "source") is not None


def _numbered(draft: SourceDraft, number: int) -> SourceDraft:
    if number == 1:
        return draft
    return replace(draft, source=replace(draft.source, slug=f"{draft.source.slug}-{number}"))
