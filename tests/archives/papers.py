"""The newspapers of the archives that are polled on: three of ``tests.site``, and nine small ones.

All stand on one address and one fixed port, under names of their own, so that what an archive
remembers of them can be requested again on any free address of the loopback network. Each small one
shows what it showed when the archives were made, and one story more; ``unchanged`` shows no more.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from tests.archives import PORT
from tests.site import desk, press
from tests.site.server import Answer, Newspaper, send

CLOSED_PORT, TLS_PORT = PORT + 1, PORT + 2  # nothing listens there now
SEEDS = {
    "busy": '{url: "BASE/feed"}',
    "gap-open": '{url: "BASE/feed"}',
    "listing": (
        '{url: "BASE/latest", kind: section, links: a.story, next: "a[rel=next]", pages: 2}'
    ),
    "long": '{url: "BASE/feed"}',
    "mapped": '{url: "BASE/sitemap.xml", kind: sitemap}',
    "mixed": '{url: "BASE/feed"}',
    "posted": '{url: "BASE/wp-json/wp/v2/posts", kind: wordpress}',
    "steady": '{url: "BASE/feed"}',
    "unchanged": '{url: "BASE/feed"}',
}
"""The one feed of each small newspaper."""

NUMBERS = {"busy": (1, 2), "gap-open": range(10, 16), "long": range(7), "steady": (1, 2, 3)}
"""Stories in the feeds of those that show numbered stories; the last one is new."""

FEED_PATHS = {
    "/robots.txt", "/feed", "/latest", "/sitemap.xml", "/wp-json/wp/v2/posts",
    *(paper.feed for paper in press.PAPERS.values()),
}  # fmt: skip
MIXED = (
    "/p/canonical", "/p/challenge", "/p/consent", "/p/empty", "/p/error", "/p/forbidden", "/p/ftp",
    "/p/gone", "/p/lost", "/p/odd-address", "/p/offsite", "/p/other-port", "/p/pdf", "/p/picture",
    "/p/round", "/p/slow", "/p/text", "/p/too-big", "/p/twin", "/p/whole", "/p/film.mp4",
    "/p/nowhere", "/p/new", "/private/x", "http://elsewhere.example/x",
    f"http://127.0.0.1:{PORT}/x", f"http://mixed.test:{CLOSED_PORT}/x",
    f"https://mixed.test:{TLS_PORT}/x",
)  # fmt: skip
"""The links in the feed of ``mixed``; in the archives each but ``new`` came to another end."""

SENTENCES = (
    "The harbour board met before dawn and put the dredging of the eastern basin to a vote.",
    "A pilot of thirty years said that the sandbank had moved twice since the spring tides.",
    "The treasurer read out what the two tugs had cost and asked for a third all the same.",
    "By noon the lamps on the mole were lit again, and the ferry left with an hour's delay.",
    "The keeper of the lighthouse wrote the visitors' names down and closed the gate at six.",
)


class Kiosk(Newspaper):
    """A server for all newspapers of the archives; every page it is asked for is an article."""

    def __init__(self, address: str) -> None:
        super().__init__(address, PORT)

    def install(self, folder: Path, archive: str) -> Path:
        """Write seeds and a configuration of all the newspapers, with this archive; its path."""
        config = desk.write(folder, self)
        for slug, feed in SEEDS.items():
            path = folder / "seeds" / "sources" / "zz" / f"{slug}.yml"
            path.write_text(_seed(slug, feed), encoding="utf-8")
        names = "".join(f'"{slug}.test" = "{self.address}"\n' for slug in SEEDS)
        text = config.read_text(encoding="utf-8").replace(f"/32:{PORT}", "/32")
        text = text.replace("[network.hosts]\n", f"[network.hosts]\n{names}")
        own = f'archive = "sqlite:///{folder}/var/rasd.sqlite"'
        config.write_text(text.replace(own, f'archive = "{archive}"'), encoding="utf-8")
        return config

    def pages_fetched(self) -> list[str]:
        """Host without port and path without query of each request for a page, not for a feed."""
        asked = [(hit.host.partition(":")[0], hit.path.partition("?")[0]) for hit in self.log]
        return [host + path for host, path in asked if path not in FEED_PATHS]

    def _respond(self, request: BaseHTTPRequestHandler, host: str, path: str) -> int:
        slug = host.removesuffix(".test")
        if slug not in SEEDS or path == "/robots.txt":
            return super()._respond(request, host, path)
        if path not in FEED_PATHS:
            return send(request, 200, "text/html", _article(path))
        return self._feeds(slug)(request)

    def _feeds(self, slug: str) -> Answer:
        other = {
            "listing": _listing,
            "mapped": _sitemap,
            "posted": _posts,
            "unchanged": _unchanged,
            "mixed": lambda request: _rss(request, [(link, "") for link in MIXED]),
        }
        return other.get(slug) or (lambda request: self._numbered(request, NUMBERS[slug]))

    def _numbered(self, request: BaseHTTPRequestHandler, numbers: Sequence[int]) -> int:
        """A feed of numbered stories, each ten minutes older than the one before it, dated no later
        than in the archives."""
        first = self.now - timedelta(minutes=600)
        dates = {n: format_datetime(first + timedelta(minutes=10 * n)) for n in numbers}
        return _rss(request, [(f"/a/{n}", dates[n]) for n in sorted(numbers, reverse=True)])


def _seed(slug: str, feed: str) -> str:
    base = f"http://{slug}.test:{PORT}"
    places = [f"mixed.test:{CLOSED_PORT}", f"mixed.test:{TLS_PORT}", "127.0.0.1"]
    hosts = f"hosts: {json.dumps(places)}\n" if slug == "mixed" else ""
    return (
        f"name: {slug}\nhome: {base}/\ncountry: MA\nlanguages: [en]\ntimezone: Africa/Casablanca\n"
        f"{hosts}feeds:\n  - {feed.replace('BASE', base)}\n"
    )


def _unchanged(request: BaseHTTPRequestHandler) -> int:
    """A feed that is 304 for who has it."""
    if request.headers.get("If-None-Match") == '"ever"':
        return send(request, 304, "text/xml", b"", ETag='"ever"')
    return _rss(request, [("/a/1", "")], ETag='"ever"')


def _rss(request: BaseHTTPRequestHandler, links: Sequence[tuple[str, str]], **headers: str) -> int:
    items = "".join(
        f"<item><title>Story {link.rpartition('/')[2]}</title><link>{link}</link>"
        f"<guid isPermaLink='false'>{link}</guid>{f'<pubDate>{at}</pubDate>' if at else ''}</item>"
        for link, at in links
    )
    body = f"<rss version='2.0'><channel><title>Stories</title>{items}</channel></rss>".encode()
    return send(request, 200, "text/xml", body, **headers)


def _article(path: str) -> bytes:
    """An article of a house that prints all into one mould; ``path`` tells it from the others."""
    rows = range(sum(path.encode()), sum(path.encode()) + 4)
    text = "".join(f"<p>{n} {SENTENCES[n % 5]} {SENTENCES[(2 * n) % 5]}</p>" for n in rows)
    return (
        f"<html lang=en><head><title>Harbour notes, {path}</title></head><body><div class=page>"
        f"<h1 class=head>Harbour notes, {path}</h1><div class=story>{text}</div></div>"
    ).encode()


def _listing(request: BaseHTTPRequestHandler) -> int:
    """A page of a list without end: its story, on the first page a new one, and a link onwards."""
    page = int(request.path.partition("p=")[2] or 1)
    numbers = (9, 1) if page == 1 else (page,)
    links = "".join(f"<a class=story href='/a/{n}'>Story</a>" for n in numbers)
    onwards = f"<a rel=next href='/latest?p={page + 1}'>on</a>"
    return send(request, 200, "text/html", f"<html>{links}{onwards}</html>".encode())


def _sitemap(request: BaseHTTPRequestHandler) -> int:
    """Two stories that are known, and a new one."""
    base = f"http://{request.headers['Host']}"
    rows = "".join(f"<url><loc>{base}/a/{n}</loc></url>" for n in range(3))
    start = "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>"
    return send(request, 200, "text/xml", f"{start}{rows}</urlset>".encode())


def _posts(request: BaseHTTPRequestHandler) -> int:
    """Two posts that are known, and a new one; they come whole, so no page of theirs is fetched."""
    base = f"http://{request.headers['Host']}"
    text = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
    posts = [
        {
            "id": n, "link": f"{base}/a/{n}", "date_gmt": f"2026-11-{day}T08:00:00",
            "title": {"rendered": f"Harbour post {n}"}, "excerpt": {"rendered": ""},
            "content": {"rendered": f"<p>Post {n}.</p>{text}", "protected": False},
        }
        for n, day in ((0, 20), (1, 20), (2, 29))
    ]  # fmt: skip
    return send(request, 200, "application/json", json.dumps(posts).encode())
