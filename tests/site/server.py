"""The papers on loopback, with an access log that tests hold against the archive.

``python -m tests.site.server --address 127.0.0.2 --port 8899 --log FILE`` serves until it is ended.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Protocol, Self

from tests.site import press


@dataclass(frozen=True)
class Hit:
    """One request and what it was answered."""

    method: str
    host: str
    path: str
    status: int
    agent: str


Answer = Callable[[BaseHTTPRequestHandler], int]


class Newspaper:
    """A server for all the papers on one address; a context manager."""

    def __init__(self, address: str = "127.0.0.2", port: int = 0, log: Path | None = None) -> None:
        self.stories = press.load()
        self.now = press.now()
        self.log: list[Hit] = []
        self._answers: dict[str, Answer] = {}
        self._log_file = log
        self._lock = threading.Lock()
        self._server = WebHost((address, port), self)
        self.address, self.port = self._server.server_address[:2]
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), daemon=True
        )

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def base(self, paper: str) -> str:
        """The paper's address by its name."""
        return f"http://{press.PAPERS[paper].host}:{self.port}"

    def feed_url(self, paper: str) -> str:
        """The paper's feed."""
        return self.base(paper) + press.PAPERS[paper].feed

    def answer(self, path: str, answer: Answer) -> None:
        """Have a path answered otherwise: the function writes to the handler and gives the
        status.
        """
        self._answers[path] = answer

    def publish(self, story: press.Story) -> None:
        """One more story, in the feed from now on."""
        self.stories.append(story)

    def article_hits(self) -> list[str]:
        """The article pages fetched, in order, as host + path."""
        paths = {(press.PAPERS[s.paper].host, s.path) for s in self.stories}
        bare = [
            (h.host.partition(":")[0], h.path.partition("?")[0])
            for h in self.log
            if h.method == "GET"
        ]
        return [host + path for host, path in bare if (host, path) in paths]

    def hits(self, path: str) -> list[Hit]:
        """The requests of one path."""
        return [h for h in self.log if h.path.partition("?")[0] == path]

    def respond(self, request: BaseHTTPRequestHandler) -> None:
        """Answer one request and write it down."""
        path = request.path.partition("?")[0]
        host = (request.headers.get("Host") or "").partition(":")[0]
        status = self._respond(request, host, path)
        hit = Hit(
            request.command,
            request.headers.get("Host") or "",
            request.path,
            status,
            request.headers.get("User-Agent") or "",
        )
        with self._lock:
            self.log.append(hit)
            if self._log_file is not None:
                with self._log_file.open("a", encoding="utf-8") as lines:
                    lines.write(json.dumps(asdict(hit)) + "\n")

    def _respond(self, request: BaseHTTPRequestHandler, host: str, path: str) -> int:
        if path in self._answers:
            return self._answers[path](request)
        if path == "/robots.txt":
            return send(request, 200, "text/plain", b"User-agent: *\nDisallow: /private/\n")
        paper = next((p for p in press.PAPERS.values() if p.host == host), None)
        if paper is None:
            return send(request, 404, "text/plain", b"no such paper")
        own = [s for s in self.stories if s.paper == paper.key]
        if path == paper.feed:
            return self._feed(request, paper, own)
        story = next((s for s in own if s.path == path), None)
        if story is None:
            return send(request, 404, "text/html; charset=utf-8", b"<h1>404</h1>")
        others = [s for s in own if s is not story]
        body = press.page(story, self.base(paper.key), self.now, others)
        return send(request, 200, "text/html; charset=utf-8", body.encode())

    def _feed(
        self, request: BaseHTTPRequestHandler, paper: press.Paper, own: list[press.Story]
    ) -> int:
        kind, body = press.feed(paper, own, self.base(paper.key), self.now)
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if request.headers.get("If-None-Match") == etag:
            return send(request, 304, kind, b"", ETag=etag)
        return send(
            request, 200, kind, body, ETag=etag, **{"Last-Modified": format_datetime(self.now)}
        )


def send(
    request: BaseHTTPRequestHandler, status: int, kind: str, body: bytes, **headers: str
) -> int:
    """Write one whole answer."""
    request.send_response(status)
    request.send_header("Content-Type", kind)
    request.send_header("Content-Length", str(len(body)))
    for name, value in headers.items():
        request.send_header(name, value)
    request.end_headers()
    if request.command != "HEAD":
        request.wfile.write(body)
    return status


class Answering(Protocol):
    """What a web server serves."""

    def respond(self, request: BaseHTTPRequestHandler) -> None: ...


class WebHost(ThreadingHTTPServer):
    """A web server whose site answers every GET and writes down what came."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 512

    def __init__(self, address: tuple[str, int], site: Answering) -> None:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = (
                True  # else each answer waits 40 ms for the other side's delayed ACK
            )

            def do_GET(self) -> None:
                site.respond(self)

            def log_message(self, format: str, *args: object) -> None:
                """The log is ours."""

        super().__init__(address, Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """A crawler that was killed in mid-answer, or went away, is no error of the paper's."""


def main() -> None:
    """Serve until ended."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--address", default="127.0.0.2")
    parser.add_argument("--port", type=int, default=8899)
    parser.add_argument("--log", type=Path)
    chosen = parser.parse_args()
    with Newspaper(chosen.address, chosen.port, chosen.log) as paper:
        print(f"serving {len(paper.stories)} stories on {paper.address}:{paper.port}", flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
