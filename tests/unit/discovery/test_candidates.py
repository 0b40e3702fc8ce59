"""From an address to a seed file: where to look, what is one feed, how guesses are marked."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from crawler import seeds, spiders
from crawler.discovery import candidates
from crawler.discovery.candidates import Candidate, TriedCandidate
from crawler.discovery.homepage import Homepage
from crawler.model import FeedEntry, FeedWindow, ProbeResponse
from crawler.seeds import scaffold
from tests.builders import NOW, an_entry

HOME = "https://news.ma/"
ZONES = {"MA": ("Africa/Casablanca",), "FR": ("Europe/Paris",)}


def tried(
    path: str, *ids: int, kind: str = "feed", origin: str = "a common path", to: str = ""
) -> TriedCandidate:
    """A candidate that shows these articles, an hour apart."""
    url = f"https://news.ma{path}"
    at = [(NOW - timedelta(hours=n)).isoformat() for n in ids]
    entries = tuple(
        FeedEntry(url=f"https://news.ma/{n}", title="Les ministres de la pêche", published=a)
        for n, a in zip(ids, at, strict=True)
    )
    return TriedCandidate(
        candidate=Candidate(url=url, kind=kind, origin=origin),
        response=ProbeResponse(asked=url, url=f"https://news.ma{to}" if to else url, status=200),
        window=FeedWindow(kind="rss20", title="Les Nouvelles", entries=entries),
    )


def test_robots_name_sitemaps() -> None:
    """Any case, comments and other lines apart; what may not be asked is left out."""
    text = (
        "User-agent: *\nSITEMAP:https://news.ma/a.xml\n# Sitemap: /no\n Sitemap: "
        "/b.xml\nSitemap: ftp://x/y\n"
    )
    assert candidates.find_sitemap_urls(text, HOME) == (
        "https://news.ma/a.xml",
        "https://news.ma/b.xml",
    )


def test_candidates_come_in_order_and_once() -> None:
    """What the page links, what WordPress and robots.txt name, then common paths; never too
    many.
    """
    front = Homepage(feeds=("https://news.ma/feed", "https://news.ma/ar/feed"))
    link = '<https://news.ma/wp-json/>; rel="https://api.w.org/"'
    robots = "Sitemap: https://news.ma/sitemap.xml\nSitemap: https://news.ma/sitemap-news.xml"
    found = candidates.find_candidates(HOME, front, link, robots)
    urls = [c.url for c in found]
    assert urls[:5] == [
        "https://news.ma/feed",
        "https://news.ma/ar/feed",
        "https://news.ma/wp-json/wp/v2/posts",
        "https://news.ma/sitemap-news.xml",
        "https://news.ma/sitemap.xml",
    ]
    assert len(urls) == len(set(urls))
    assert {"https://news.ma/atom.xml", "https://news.ma/?feed=rss2"} < set(urls)
    many = Homepage(feeds=tuple(f"https://news.ma/{n}" for n in range(99)))
    assert len(candidates.find_candidates(HOME, many, "", "")) == candidates.MAX_CANDIDATES


def test_links_that_say_rss_come_before_common_paths() -> None:
    """After what is surely a feed; a feed of the Link header counts as linked."""
    front = Homepage(feeds=("https://news.ma/1",), anchors=("https://news.ma/a", HOME + "feed"))
    link = "</h>; rel=alternate; type=application/rss+xml"
    found = candidates.find_candidates(HOME, front, link, "Sitemap: /s.xml")
    assert [c.url[15:] for c in found][:6] == ["/1", "/h", "/s.xml", "/a", "/feed", "/feed/"]


def test_one_feed_under_two_addresses_is_one() -> None:
    """The same entries, or the same address after a redirect; empty ones and failures are none."""
    empty = replace(tried("/empty"), window=FeedWindow(kind="rss20"))
    lost = replace(tried("/lost"), window=None)
    chosen = candidates.choose_feeds([
        tried("/sitemap.xml", 1, 2, 3, kind="sitemap"), tried("/feed", 1, 2), tried("/rss", 2, 1),
        tried("/old", 7, to="/feed"), tried("/news-sitemap.xml", 1, kind="sitemap"), empty, lost,
    ])  # fmt: skip
    assert [t.candidate.url[15:] for t in chosen] == ["/feed", "/news-sitemap.xml", "/sitemap.xml"]


def test_a_draft_is_a_valid_seed_and_marks_its_guesses() -> None:
    """Country of the domain, language of the titles, interval of the window, a rate of one look."""
    draft = candidates.build_draft(HOME, Homepage(), [tried("/feed", *range(1, 20))], ZONES, NOW)
    assert draft is not None
    text = scaffold.write(draft)
    source = seeds.load({draft.path: text}, kinds=spiders.kinds()).sources["news"]
    assert (source.name, source.country, source.languages) == ("Les Nouvelles", "MA", ("fr",))
    assert source.timezone == "Africa/Casablanca"
    assert source.feeds[0].every_seconds == 18 * 3600 // 4
    assert source.articles_per_day == 24
    for mark in (
        "# guessed from .ma",
        "# guessed from the titles",
        "# of one look",
        "19 entries over 18 h",
    ):
        assert mark in text


def test_what_the_page_says_is_no_guess_of_ours() -> None:
    """Its lang and its name win; entries of other sites make hosts."""
    one = tried("/feed", 1, 2)
    assert one.window is not None
    abroad = replace(
        one, window=replace(one.window, entries=(replace(an_entry(), url="https://cdn.fr/1"),))
    )
    draft = candidates.build_draft(HOME, Homepage(name="N", language="ar"), [abroad], ZONES, NOW)
    assert draft is not None
    assert (draft.source.name, draft.source.languages, draft.source.hosts) == (
        "N",
        ("ar",),
        ("cdn.fr",),
    )


def test_nothing_found_is_no_draft() -> None:
    """Rather than a file that polls nothing."""
    assert (
        candidates.build_draft(HOME, Homepage(), [replace(tried("/feed"), window=None)], ZONES, NOW)
        is None
    )
