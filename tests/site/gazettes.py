"""Outlets whose feeds and pages a test writes itself, and which it may change between two polls."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from tests import engine
from tests.site import desk
from tests.site.server import Newspaper, send

NOW = timedelta(0)


@dataclass(frozen=True, kw_only=True)
class Piece:
    """One page of an outlet, and its entry in the feed."""

    path: str
    headline: str
    paragraphs: tuple[str, ...]
    canonical: str = ""  # as the page names it; "": it names none
    title: str = ""  # in the feed; "": the headline
    guid: str = ""
    updated: datetime | None = None

    def page(self, language: str) -> bytes:
        """What the server sends for it."""
        link = f'<link rel="canonical" href="{escape(self.canonical)}">' if self.canonical else ""
        text = "".join(f"<p>{escape(p)}</p>" for p in self.paragraphs)
        return (
            f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">{link}'
            f"<title>{escape(self.headline)}</title></head><body><nav><a href='/'>*</a></nav>"
            f"<article><h1>{escape(self.headline)}</h1>{text}</article></body></html>"
        ).encode()

    def item(self, base: str) -> str:
        """Its entry in an RSS feed."""
        link = self.path if "//" in self.path else base + self.path
        date = f"<pubDate>{format_datetime(self.updated)}</pubDate>" if self.updated else ""
        guid = f'<guid isPermaLink="false">{escape(self.guid)}</guid>' if self.guid else ""
        title = escape(self.title or self.headline)
        return f"<item><title>{title}</title><link>{escape(link)}</link>{guid}{date}</item>"


@dataclass(kw_only=True)
class Outlet:
    """An outlet with one feed."""

    slug: str
    host: str
    language: str
    shown: list[Piece] = field(default_factory=list)  # in its feed, newest first
    pages: dict[str, Piece] = field(default_factory=dict)  # by path

    def publish(self, *pieces: Piece) -> None:
        """Put these pages on the site and in front of the feed."""
        self.shown[:0] = pieces
        self.pages.update({piece.path: piece for piece in pieces})

    def change(self, path: str, **changes: object) -> None:
        """Put something else at an address, on the page and in the feed."""
        self.pages[path] = replace(self.pages[path], **changes)  # type: ignore[arg-type]
        self.shown = [self.pages[path] if p.path == path else p for p in self.shown]


class Gazettes(Newspaper):
    """A server for outlets; a context manager."""

    def __init__(self, *outlets: Outlet, address: str = "127.0.0.2") -> None:
        super().__init__(address)
        self.outlets = {outlet.host: outlet for outlet in outlets}

    def url(self, host: str, path: str = "") -> str:
        """An address of an outlet."""
        return f"http://{host}:{self.port}{path}"

    def asked(self, host: str) -> list[str]:
        """The pages of an outlet that were requested, in order."""
        own = [hit.path for hit in self.log if hit.host.partition(":")[0] == host]
        return [path for path in own if path not in ("/feed", "/robots.txt")]

    def install(self, folder: Path, slugs: Sequence[str] = ()) -> Path:
        """Seeds and a configuration for these outlets, all if none is named; its path."""
        config = desk.write(folder, self)
        chosen = [o for o in self.outlets.values() if not slugs or o.slug in slugs]
        sources = folder / "seeds" / "sources" / "zz"
        for path in sources.glob("*.yml"):
            path.unlink()
        for outlet in chosen:
            (sources / f"{outlet.slug}.yml").write_text(self._seed(outlet), encoding="utf-8")
        names = "".join(f'"{o.host}" = "{self.address}"\n' for o in chosen)
        text = config.read_text(encoding="utf-8")
        text = text.replace("[network.hosts]\n", f"[network.hosts]\n{names}")
        config.write_text(text, encoding="utf-8")
        return config

    def _seed(self, outlet: Outlet) -> str:
        base = self.url(outlet.host)
        return (
            f"name: {outlet.slug.title()}\nhome: {base}/\ncountry: MA\n"
            f"languages: [{outlet.language}]\ntimezone: Africa/Casablanca\n"
            f"feeds:\n  - {{url: '{base}/feed', every: 15m}}\n"
        )

    def _respond(self, request: BaseHTTPRequestHandler, host: str, path: str) -> int:
        outlet = self.outlets.get(host)
        if outlet is None or path == "/robots.txt" or path in self._answers:
            return super()._respond(request, host, path)
        if path == "/feed":
            return send(request, 200, "application/rss+xml; charset=utf-8", self._rss(outlet))
        piece = outlet.pages.get(request.path) or outlet.pages.get(unquote(path))
        if piece is None:
            return send(request, 404, "text/html; charset=utf-8", b"<h1>404</h1>")
        return send(request, 200, "text/html; charset=utf-8", piece.page(outlet.language))

    def _rss(self, outlet: Outlet) -> bytes:
        items = "".join(piece.item(self.url(outlet.host)) for piece in outlet.shown)
        return (
            f"<rss version='2.0'><channel><title>{outlet.slug}</title>{items}</channel></rss>"
        ).encode()


ACCORD = Piece(
    path="/politique/accord-securitaire-4101",
    headline="Rabat et Bagdad concluent un accord de coopération sécuritaire",
    paragraphs=(
        "Le Maroc et l'Irak ont conclu mardi à Rabat un accord de coopération sécuritaire que les"
        " ministres de l'Intérieur des deux pays ont paraphé au terme d'une journée de travail.",
        "Le texte crée une commission mixte qui siégera chaque trimestre et confie à deux officiers"
        " de liaison l'échange des dossiers ouverts par les polices marocaine et irakienne.",
    ),
)
TRANSFER = Piece(
    path="/justice/transferement-detenus-4102",
    headline="Transfèrement de détenus : l'Irak et le Maroc signent une convention",
    paragraphs=(
        "Les détenus marocains en Irak pourront purger leur peine dans leur pays : la convention"
        " signée à Bagdad par les deux ministres de la Justice doit encore être ratifiée.",
        "Une trentaine de familles rassemblées devant le consulat du Maroc attendaient cette"
        " signature depuis l'été, a rappelé l'association qui les représente auprès du parlement.",
    ),
)
EMBASSY = Piece(
    path="/diplomatie/ambassade-4103",
    headline="L'ambassadeur d'Irak à Rabat reçu par le ministre des Affaires étrangères",
    paragraphs=(
        "Nasser Bourita a reçu l'ambassadeur d'Irak au Maroc, qui lui a remis une invitation à la"
        " conférence que Bagdad organise au printemps sur la reconstruction des villes détruites.",
        "Les deux hommes ont passé en revue les projets d'accord en attente, dont celui qui doit"
        " ouvrir une liaison aérienne directe entre Casablanca et la capitale irakienne.",
    ),
)
LOCAL = Piece(
    path="/ville/marche-4104",
    headline="Le marché aux poissons rouvre après deux mois de travaux",
    paragraphs=(
        "Les mareyeurs ont retrouvé leurs étals lundi matin dans une halle dont la toiture et les"
        " chambres froides ont été refaites pour quatre millions de dirhams par la commune.",
    ),
)


def an_outlet(slug: str, host: str, *pieces: Piece) -> Outlet:
    """A French outlet that shows these pieces."""
    outlet = Outlet(slug=slug, host=host, language="fr")
    outlet.publish(*pieces)
    return outlet


def poll(config: Path, rounds: Sequence[set[str]], *, later: timedelta = NOW) -> None:
    """Poll these sources, all if none is named, one round after the other, each by a daemon that
    was just started; ``later`` than now."""
    for chosen in rounds:
        with engine.running(config) as daemon:
            daemon.app.reader = engine.shared_pool(daemon.app)
            clock: Any = daemon.app.clock
            clock.forward(later)

            async def round_(chosen: set[str] = chosen, daemon: Any = daemon) -> None:
                assert await daemon.once(asyncio.Event(), chosen, True) == 0
                await daemon.app.writer.drain()

            engine.run(round_())


def rows(config: Path, statement: str, *values: object) -> list[tuple[Any, ...]]:
    """What an SQL statement selects of the archive of this configuration."""
    with closing(sqlite3.connect(config.parent / "var" / "rasd.sqlite")) as archive:
        return archive.execute(statement, values).fetchall()


def flagged(config: Path) -> set[str]:
    """The headlines of all articles with a label."""
    found = "SELECT headline FROM articles WHERE id IN (SELECT article_id FROM match_labels)"
    return {headline for (headline,) in rows(config, found)}


def at(text: str) -> datetime:
    """A moment in UTC: "2026-11-29 09:15"."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
