"""Sources as OPML 2.0 (opml.org/spec2.opml), for feed readers and ``seeds.opml``. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from email.utils import format_datetime

from crawler.model import Feed, Source


def write(sources: Iterable[Source], now: datetime) -> bytes:
    """All feeds of these sources as OPML, grouped by country.

    Kinds that other readers don't know have the type ``link``, which they skip.
    """
    from lxml import etree  # here: what exports an article waits for no XML

    from crawler.seeds.opml import NAMESPACE

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
    from crawler.seeds.opml import RASD

    rss = feed.kind == "feed"
    attributes = {
        "text": source.name,
        "title": source.name,
        "type": "rss" if rss else "link",
        "xmlUrl" if rss else "url": feed.url,
        "htmlUrl": source.home,
        "language": source.languages[0],
        RASD + "source": source.slug,
        RASD + "kind": feed.kind,
        RASD + "country": source.country,
        RASD + "languages": " ".join(source.languages),
        RASD + "timezone": source.timezone,
        RASD + "every": str(feed.every_seconds),
    }
    if feed.links is not None:
        attributes |= {RASD + "links": feed.links, RASD + "pages": str(feed.pages)}
    if feed.next_page_selector is not None:
        attributes[RASD + "next"] = feed.next_page_selector
    if source.hosts:
        attributes[RASD + "hosts"] = " ".join(source.hosts)
    return {key: "".join(c for c in value if c.isprintable()) for key, value in attributes.items()}
