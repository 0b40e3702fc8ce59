"""Read OPML 2.0 (opml.org/spec2.opml), the subscriptions of a feed reader, as drafts of sources.
Pure.

What OPML doesn't define (country, time zone, kind, selectors) stands in attributes of our own
namespace, so that a file written by ``exports.opml`` is read back as the same sources. Files of
other readers lack them; guessed values are marked in the seed file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from lxml import etree

from crawler import urls
from crawler.errors import RasdError
from crawler.model import Feed, Source
from crawler.seeds import guesses
from crawler.seeds.scaffold import SourceDraft

DEFAULT_INTERVAL = 900  # seconds between two polls, if a list gives none that `every` may be
MIN_INTERVAL, MAX_INTERVAL = 30, 7 * 86_400

NAMESPACE = "urn:rasd:opml"  # names attributes, leads nowhere
MAX_OPML_BYTES = 5 * 1024 * 1024  # bytes; ten thousand subscriptions have two
MAX_OUTLINES = 20_000
RASD = f"{{{NAMESPACE}}}"  # before the name of an attribute, as lxml writes namespaces
_RSS = ("rss", "atom", "")


class OpmlError(RasdError, ValueError):
    """The file cannot be read as OPML."""

    exit_code = 65


@dataclass(kw_only=True)
class Imported:
    """The drafts of a file, and what was left out, each with the reason."""

    drafts: list[SourceDraft] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def parse(data: bytes, zones: Mapping[str, Sequence[str]], kinds: Sequence[str]) -> Imported:
    """Return one draft per outlet: feeds with the same home page belong together.

    Raises OpmlError for files that are not OPML, are too large or declare entities (a bomb).
    """
    imported = Imported()
    outlets: dict[str, list[tuple[Feed, etree._Element]]] = {}
    for node in _parse_outlines(data):
        feed = _parse_feed(node, kinds)
        if isinstance(feed, str):
            imported.left_out.append(feed)
        elif feed is not None:
            outlets.setdefault(_outlet_key(node, feed), []).append((feed, node))
    slugs: dict[str, int] = {}
    for members in outlets.values():
        draft = _build_draft(members, zones)
        slugs[draft.source.slug] = slugs.get(draft.source.slug, 0) + 1
        imported.drafts.append(_numbered(draft, slugs[draft.source.slug]))
    return imported


def _parse_outlines(data: bytes) -> list[etree._Element]:
    if len(data) > MAX_OPML_BYTES:
        raise OpmlError(
            f"larger than {MAX_OPML_BYTES // 1024 // 1024} MB: no list of subscriptions"
        )
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
    if len(found) > MAX_OUTLINES:
        raise OpmlError(
            f"{len(found)} outlines: more than {MAX_OUTLINES}, no list of subscriptions"
        )
    return found


def _parse_feed(node: etree._Element, kinds: Sequence[str]) -> Feed | str | None:
    """The feed of an outline, the reason why it is unusable, or None for a group."""
    kind = node.get(RASD + "kind") or "feed"
    printed = node.get("xmlUrl") or (node.get("url") if node.get(RASD + "kind") else None)
    if not printed:
        return None
    title = node.get("title") or node.get("text") or printed
    url = urls.clean(printed)
    if url is None:
        return f"{title}: {printed!r} is no address that may be asked"
    if kind not in kinds or (node.get("type") or "").lower() not in (*_RSS, "link"):
        return f"{title}: of a kind that rasd does not poll"
    every = node.get(RASD + "every") or ""
    pages = node.get(RASD + "pages") or ""
    return Feed(
        url=printed if _is_ours(node) and printed.startswith(("http://", "https://")) else url,
        kind=kind,
        every_seconds=_interval(every),
        links=node.get(RASD + "links") if kind == "section" else None,
        next_page_selector=node.get(RASD + "next") if kind == "section" else None,
        pages=int(pages[:9]) if pages.isdecimal() and 1 <= int(pages[:9]) <= 20 else 3,
    )


def _interval(every: str) -> int:
    """The seconds that another list gives, if a seed file may give them."""
    seconds = int(every[:9]) if every.isascii() and every.isdecimal() else 0
    return seconds if MIN_INTERVAL <= seconds <= MAX_INTERVAL else DEFAULT_INTERVAL


def _outlet_key(node: etree._Element, feed: Feed) -> str:
    home = urls.clean(node.get("htmlUrl") or "") or feed.url
    return node.get(RASD + "source") or urlsplit(home).hostname or home


def _build_draft(
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
    state, zone = _country_and_zone(node, urlsplit(home).hostname or "", zones, guessed)
    languages = _parse_languages(node, guessed)
    feeds = {feed.url: feed for feed, _ in members}
    slug = node.get(RASD + "source") or ""
    source = Source(
        slug=slug if guesses.is_slug(slug) else guesses.make_slug(home),
        name=node.get("title") or node.get("text") or urlsplit(home).hostname or first.url,
        home=home,
        country=state,
        languages=languages,
        timezone=zone,
        feeds=tuple(feeds.values()),
        hosts=tuple((node.get(RASD + "hosts") or "").split()),
    )
    notes = ["Imported from OPML; look it through, then say here how sure you are of the feed."]
    return SourceDraft(
        source=source, notes=notes if guessed else ["Imported from OPML."], guessed=guessed
    )


def _country_and_zone(
    node: etree._Element, host: str, zones: Mapping[str, Sequence[str]], guessed: dict[str, str]
) -> tuple[str, str]:
    state, zone = node.get(RASD + "country") or "", node.get(RASD + "timezone") or ""
    known_zones = {guesses.UNKNOWN_ZONE, *(name for names in zones.values() for name in names)}
    if state not in zones:
        state, guessed["country"] = guesses.guess_country(
            host, node.get("language") or "", zones.keys()
        )
    if zone not in known_zones:
        zone, guessed["timezone"] = guesses.guess_timezone(state, zones)
    return state, zone


def _parse_languages(node: etree._Element, guessed: dict[str, str]) -> tuple[str, ...]:
    ours = (node.get(RASD + "languages") or "").split()
    found = tuple(code for code in ours if guesses.supported_language(code) == code)
    if found:
        return found
    tagged = guesses.supported_language(node.get("language") or "")
    guessed["languages"] = "as the OPML says" if tagged else "not known: write the outlet's own"
    return (tagged or "en",)


def _is_ours(node: etree._Element) -> bool:
    """Whether rasd wrote this outline: then its URLs are kept as written."""
    return node.get(RASD + "source") is not None


def _numbered(draft: SourceDraft, number: int) -> SourceDraft:
    if number == 1:
        return draft
    return replace(draft, source=replace(draft.source, slug=f"{draft.source.slug}-{number}"))
