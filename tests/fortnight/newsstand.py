"""Outlets on loopback that publish by a schedule drawn from a seed, and can be out of reach."""

from __future__ import annotations

import hashlib
import random
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from html import escape
from http.server import BaseHTTPRequestHandler
from typing import Self

from tests.fortnight import stories
from tests.fortnight.stories import Kind
from tests.site.server import WebHost, send

LANGUAGES = ("ar", "fr", "en")
SHOWN = 20  # entries of a feed
ADDRESS, OWN_ADDRESS = "127.0.0.2", "127.0.0.3"  # of all outlets; of the one with its own server
# How often a story is of a kind: one in twelve is what the desk looks for.
KINDS: tuple[Kind, ...] = ("security", "bilateral", "harbour", "lighthouse")
ONE_IN = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A story of one outlet, in its feed and on its page from ``at`` on."""

    number: int
    outlet: str
    language: str
    kind: Kind
    at: datetime

    @property
    def path(self) -> str:
        """Where its page is."""
        return f"/news/{self.number}"

    @property
    def headline(self) -> str:
        """As its outlet prints it; no other story has it."""
        return stories.write(self.language, self.kind, self.number).headline

    def page(self, base: str) -> bytes:
        """What the server sends for it."""
        text = stories.write(self.language, self.kind, self.number)
        body = "".join(f"<p>{escape(p)}</p>" for p in text.paragraphs)
        return (
            f'<!doctype html><html lang="{self.language}"><head><meta charset="utf-8">'
            f'<link rel="canonical" href="{base}{self.path}"><title>{escape(text.headline)}</title>'
            f'<meta property="article:published_time" content="{self.at.isoformat()}"></head>'
            f"<body><nav><a href='/'>{self.outlet}</a></nav><article><h1>{escape(text.headline)}"
            f"</h1>{body}</article></body></html>"
        ).encode()

    def entry(self, base: str) -> str:
        """Its entry in the feed."""
        link = f"{base}{self.path}"
        return (
            f"<item><title>{escape(self.headline)}</title><link>{link}</link><guid>{link}</guid>"
            f"<pubDate>{format_datetime(self.at)}</pubDate></item>"
        )


def slugs(count: int) -> list[str]:
    """The outlets' names; the language of each follows from its place."""
    return [f"outlet-{n:02}" for n in range(count)]


def language_of(slug: str) -> str:
    """In which language an outlet publishes."""
    return LANGUAGES[int(slug.rpartition("-")[2]) % len(LANGUAGES)]


def draw(
    outlets: Sequence[str], start: datetime, days: float, a_day: float, seed: int
) -> list[Story]:
    """What the outlets publish in these days, each at times of its own, ``a_day`` on average."""
    chance, drawn = random.Random(seed), list[tuple[datetime, str]]()
    for slug in outlets:
        at = start - timedelta(hours=6)
        while (at := at + timedelta(hours=24 / a_day * chance.uniform(0.4, 1.6))) < start + (
            timedelta(days=days)
        ):
            drawn.append((at.replace(microsecond=0), slug))
    return [
        Story(
            number=100 + n,
            outlet=slug,
            language=language_of(slug),
            kind=chance.choice(KINDS) if not chance.randrange(ONE_IN) else "",
            at=at,
        )
        for n, (at, slug) in enumerate(sorted(drawn))
    ]


class Newsstand:
    """The outlets' servers; a context manager.

    ``asked`` is called with the path of each page before it is answered.
    """

    def __init__(self, published: Sequence[Story], now: Callable[[], datetime]) -> None:
        self.stories: dict[str, list[Story]] = {}
        self.now = now
        self.asked: Callable[[str], None] = lambda path: None
        self.pages: list[str] = []  # host + path of each page that was sent
        self._servers: dict[str, WebHost] = {}
        for story in published:
            self.publish(story)
        self.port = self._open(ADDRESS, 0)
        self._open(OWN_ADDRESS, self.port)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.down(*self._servers)

    def publish(self, story: Story) -> None:
        """One more story, from its time on."""
        self.stories.setdefault(story.outlet, []).append(story)

    def all(self) -> Iterator[Story]:
        """Every story that is published by now."""
        for own in self.stories.values():
            yield from (story for story in own if story.at <= self.now())

    def base(self, slug: str) -> str:
        """An outlet's address."""
        return f"http://{slug}.test:{self.port}"

    def down(self, *addresses: str) -> None:
        """Nothing answers there any more: connections are refused."""
        for address in addresses:
            if (server := self._servers.pop(address, None)) is not None:
                server.shutdown()
                server.server_close()

    def up(self, *addresses: str) -> None:
        """The servers answer again."""
        for address in addresses:
            if address not in self._servers:
                self._open(address, self.port)

    def respond(self, request: BaseHTTPRequestHandler) -> None:
        """Answer a request, unless the server it came to is down."""
        if request.server not in self._servers.values():
            request.close_connection = True
            return
        slug = (request.headers.get("Host") or "").partition(".test")[0]
        path = request.path.partition("?")[0]
        own = [s for s in self.stories.get(slug, ()) if s.at <= self.now()]
        if path == "/robots.txt":
            send(request, 200, "text/plain", b"User-agent: *\nDisallow: /private/\n")
        elif path == "/feed":
            self._feed(request, slug, own)
        elif (story := next((s for s in own if s.path == path), None)) is not None:
            self.asked(path)
            self.pages.append(f"{slug}.test{path}")
            send(request, 200, "text/html; charset=utf-8", story.page(self.base(slug)))
        else:
            send(request, 404, "text/plain", b"not here")

    def _feed(self, request: BaseHTTPRequestHandler, slug: str, own: Sequence[Story]) -> None:
        newest = sorted(own, key=lambda s: s.at, reverse=True)[:SHOWN]
        items = "".join(story.entry(self.base(slug)) for story in newest)
        body = f"<rss version='2.0'><channel><title>{slug}</title>{items}</channel></rss>".encode()
        tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if request.headers.get("If-None-Match") == tag:
            send(request, 304, "application/rss+xml", b"", ETag=tag)
        else:
            send(request, 200, "application/rss+xml; charset=utf-8", body, ETag=tag)

    def _open(self, address: str, port: int) -> int:
        server = self._servers[address] = WebHost((address, port), self)
        threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True).start()
        return int(server.server_address[1])
