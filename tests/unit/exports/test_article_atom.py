"""Articles as Atom: what a feed reader makes of it is what the archive has."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import feedparser
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from crawler import exports
from crawler.exports.article_atom import ATOM
from crawler.exports.formats import Export
from crawler.exports.record import ArticleRecord, article_record
from crawler.feeds import syndication
from tests.builders import NOW, a_match, kept
from tests.unit.exports.test_record import HEAD, RIVER, flagged

ABOUT = Export(title="دجلة OR tigre · label general", made_at=NOW + timedelta(days=2))
NAMES = {"a": ATOM, "x": "http://www.w3.org/1999/xhtml", "rasd": "urn:rasd:atom"}


def written(*records: ArticleRecord) -> bytes:
    """The whole feed."""
    return b"".join(exports.ARTICLES["atom"](records, ABOUT))


def found() -> ArticleRecord:
    """A flagged article that answers a search."""
    return article_record(flagged(), country="MA", answer=a_match(mentions=(RIVER,)))


def test_a_reader_sees_why_an_article_is_there() -> None:
    """The sentence that answers the search, evidence, scores, themes and actors; address and
    dates."""
    read: Any = feedparser.parse(written(found()))
    assert not read.bozo
    assert (read.feed.title, read.feed.updated) == (f"rasd: {ABOUT.title}", "2026-11-25T10:00:00Z")
    (entry,) = read.entries
    assert (entry.title, entry.link, entry.summary) == (
        "Dams are full", "http://news.test/a", "The river rose by a metre.",
    )  # fmt: skip
    assert entry.published == entry.updated == "2026-11-23T10:00:00Z"
    tags = {(tag.scheme.rpartition(":")[2], tag.term, tag.label) for tag in entry.tags}
    assert tags == {
        ("label", "general", "general"), ("label", "security", "security"),
        ("theme", "rain", "rain"), ("theme", "police", "police"),
        ("actor", "A. Minister", "A. Minister (minister, water)"),
    }  # fmt: skip
    assert [author.name for author in entry.authors] == ["B", "A"]
    shown = entry.content[0].value
    for part in ("a river rises (+12)", "general 0.90", "themes: rain", "news (MA)", "A. Minister"):
        assert part in shown
    root = etree.fromstring(written(found()))
    scores = {one.get("label"): one.text for one in root.iterfind(".//rasd:score", NAMES)}
    assert scores == {"general": "0.90", "security": "0.60", "floods": "0.40"}


def test_each_text_has_its_language_and_direction() -> None:
    """Arabic runs from right to left, and what rasd says of it from left to right."""
    record = replace(found(), language="ar", headline="فاض النهر", sentence="ارتفع النهر مترا.")
    root = etree.fromstring(written(record))
    (outer, facts) = root.iterfind(".//x:div", NAMES)
    lang = "{http://www.w3.org/XML/1998/namespace}lang"
    assert (outer.get(lang), outer.get("dir")) == ("ar", "rtl")
    assert (facts.get(lang), facts.get("dir")) == ("en", "ltr")
    assert root.find(".//a:entry/a:title", NAMES).get(lang) == "ar"
    assert root.find(".//a:entry/a:link", NAMES).get("hreflang") == "ar"


def test_ids_stay_the_same() -> None:
    """Of the feed while the search is the same, of an entry while it is in the archive: whatever
    changes about the article, and whenever it is exported."""

    def ids(record: ArticleRecord, about: Export) -> list[str]:
        feed = b"".join(exports.ARTICLES["atom"]([record], about))
        return [one.text for one in etree.fromstring(feed).iter(f"{{{ATOM}}}id")]

    first = ids(found(), ABOUT)
    later = replace(ABOUT, made_at=NOW + timedelta(days=400))
    moved = replace(found(), url="http://news.test/moved", headline="", source="other")
    assert ids(moved, later) == first
    assert len(set(first)) == 2 and first[1] == "tag:rasd.invalid,2026-11-23:article/7"
    assert ids(replace(found(), id=8), ABOUT)[1] != first[1]
    assert ids(found(), replace(ABOUT, title="tigre"))[0] != first[0]


def test_an_article_of_which_little_is_known_is_an_entry() -> None:
    """Atom wants a title, an author and a time of each: address, source and first sight serve."""
    bare = kept(3, "", headline="", published=None, authors=())
    (entry,) = feedparser.parse(written(article_record(bare))).entries
    assert (entry.title, entry.author) == (bare.article.url, "news")
    assert entry.updated == "2026-11-23T10:00:00Z" and "published" not in entry
    answered = article_record(flagged(), answer=a_match(mentions=(HEAD,)))
    (entry,) = feedparser.parse(written(answered)).entries
    assert entry.summary == answered.lead


def test_our_own_reader_reads_it() -> None:
    """As a feed of two entries, with their titles and addresses."""
    records = [found(), replace(found(), id=8, url="http://news.test/b", headline="B & C")]
    window = syndication.parse(written(*records), "http://desk.test/feed", "application/atom+xml")
    assert window.kind == "atom10"
    assert [entry.url for entry in window.entries] == ["http://news.test/a", "http://news.test/b"]
    assert window.entries[1].title == "B & C"


@given(text=st.text(max_size=40), tail=st.sampled_from(["\x00", "\x0b", "\ufffe", "]]>", "<&\"'"]))
def test_whatever_a_page_holds_the_feed_is_xml(text: str, tail: str) -> None:
    """Characters that XML forbids are replaced; all others come back."""
    record = replace(found(), headline=text + tail, url=f"http://news.test/{tail}", themes=(tail,))
    root = etree.fromstring(written(record))
    title = root.findtext("a:entry/a:title", namespaces=NAMES)
    kept_characters = [c for c in text + tail if c.isprintable()]
    assert [c for c in title if c.isprintable() and c != "\ufffd"] == [
        c for c in kept_characters if c != "\ufffd"
    ]
