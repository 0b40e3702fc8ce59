"""Many small papers at once: a host a paper, each with a feed, a sitemap, listing pages and REST.

Texts are made of numbers; what matters here is which addresses were asked, and how often. The hosts
stand on 127.0.0.2 and up, on one port.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import ssl
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler
from typing import Self
from urllib.parse import parse_qs, urlsplit

from tests.site.server import WebHost, send

WORDS = (
    "The council met on the matter of the harbour and the road to the north and decided nothing. "
    * 8
)
Answer = Callable[[BaseHTTPRequestHandler], int]


@dataclass
class WirePaper:
    """One paper: its items as (path, published), oldest first, and how many its feed shows."""

    host: str
    window: int = 10
    items: list[tuple[str, datetime]] = field(default_factory=list)

    def publish(self, count: int, first: datetime, step: timedelta) -> None:
        """``count`` more items, ``step`` apart."""
        start = len(self.items)
        self.items += [(f"/a/{start + n}", first + n * step) for n in range(count)]


class Wire:
    """The papers' server; a context manager. ``log`` holds (host, path, status); ``answers`` has otherwise what answers host + path, of a path on any host, or of a host."""

    def __init__(self, hosts: Sequence[str], *, addresses: int = 1, window: int = 10) -> None:
        self.papers = {host: WirePaper(host, window) for host in hosts}
        self.log: list[tuple[str, str, int]] = []
        self.asked: list[str] = []  # host + path, before it is answered
        self.answers: dict[str, Answer] = {}
        self.bases: dict[str, str] = {}
        first = WebHost(("127.0.0.2", 0), self)
        self.port = first.server_address[1]
        self._servers = [first]
        for n in range(1, addresses):
            self._servers.append(WebHost((f"127.0.0.{2 + n}", self.port), self))
        self.hosts = {h: f"127.0.0.{2 + n % addresses}" for n, h in enumerate(hosts)}

    def speak_tls(self, context: ssl.SSLContext, hosts: Sequence[str]) -> None:
        """Serve these hosts by https too, on a port of its own; before the papers open."""
        server = WebHost(("127.0.0.2", 0), self)
        server.socket = context.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
        self._servers.append(server)
        self.bases |= {host: f"https://{host}:{server.server_address[1]}" for host in hosts}

    def __enter__(self) -> Self:
        for server in self._servers:
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *exc: object) -> None:
        for server in self._servers:
            server.shutdown()
            server.server_close()

    def base(self, host: str) -> str:
        """The paper's address by its name."""
        return self.bases.get(host) or f"http://{host}:{self.port}"

    def pages(self) -> list[str]:
        """The article pages fetched."""
        return [host + path for host, path, _ in self.log if path.startswith("/a/")]

    def respond(self, request: BaseHTTPRequestHandler) -> None:
        """Answer one request and write it down."""
        host = (request.headers.get("Host") or "").partition(":")[0]
        path = urlsplit(request.path).path
        self.asked.append(host + request.path)
        otherwise = next(
            (self.answers[k] for k in (host + path, path, host) if k in self.answers), None
        )
        if otherwise is not None:
            status = otherwise(request)
        elif (paper := self.papers.get(host)) is None:
            status = send(request, 404, "text/plain", b"no such paper")
        else:
            status = self._paper(request, paper, path)
        self.log.append((host, request.path, status))

    def _paper(self, request: BaseHTTPRequestHandler, paper: WirePaper, path: str) -> int:
        base, asked = self.base(paper.host), parse_qs(urlsplit(request.path).query)
        newest = paper.items[::-1]
        if path == "/feed":
            return _tagged(request, "application/rss+xml", _rss(base, newest[: paper.window]))
        if path == "/sitemap.xml":
            return send(request, 200, "application/xml", _index(base))
        if path == "/news.xml.gz":
            return send(request, 200, "application/gzip", gzip.compress(_sitemap(base, newest)))
        if path == "/latest":
            return send(
                request, 200, "text/html", _listing(base, newest, int(asked.get("page", ["1"])[0]))
            )
        if path == "/wp-json/wp/v2/posts":
            return send(request, 200, "application/json", _posts(base, newest, asked))
        if path in {p for p, _ in paper.items}:
            return send(request, 200, "text/html", _page(path))
        return send(request, 404, "text/plain", b"not here")


def seed(wire: Wire, host: str, *feeds: str) -> str:
    """A seed file for a paper; ``feeds`` in the shape of the seeds, with BASE for its address."""
    listed = "".join(f"  - {feed.replace('BASE', wire.base(host))}\n" for feed in feeds)
    return (
        f"name: {host}\nhome: {wire.base(host)}/\ncountry: MA\nlanguages: [en]\n"
        f"timezone: Africa/Casablanca\nfeeds:\n{listed}"
    )


def _tagged(request: BaseHTTPRequestHandler, kind: str, body: bytes) -> int:
    etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
    if request.headers.get("If-None-Match") == etag:
        return send(request, 304, kind, b"", ETag=etag)
    return send(request, 200, kind, body, ETag=etag)


def _rss(base: str, items: Sequence[tuple[str, datetime]]) -> bytes:
    rows = "".join(
        f"<item><title>Item {path[3:]} of the wire</title><link>{base}{path}</link>"
        f"<guid>{base}{path}</guid><pubDate>{format_datetime(at)}</pubDate></item>"
        for path, at in items
    )
    head = "<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel><title>Wire</title>"
    return f"{head}<link>{base}/</link>{rows}</channel></rss>".encode()


def _index(base: str) -> bytes:
    return (
        "<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>"
        f"<sitemap><loc>{base}/news.xml.gz</loc></sitemap>"
        f"<sitemap><loc>{base}/sitemap.xml</loc></sitemap></sitemapindex>"
    ).encode()


def _sitemap(base: str, items: Sequence[tuple[str, datetime]]) -> bytes:
    rows = "".join(
        f"<url><loc>{base}{path}</loc><lastmod>{at.isoformat()}</lastmod></url>"
        for path, at in items
    )
    return f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{rows}</urlset>".encode()


def _listing(base: str, items: Sequence[tuple[str, datetime]], page: int) -> bytes:
    shown = items[(page - 1) * 10 : page * 10]
    rows = "".join(
        f"<li><a class='story' href='{path}'>Item {path[3:]} of the wire</a></li>"
        for path, _ in shown
    )
    following = f"<a rel='next' href='/latest?page={page + 1}'>more</a>"
    return f"<!doctype html><html><body><ul>{rows}</ul>{following}<a href='/about'>About</a></body></html>".encode()


def _posts(base: str, items: Sequence[tuple[str, datetime]], asked: dict[str, list[str]]) -> bytes:
    page, size = int(asked.get("page", ["1"])[0]), int(asked.get("per_page", ["10"])[0])
    if after := asked.get("after"):
        least = datetime.fromisoformat(after[0]).replace(tzinfo=UTC)
        items = [(path, at) for path, at in items if at > least]
    return json.dumps(
        [
            {
                "id": int(path[3:]), "link": base + path, "guid": {"rendered": f"{base}/?p={path[3:]}"},
                "date_gmt": at.strftime("%Y-%m-%dT%H:%M:%S"), "title": {"rendered": f"Item {path[3:]} of the wire"},
                "excerpt": {"rendered": ""}, "content": {"rendered": f"<p>{WORDS}</p><p>{path}</p>", "protected": False},
            }
            for path, at in items[(page - 1) * size : page * size]
        ]
    ).encode()  # fmt: skip


def _page(path: str) -> bytes:
    return (
        f"<!doctype html><html lang='en'><head><title>Item {path[3:]} of the wire</title></head><body><article>"
        f"<h1>Item {path[3:]} of the wire</h1><p>{WORDS}</p><p>Number {path[3:]}.</p></article></body></html>"
    ).encode()
