"""Answers that break off, lie about their length or are packed by mistake are used, as in a browser."""

from __future__ import annotations

import gzip
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import brotli
import pytest

from tests.engine import poll
from tests.site.hostile import explained, flows, install, raw, rows, says
from tests.site.wire import Answer, Wire, seed

FEED = '{url: "BASE/feed"}'
SENTENCE = "Le conseil de la ville a adopté hier le projet de rénovation du vieux port. "
PAGE = (
    "<!doctype html><html lang=fr><head><meta charset=utf-8><title>Le port rénové</title></head>"
    f"<body><article><h1>Le port sera rénové l'an prochain</h1>"
    f"<p>{SENTENCE * 6}</p><p>{SENTENCE * 6}</p></article></body></html>"
).encode()
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"


def with_length(length: int, body: bytes = PAGE) -> bytes:
    """An answer that announces so many bytes, whatever it holds."""
    return OK + b"Content-Length: %d\r\n\r\n" % length + body


def packed(coding: str, body: bytes) -> Answer:
    """An answer whose header names this coding."""
    return says(body, Content_Encoding=coding)


TWICE = gzip.compress(gzip.compress(PAGE))
HALF = brotli.compress(PAGE * 9)[:-9]
BROKEN: dict[str, Answer] = {
    "too-long": raw(with_length(len(PAGE) + 900)),
    "too-short": flows([with_length(len(PAGE) // 2)[:-99], PAGE[-99:]], pause=0.05),
    "no-last-chunk": raw(OK + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n" % len(PAGE) + PAGE),
    "bad-chunk": raw(
        OK + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n" % (len(PAGE), PAGE), b"zz\r\n"
    ),
    "odd-transfer": raw(OK + b"Transfer-Encoding: identity\r\n\r\n" + PAGE),
    "plain-called-gzip": packed("gzip", PAGE),
    "plain-called-br": packed("br", PAGE),
    "gzip-unsaid": says(gzip.compress(PAGE)),
    "gzip-twice": packed("gzip", TWICE),
    "gzip-cut": packed("gzip", gzip.compress(PAGE)[:-9]),
    "br-cut": packed("br", HALF),
    "unknown-coding": packed("utf-8", PAGE),
}


def items(*paths: str) -> bytes:
    """A feed with these items."""
    listed = "".join(f"<item><title>T {p}</title><link>BASE/{p}</link></item>" for p in paths)
    return f"<rss version='2.0'><channel>{listed}</channel></rss>".encode()


def fed(wire: Wire, body: bytes) -> bytes:
    """The feed with the paper's address in it."""
    return body.replace(b"BASE", wire.base("wire.test").encode())


def fates(config: Path) -> dict[str, str]:
    """Path → fate and reason of each sighting."""
    return {
        row["url"].rpartition("/")[2]: f"{row['fate']} {row['reason']}".strip()
        for row in rows(config, "SELECT * FROM sightings")
    }


def test_a_page_that_comes_broken_is_read(tmp_path: Path) -> None:
    """Each kind gives its text; one without a body at all is asked again later."""
    empty = raw(OK + b"Content-Length: 900\r\n\r\n")
    with Wire(["wire.test"]) as wire:
        wire.answers = {f"/{path}": answer for path, answer in BROKEN.items()} | {"/empty": empty}
        wire.answers["/feed"] = says(fed(wire, items(*BROKEN, "empty")), "text/xml")
        config = install(tmp_path, wire, {"wire": seed(wire, "wire.test", FEED)})
        poll(config)
        assert fates(config) == dict.fromkeys(BROKEN, "kept") | {"empty": "failed download_failed"}
        bodies = {
            row["url"].rpartition("/")[2]: row["body"]
            for row in rows(config, "SELECT * FROM articles")
        }
        assert {path for path, body in bodies.items() if body.count(SENTENCE.strip()) < 12} == set()
        (row,) = rows(config, "SELECT * FROM polls")
        assert "a transfer broke off" in explained(row)
        asked = [path for _, path, _ in wire.log]
        assert (asked.count("/too-short"), asked.count("/gzip-unsaid")) == (1, 1)


@pytest.mark.parametrize(
    "robots",
    [
        raw(OK + b"Transfer-Encoding: chunked\r\n\r\n1e\r\nUser-agent: *\nDisallow: /shut\n"),
        raw(with_length(900, b"User-agent: *\nDisallow: /shut\n")),
        packed("gzip", b"User-agent: *\nDisallow: /shut\n"),
        says("User-agent: *\nDisallow: /shut\n".encode("utf-16"), "text/plain"),
    ],
)
def test_a_robots_txt_that_comes_broken_does_not_silence_its_host(
    robots: Answer, tmp_path: Path
) -> None:
    """Its rules hold as far as they came; the feed beside it breaks off after its last item."""
    with Wire(["wire.test"]) as wire:
        feed = fed(wire, items("open", "shut"))
        wire.answers = {
            "/robots.txt": robots,
            "/feed": raw(with_length(len(feed) + 50, feed)),
            "/open": says(PAGE),
        }
        config = install(tmp_path, wire, {"wire": seed(wire, "wire.test", FEED)})
        poll(config)
        assert fates(config) == {"open": "kept", "shut": "failed robots"}


def test_a_cookie_opens_a_gate_and_the_languages_are_the_source_s(tmp_path: Path) -> None:
    """A page that is shown only to those who bring the cookie back; nothing is carried to the
    next."""
    seen: list[tuple[str, str | None, str | None]] = []

    def gate(request: BaseHTTPRequestHandler) -> int:
        cookie = request.headers.get("Cookie")
        seen.append((request.path, cookie, request.headers.get("Accept-Language")))
        if cookie == "seen=yes":
            return says(PAGE)(request)
        to = f"HTTP/1.1 302 Found\r\nLocation: {request.path}\r\nContent-Length: 0\r\n"
        return raw(f"{to}Set-Cookie: seen=yes; Path=/\r\n\r\n".encode(), status=302)(request)

    with Wire(["wire.test"]) as wire:
        wire.answers = {"/one": gate, "/two": gate}
        wire.answers["/feed"] = says(fed(wire, items("one", "two")), "text/xml")
        text = seed(wire, "wire.test", FEED).replace("[en]", "[fr, ar]")
        config = install(tmp_path, wire, {"wire": text})
        poll(config)
        assert fates(config) == {"one": "kept", "two": "kept"}
    assert sorted((path, cookie or "") for path, cookie, _ in seen) == [
        ("/one", ""), ("/one", "seen=yes"), ("/two", ""), ("/two", "seen=yes"),
    ]  # fmt: skip
    assert {languages for _, _, languages in seen} == {"fr,ar;q=0.9,*;q=0.1"}
