"""Which of an entry's links leads to its story, and what is kept of those that lead nowhere."""

from __future__ import annotations

import json

import pytest

from crawler.feeds import section, sitemap, syndication, wordpress
from crawler.model import FeedEntry, FeedWindow

URL = "http://www.rivages.example/flux.xml"
ATOM = "<feed xmlns='http://www.w3.org/2005/Atom'><title>Rivages</title><entry>{}</entry></feed>"
RSS = (
    "<rss version='2.0' xmlns:feedburner='http://rssnamespace.org/feedburner/ext/1.0' "
    "xmlns:pheedo='http://www.pheedo.com/namespace/pheedo' xmlns:atom='http://www.w3.org/2005/Atom'>"
    "<channel><title>Rivages</title>{}</channel></rss>"
)
PICTURE = "<link rel='enclosure' type='image/jpeg' href='http://rivages.example/p.jpg'/>"
STORY = "http://rivages.example/le-port-rouvre"


def atom(inside: str) -> FeedWindow:
    """A window with one entry of Atom."""
    return syndication.parse(ATOM.format(inside).encode(), URL, "application/atom+xml")


def rss(*items: str) -> FeedWindow:
    """A window with these items of RSS."""
    body = RSS.format("".join(f"<item>{item}</item>" for item in items))
    return syndication.parse(body.encode(), URL, "application/rss+xml")


@pytest.mark.parametrize(
    "links",
    [
        f"<link href='{STORY}'/>", f"<link>{STORY}</link>", f"{PICTURE}<link href='{STORY}'/>",
        f"<link rel='alternate' href='{STORY}'/><link rel='thumbnail'>http://rivages.example/p</link>",
        f"<link rel='alternate' type='application/json' href='/1.json'/><link rel='alternate' type='text/html' href='{STORY}'/>",
        f"<link rel='alternate' href='http://rivages.example/1.mp3'/><link rel='alternate' href='{STORY}'/>",
        f"<link rel='replies' href='/c'/><link rel='edit' href='/e'/><link href='{STORY}'/>",
        f"<link rel='alternate' hreflang='ar' href='/ar/1'/><link rel='alternate' hreflang='fr-MA' href='{STORY}'/>",
        f"<link rel='self' href='/1.atom'/><link rel='related' href='{STORY}'/>",
        f"<link rel='canonical' href='{STORY}'/><link rel='self' href='/1.atom'/>",
        f"<id>{STORY}</id>{PICTURE}", f"<link/><id>{STORY}</id>", f"<link href=''/><id>{STORY}</id>",
        f"<link href='javascript:void(0)'/><id>{STORY}</id>",
        "<link href='\u200e//rivages.example/le-port-rouvre '/>",
    ],
)  # fmt: skip
def test_the_story_is_what_an_entry_leads_to(links: str) -> None:
    """Not a picture, its data, its comments, another language or the entry itself."""
    title = "<title>Le port de la ville rouvre après trois jours de grève</title>"
    (entry,) = atom(title + links).entries
    assert entry.url == STORY


def test_of_links_that_are_alike_the_last_is_followed() -> None:
    """As other readers do."""
    (entry,) = rss(
        f"<title>A</title><link>http://other.example/1</link><link>{STORY}</link>"
    ).entries
    assert entry.url == STORY


def test_a_file_is_followed_where_there_is_nothing_else() -> None:
    """A story that stands in a file only is not lost."""
    (entry,) = atom(PICTURE.replace("enclosure", "alternate")).entries
    assert entry.url == "http://rivages.example/p.jpg"


@pytest.mark.parametrize(
    "own",
    [
        f"<feedburner:origLink>{STORY}</feedburner:origLink>",
        f"<pheedo:origLink> {STORY}\n</pheedo:origLink>",
        f"<guid isPermaLink='true'>{STORY}</guid>", f"<guid>{STORY}</guid>",
    ],
)  # fmt: skip
def test_a_feed_proxy_keeps_the_outlets_own_address(own: str) -> None:
    """The link is the proxy's; which address is asked for depends on the source's hosts."""
    window = rss(f"<title>A</title><link>https://proxy.example/~r/1</link>{own}")
    assert [e.url for e in window.entries] == ["https://proxy.example/~r/1"]
    assert window.own_urls == ((STORY,),)


@pytest.mark.parametrize(
    "link",
    [
        f"https://www.alerts.example/url?rct=j&amp;url={STORY}&amp;ct=ga",
        "https://share.example/?u=http%3A%2F%2Frivages.example%2Fle-port-rouvre",
    ],
)
def test_a_link_that_names_where_it_leads_is_a_proxys(link: str) -> None:
    """Alerts and share buttons; the address is believed only on the outlet's own hosts."""
    window = rss(f"<title>A</title><link>{link}</link>")
    assert window.own_urls == ((STORY,),)
    own = rss(f"<title>A</title><link>{STORY}?back={STORY}</link>")
    assert own.own_urls == ()


def test_a_guid_beside_a_link_to_the_same_site_is_no_address() -> None:
    """Many look like one and lead nowhere."""
    window = rss(f"<title>A</title><link>{STORY}</link><guid>http://rivages.example/?p=1</guid>")
    assert ([e.url for e in window.entries], window.own_urls) == ([STORY], ())


def test_what_has_no_usable_link_is_named() -> None:
    """In each kind of feed: what stands in the link's place, with title and guid."""
    window = rss(
        f"<title>A</title><link>{STORY}</link>",
        "<title>B</title><link>mailto:desk@rivages.example</link><guid isPermaLink='false'>b</guid>",
        "<title>C</title>",
    )
    assert window.listed == 3
    assert window.unlinked == (
        FeedEntry(url="mailto:desk@rivages.example", title="B", guid="b"),
        FeedEntry(url="", title="C"),
    )
    posts = [{"link": STORY}, {"link": "tel:1", "title": {"rendered": "D"}}, 7]
    body = json.dumps(posts).encode()
    window = wordpress.parse(body, "http://rivages.example/wp-json/wp/v2/posts", "application/json")
    assert (window.listed, window.unusable) == (3, 2)
    assert window.unlinked[0] == FeedEntry(url="tel:1", title="D")
    places = f"<urlset><url><loc>{STORY}</loc></url><url><loc>file:///x</loc></url></urlset>"
    window = sitemap.parse(places.encode(), URL, "text/xml", None)
    assert (window.listed, window.unusable, window.unlinked[0].url) == (2, 1, "file:///x")
    page = b"<p><a href='/a'>One</a><a href='javascript:x()'>Two</a><a>Three</a></p>"
    window = section.parse(page, URL, "text/html", "a", None)
    assert [(e.url, e.title) for e in window.unlinked] == [("javascript:x()", "Two"), ("", "Three")]


def test_links_are_mended_in_every_kind_of_feed() -> None:
    """Blanks, marks, one slash, a host without a scheme, an address encoded once more."""
    printed = ("http:/rivages.example/a b", "\u200fwww.rivages.example/c", " //rivages.example/d\n")
    asked = {
        "http://rivages.example/a%20b", "http://www.rivages.example/c", "http://rivages.example/d",
    }  # fmt: skip
    items = {"version": "https://jsonfeed.org/version/1", "items": [{"url": u} for u in printed]}
    posts = [{"link": u} for u in printed]
    rows = "".join(f"<url><loc>{u}</loc></url>" for u in printed)
    page = "".join(f"<a href='{u}'>x</a>" for u in printed)
    windows = (
        rss(*(f"<title>A</title><link>{u}</link>" for u in printed)),
        syndication.parse(json.dumps(items).encode(), URL, "application/json"),
        wordpress.parse(json.dumps(posts).encode(), URL, "application/json"),
        sitemap.parse(f"<urlset>{rows}</urlset>".encode(), URL, "text/xml", None),
        section.parse(page.encode(), URL, "text/html; charset=utf-8", "a", None),
    )
    for window in windows:
        assert {entry.url for entry in window.entries} == asked, window.kind


def test_what_stands_behind_the_hash_is_kept() -> None:
    """It may tell entries apart that share an address; it is never asked for."""
    window = rss(f"<title>A</title><link>{STORY}#post-7</link>")
    assert [(e.url, e.fragment) for e in window.entries] == [(STORY, "post-7")]
