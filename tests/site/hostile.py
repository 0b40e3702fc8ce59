"""What hostile servers answer, an installation that asks them, and what it cost and wrote.

Whatever an answer below goes on without end ends when the crawler hangs up.
"""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any, Self

import sqlalchemy as sa

from crawler import app
from crawler.config import load
from crawler.model import sentence
from storage.rows import causes_of
from tests.site.server import send
from tests.site.wire import Answer, Wire

OF_THE_RUN = ("id", "sighting_id", "article_id", "rank", "fetched_at", "settled_at", "started_at", "ended_at",
              "last_poll_at", "last_success_at", "next_poll_at", "first_success_at", "full_at", "first_seen_at",
              "kept_at", "headers")  # fmt: skip
"""Columns that differ between any two rounds: ids and times. The headers hold the server's Date."""


class Listener:
    """A port that must never be connected to; ``accepted`` counts who was. A context manager."""

    def __init__(self, *addresses: str) -> None:
        self.accepted: list[str] = []
        self._sockets = [socket.create_server((addresses[0], 0), backlog=64)]
        self.port: int = self._sockets[0].getsockname()[1]
        for address in addresses[1:]:
            family = socket.AF_INET6 if ":" in address else socket.AF_INET
            self._sockets.append(
                socket.create_server((address, self.port), family=family, backlog=64)
            )

    def __enter__(self) -> Self:
        for listening in self._sockets:
            threading.Thread(target=self._accept, args=(listening,), daemon=True).start()
        return self

    def __exit__(self, *exc: object) -> None:
        for listening in self._sockets:
            listening.close()

    def _accept(self, listening: socket.socket) -> None:
        while True:
            try:
                taken, _ = listening.accept()
            except OSError:
                return
            self.accepted.append(str(taken.getsockname()))
            taken.close()


class Memory:
    """The most resident memory, in bytes, that a process and its children had at one moment.

    Of pages that several of them share, each counts its part, so that ``most`` counts them once.
    """

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self.most = 0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._done.wait(0.1):
            held = sum(_resident(pid) for pid in (self._pid, *_children(self._pid)))
            self.most = max(self.most, held)


def _children(pid: int) -> list[int]:
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        return [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except OSError:  # it ended while we looked
        return []


def _resident(pid: int) -> int:
    """Memory of its own with its part of what it shares with others (PSS), in bytes."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)


def install(folder: Path, wire: Wire, seeds: dict[str, str], more: str = "") -> Path:
    """Seeds by slug and a configuration that may ask 127.0.0.2 on every port; its path."""
    for slug, text in seeds.items():
        path = folder / "seeds" / "sources" / "zz" / f"{slug}.yml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    hosts = "\n".join(f'"{name}" = "{address}"' for name, address in wire.hosts.items())
    config = folder / "rasd.toml"
    config.write_text(
        f'archive = "sqlite:///{folder}/var/rasd.sqlite"\nseeds = "{folder}/seeds"\n'
        f'[network]\nallow = ["127.0.0.2/32"]\n[network.hosts]\n{hosts}\n'
        f"[crawl]\ndelay_seconds = 0.001\n{more}",
        encoding="utf-8",
    )
    return config


def rows(config: Path, query: str) -> list[dict[str, Any]]:
    """The archive's answer to an SQL query."""
    with app.open_app(load(config)) as opened, opened.archive.engine.connect() as c:
        return [dict(row) for row in c.execute(sa.text(query)).mappings()]


def explained(row: Mapping[str, Any]) -> str:
    """What a row of polls or sightings says for people."""
    notes = causes_of(json.loads(row.get("notes", "[]")))
    return sentence(row["reason"], row["detail"], notes)


def dump(config: Path, sources: Sequence[str]) -> list[str]:
    """All that the archive holds of these sources, without ids and times, in an order of its own."""
    listed = ", ".join(f"'{s}'" for s in sources)
    of = f"WHERE source IN ({listed})"
    pages = f"WHERE sighting_id IN (SELECT id FROM sightings {of})"
    tables = {
        "feeds": of,
        "gaps": of,
        "polls": of,
        "articles": of,
        "sightings": of,
        "snapshots": pages,
    }
    held = []
    for table, where in tables.items():
        for row in rows(config, f"SELECT * FROM {table} {where}"):
            held.append(f"{table} {sorted((k, v) for k, v in row.items() if k not in OF_THE_RUN)}")
    return sorted(held)


# ── answers ───────────────────────────────────────────────────────────────────────────────────


def says(body: bytes, kind: str = "text/html", status: int = 200, **headers: str) -> Answer:
    """A whole answer."""
    return lambda r: send(
        r, status, kind, body, **{k.replace("_", "-"): v for k, v in headers.items()}
    )


def leads(to: str | bytes, status: int = 302) -> Answer:
    """A redirect, its address byte for byte."""
    where = to if isinstance(to, bytes) else to.encode()
    return raw(
        b"HTTP/1.1 %d Found\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n" % (status, where),
        status=status,
    )


def raw(*pieces: bytes, status: int = 200) -> Answer:
    """These bytes, then the end of the connection."""
    return flows(pieces, status=status)


def flows(
    pieces: Iterable[bytes] | Callable[[], Iterable[bytes]], pause: float = 0.0, status: int = 200
) -> Answer:
    """Piece after piece, ``pause`` seconds apart, until the crawler hangs up or they end."""

    def answer(request: BaseHTTPRequestHandler) -> int:
        request.close_connection = True
        for piece in pieces() if callable(pieces) else pieces:
            request.wfile.write(piece)
            if pause:
                time.sleep(pause)
        return status

    return answer


def forever(piece: bytes, first: bytes = b"") -> Callable[[], Iterator[bytes]]:
    """A function that gives the same piece again and again, after a first one."""

    def pieces() -> Iterator[bytes]:
        yield first
        while True:
            yield piece

    return pieces
