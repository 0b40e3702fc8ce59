"""OPML: what goes out comes back the same, and other readers see only what they know."""

from __future__ import annotations

from lxml import etree

from crawler import spiders
from crawler.exports import opml as exported
from crawler.model import Feed, Source
from crawler.seeds import Seeds, opml
from tests.builders import NOW, a_source
from tests.unit.seeds.test_scaffold import ZONES

KINDS = spiders.kinds()


def essence(source: Source) -> tuple[object, ...]:
    """What OPML carries of a source."""
    return (
        source.slug,
        source.name,
        source.home,
        source.country,
        source.languages,
        source.timezone,
        source.feeds,
        source.hosts,
    )


def test_every_source_that_ships_survives_the_way_out_and_in(seeds: Seeds) -> None:
    """Slug, country, languages, zone, feeds with their kinds, and no guess among them."""
    imported = opml.parse(exported.write(seeds.sources.values(), NOW), ZONES, KINDS)
    assert imported.left_out == []
    assert {essence(d.source) for d in imported.drafts} == {
        essence(s) for s in seeds.sources.values()
    }
    assert not any(d.guessed for d in imported.drafts)


def test_sections_survive_too() -> None:
    """With their selectors."""
    feed = Feed(
        url="http://news.test/a",
        kind="section",
        links='a[href*="/x"]',
        next_page_selector="a.n",
        pages=7,
    )
    (draft,) = opml.parse(exported.write([a_source(feeds=(feed,))], NOW), ZONES, KINDS).drafts
    assert draft.source.feeds == (feed,)


def test_other_readers_see_only_feeds() -> None:
    """What is no RSS has another type, and no xmlUrl."""
    feeds = (Feed(url="http://news.test/f"), Feed(url="http://news.test/s.xml", kind="sitemap"))
    nodes = etree.fromstring(exported.write([a_source(feeds=feeds)], NOW)).findall(
        ".//outline[@type]"
    )
    assert [(n.get("type"), n.get("xmlUrl")) for n in nodes] == [
        ("rss", "http://news.test/f"),
        ("link", None),
    ]
