"""Articles as an Atom feed (RFC 4287) for a feed reader, as they come. Pure.

An entry shows why it is there: the sentence that answers the search, the lines of evidence with
their sentences, scores, themes, actors. It has no body: a feed may be read by others than those who
keep the archive. Labels, themes and actors are categories, each of a scheme of its own. Ids are tag
URIs (RFC 4151) that stay the same in every export of one archive.

    <feed> title, id, updated (of the export)
      <entry>, in the order in which the articles come: id, title, link, published, updated, author,
               category …, rasd:score …, summary (the sentence, else the lead), content (XHTML)
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from urllib.parse import quote
from xml.sax.saxutils import XMLGenerator
from xml.sax.xmlreader import AttributesImpl

from crawler import languages
from crawler.exports.formats import Export
from crawler.exports.record import ArticleRecord

ATOM = "http://www.w3.org/2005/Atom"
XHTML = "http://www.w3.org/1999/xhtml"
AUTHORITY = "rasd.invalid,2026"  # of tag URIs: of no one's domain, from the first year on
RASD = "urn:rasd:atom"  # namespace of ``rasd:score``; names it, leads nowhere
# What no document of XML may hold (XML 1.0, 2.2), not even escaped.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(records: Iterable[ArticleRecord], about: Export) -> Iterator[bytes]:
    """The feed's head, an entry for each record, the feed's end; UTF-8."""
    text = io.StringIO()
    xml = _Writer(text)
    with xml.whole_feed():
        _head(xml, about)
        yield _drained(text)
        for record in records:
            with xml.element("entry"):
                _entry(xml, record)
            yield _drained(text)
    yield _drained(text)


class _Writer:
    """Elements written one after the other, with only characters that XML knows."""

    def __init__(self, text: io.StringIO) -> None:
        self._xml = XMLGenerator(text, "utf-8", short_empty_elements=True)

    @contextmanager
    def whole_feed(self) -> Iterator[None]:
        self._xml.startDocument()
        with self.element("feed", {"xmlns": ATOM, "xmlns:rasd": RASD}):
            yield
        self._xml.endDocument()

    @contextmanager
    def element(self, name: str, attributes: dict[str, str] | None = None) -> Iterator[None]:
        given = {key: _clean(value) for key, value in (attributes or {}).items()}
        self._xml.startElement(name, AttributesImpl(given))
        yield
        self._xml.endElement(name)

    def leaf(self, name: str, text: str = "", attributes: dict[str, str] | None = None) -> None:
        with self.element(name, attributes):
            self._xml.characters(_clean(text))


def _head(xml: _Writer, about: Export) -> None:
    xml.leaf("title", f"rasd: {about.title}")
    xml.leaf("id", f"tag:{AUTHORITY}:search/{quote(about.title)}")
    xml.leaf("updated", _time(about.made_at))
    xml.leaf("generator", "rasd")


def _entry(xml: _Writer, record: ArticleRecord) -> None:
    seen_on = record.first_seen_at.astimezone(UTC).date()
    xml.leaf("id", f"tag:rasd.invalid,{seen_on}:article/{record.id}")
    spoken = {"xml:lang": record.language}
    xml.leaf("title", record.headline or record.url, spoken)
    xml.leaf("link", "", {"rel": "alternate", "href": record.url, "hreflang": record.language})
    if record.published_at is not None:
        xml.leaf("published", _time(record.published_at))
    xml.leaf("updated", _time(record.modified_at or record.published_at or record.first_seen_at))
    for name in record.authors or (record.source,):
        with xml.element("author"):
            xml.leaf("name", name)
    for scheme, term, label in _categories(record):
        named = {"term": term, "scheme": f"tag:{AUTHORITY}:{scheme}", "label": label}
        xml.leaf("category", "", named)
    for label, score in record.score.items():
        xml.leaf("rasd:score", f"{score:.2f}", {"label": label})
    xml.leaf("summary", record.sentence or record.lead, spoken)
    with xml.element("content", {"type": "xhtml"}):
        _content(xml, record)


def _categories(record: ArticleRecord) -> Iterator[tuple[str, str, str]]:
    """(scheme, term, words for people)"""
    yield from (("label", label, label) for label in record.labels)
    yield from (("theme", theme, theme) for theme in record.themes)
    for one in record.actors:
        yield "actor", one.name, f"{one.name} ({one.role}, {one.side})"


def _content(xml: _Writer, record: ArticleRecord) -> None:
    """The proof as XHTML, in the direction of the article's language; facts run left to right."""
    side = languages.direction(record.language)
    with xml.element("div", {"xmlns": XHTML, "xml:lang": record.language, "dir": side}):
        for sentence in dict.fromkeys(_sentences(record)):
            xml.leaf("blockquote", sentence)
        with xml.element("div", {"xml:lang": "en", "dir": "ltr"}):
            xml.leaf("p", " · ".join(_facts(record)))
            if record.evidence:
                with xml.element("ul"):
                    for line in record.evidence:
                        xml.leaf("li", f"{line.label}: {line.name} ({line.points:+d})")


def _sentences(record: ArticleRecord) -> Iterator[str]:
    """The sentence that answers the search, then those of the evidence; the lead if there are
    none."""
    found = [record.sentence, *(line.sentence for line in record.evidence)]
    yield from filter(None, found if any(found) else [record.lead])


def _facts(record: ArticleRecord) -> Iterator[str]:
    yield f"{record.source} ({record.country})" if record.country else record.source
    yield from (f"{label} {score:.2f}" for label, score in record.score.items())
    if record.themes:
        yield f"themes: {', '.join(record.themes)}"
    if record.actors:
        yield f"actors: {', '.join(one.name for one in record.actors)}"


def _time(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", text)


def _drained(text: io.StringIO) -> bytes:
    piece = text.getvalue().encode("utf-8")
    text.seek(0)
    text.truncate()
    return piece
