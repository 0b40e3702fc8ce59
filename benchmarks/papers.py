"""Thousands of small papers in one process, as fast as a server in Python gets: for benchmarks
only.

``python -m benchmarks.papers PORT ADDRESSES`` listens on 127.0.0.2 and up. Any host is a paper: its
feed has 40 entries and an ETag (none at ``/plain``, and always other bytes at ``/restless``); its
sitemap, its listing page and its WordPress REST show the same 40.
"""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import UTC, datetime
from email.utils import format_datetime

ENTRIES = 40
_TEXT = (
    "The council met on the matter of the harbour and the road to the north, and nothing "
    "was decided. "
)
_MENU = "".join(f"<li><a href='/menu/{n}'>Section {n}</a></li>" for n in range(120))
_DATE = format_datetime(datetime(2026, 11, 23, 10, tzinfo=UTC))
_TODAY = f"{datetime.now(UTC):%Y-%m-%d}"
_count = 0


def feed(host: str) -> bytes:
    """The paper's RSS."""
    items = "".join(
        f"<item><title>Item {n} of "
        f"{host}</title><link>http://{host}/a/{n}</link><guid>http://{host}/a/{n}</guid>"
        f"<description>{_TEXT}</description><pubDate>{_DATE}</pubDate></item>"
        for n in range(ENTRIES)
    )
    return (
        "<?xml version='1.0'?><rss "
        f"version='2.0'><channel><title>{host}</title>{items}</channel></rss>"
    ).encode()


def sitemap(host: str) -> bytes:
    """The paper's sitemap, every item changed today."""
    urls = "".join(
        f"<url><loc>http://{host}/a/{n}</loc><lastmod>{_TODAY}</lastmod></url>"
        for n in range(ENTRIES)
    )
    return (
        "<?xml version='1.0'?><urlset "
        f"xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{urls}</urlset>"
    ).encode()


def listing(host: str) -> bytes:
    """The paper's list of its latest items."""
    items = "".join(
        f"<li><a class='story' href='/a/{n}'>Item {n} of {host}</a></li>" for n in range(ENTRIES)
    )
    return (
        f"<!doctype html><html lang='en'><body><ul>{_MENU}</ul><ul>{items}</ul></body></html>"
    ).encode()


def posts(host: str) -> bytes:
    """The paper's posts as WordPress gives them, with their whole text."""
    body = "".join(f"<p>{_TEXT * 4}{n}.</p>" for n in range(30))
    found = [
        {"id": n, "date_gmt": f"{_TODAY}T00:00:00", "modified_gmt": f"{_TODAY}T00:00:00", "link": f"http://{host}/a/{n}",
         "title": {"rendered": f"Item {n} of {host}"}, "excerpt": {"rendered": _TEXT}, "content": {"rendered": body}}
        for n in range(ENTRIES)
    ]  # fmt: skip
    return json.dumps(found).encode()


def page(host: str, path: str) -> bytes:
    """An article of some 25 KB with its furniture."""
    body = "".join(f"<p>{_TEXT * 4}{n}.</p>" for n in range(30))
    return (
        "<!doctype html><html "
        f"lang='en'><head><title>{host}{path}</title></head><body><nav><ul>{_MENU}</ul></nav>"
        f"<article><h1>Item {path} of {host}</h1>{body}</article></body></html>"
    ).encode()


def answer(host: str, path: str, etag: str | None) -> bytes:
    """The whole HTTP answer."""
    global _count
    if path == "/feed":
        if etag:
            return b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\nContent-Length: 0\r\n\r\n'
        return _answer(feed(host), "application/rss+xml", 'ETag: "1"\r\n')
    if path == "/plain":
        return _answer(feed(host), "application/rss+xml")
    if path == "/restless":
        _count += 1
        return _answer(feed(host) + f"<!-- {_count} -->".encode(), "application/rss+xml")
    if path == "/sitemap.xml":
        return _answer(sitemap(host), "application/xml")
    if path == "/latest":
        return _answer(listing(host), "text/html")
    if path.startswith("/wp-json/wp/v2/posts"):
        return _answer(
            posts(host), "application/json", f"X-WP-Total: {ENTRIES}\r\nX-WP-TotalPages: 1\r\n"
        )
    if path.startswith("/a/"):
        return _answer(page(host, path), "text/html")
    return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"


def _answer(body: bytes, kind: str, more: str = "") -> bytes:
    head = (
        f"HTTP/1.1 200 OK\r\nContent-Type: {kind}; charset=utf-8\r\n{more}Content-Length: "
        f"{len(body)}\r\n\r\n"
    )
    return head.encode() + body


class Paper(asyncio.Protocol):
    """One connection, kept alive."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._buffer = b""

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            head, self._buffer = self._buffer[:end].decode("latin-1"), self._buffer[end + 4 :]
            first, *lines = head.split("\r\n")
            said = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in lines)}
            path = first.split(" ")[1]
            self._transport.write(answer(said.get("host", ""), path, said.get("if-none-match")))  # type: ignore[attr-defined]


async def main(port: int, addresses: int) -> None:
    """Serve until ended."""
    loop = asyncio.get_running_loop()
    for n in range(addresses):
        await loop.create_server(Paper, f"127.0.0.{2 + n}", port, backlog=4096)
    print("ready", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2])))
