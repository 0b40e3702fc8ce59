"""Papers that exist only by script: a browser shows them, and connects nowhere else."""

from __future__ import annotations

import json
import socket
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from importlib.util import find_spec
from pathlib import Path

import pytest
from scrapy.crawler import AsyncCrawlerRunner
from scrapy.settings import Settings

from crawler import app
from crawler.config import load
from crawler.fetch.errors import NotRenderedError
from crawler.fetch.middlewares.javascript import Javascript
from tests.acceptance.test_river import rasd
from tests.conftest import absent
from tests.integration.test_ways import desk
from tests.poller import Poller
from tests.site.server import send
from tests.site.wire import WORDS, Wire

SCRIPTED = '{url: "BASE/app", kind: section, links: a.story, render: true}'
LIST = """for (const path of ["/a/0", "/a/1"]) document.body.insertAdjacentHTML("beforeend",
  `<a class="story" href="${path}">Item ${path} of the wire</a>`);"""
STORY = """const asked = new XMLHttpRequest(); asked.open("GET", "/api" + location.pathname);
asked.onload = () => { document.querySelector("article").innerHTML = asked.responseText; }; asked.send();"""
OUT = """const bad = "127.0.0.1:PORT";
for (const way of [
  () => fetch("http://" + bad + "/fetch"), () => navigator.sendBeacon("http://" + bad + "/beacon", "x"),
  () => new WebSocket("ws://" + bad + "/socket"), () => { new Image().src = "http://" + bad + "/image"; },
  () => new EventSource("http://" + bad + "/events"), () => { document.head.innerHTML += `<link rel=preconnect href=http://${bad}>`; },
  () => { document.body.insertAdjacentHTML("beforeend", `<iframe src="http://${bad}/frame"></iframe>`); },
  () => new Worker(URL.createObjectURL(new Blob([`fetch("http://${bad}/worker")`]))),
  () => new RTCPeerConnection({iceServers: [{urls: `turn:${bad}?transport=tcp`, username: "x", credential: "x"}]}).createDataChannel("x"),
  () => import("http://" + bad + "/module.js"), () => fetch("/away"), () => fetch("/picture.png"),
  () => open("http://" + bad + "/window"),
]) { try { Promise.resolve(way()).catch(() => 0); } catch { } }
"""


@pytest.fixture
def forbidden() -> Iterator[tuple[int, list[str]]]:
    """A listener on 127.0.0.1 and who came to it."""
    came: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def accept() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                came.append(connection.recv(100).decode("latin-1"))
                connection.close()

        threading.Thread(target=accept, daemon=True).start()
        yield listener.getsockname()[1], came


@pytest.fixture(scope="module")
def poller() -> Iterator[Poller]:
    """One process for both polls."""
    with Poller() as ready:
        yield ready


@pytest.fixture
def scripted(forbidden: tuple[int, list[str]]) -> Iterator[Wire]:
    """A paper whose list and texts appear by script, which also tries every way out."""

    def page(head: str, script: str) -> bytes:
        return (
            "<!doctype html><html "
            f"lang=en><head><title>{head}</title></head><body><article></article><img "
            f"src=/picture.png><script src={script}></script></body></html>"
        ).encode()

    def answer(kind: str, body: bytes) -> object:
        return lambda request: send(request, 200, kind, body)

    def away(request: BaseHTTPRequestHandler) -> int:
        return send(
            request, 302, "text/plain", b"", Location=f"http://127.0.0.1:{forbidden[0]}/redirect"
        )

    with Wire(["wire.test"]) as wire:
        wire.papers["wire.test"].publish(
            2, datetime.now(UTC) - timedelta(hours=1), timedelta(minutes=1)
        )
        wire.answers |= {
            "/app": answer("text/html", page("Wire", "/list.js")),
            "/list.js": answer("text/javascript", LIST.encode()),
            "/story.js": answer(
                "text/javascript", (STORY + OUT.replace("PORT", str(forbidden[0]))).encode()
            ),
            "/away": away,
            "/picture.png": answer("image/png", b"\x89PNG"),
        }  # type: ignore[dict-item]
        for n in range(2):
            wire.answers[f"/a/{n}"] = answer("text/html", page(f"Item {n}", "/story.js"))  # type: ignore[assignment]
            words = f"<h1>Item {n}</h1><p>{WORDS}</p><p>Only by script, number {n}.</p>".encode()
            wire.answers[f"/api/a/{n}"] = answer("text/html", words)  # type: ignore[assignment]
        yield wire


def test_a_list_and_texts_that_appear_by_script_are_read_and_no_way_leads_out(
    scripted: Wire, forbidden: tuple[int, list[str]], tmp_path: Path, chromium: str, poller: Poller
) -> None:
    """Both articles with their texts; each script fetched once, no picture; the listener saw no connection."""
    if find_spec("scrapy_playwright") is None:
        absent("browser", "the extra js is not installed")
    config = desk(tmp_path, scripted, SCRIPTED, more=f'browser = "{chromium}"\n')
    poller.poll(config)
    with app.open_app(load(config)) as opened:
        texts = [opened.archive.article(n).article.body for n in (1, 2)]
    assert all(any(f"Only by script, number {n}." in text for text in texts) for n in range(2))
    asked = sorted(path for _, path, _ in scripted.log)
    assert asked == sorted(
        [
            "/robots.txt",
            "/app",
            "/list.js",
            "/a/0",
            "/a/1",
            "/story.js",
            "/api/a/0",
            "/api/a/1",
            "/away",
            "/away",
        ]
    )
    probed = json.loads(rasd(config, "sources", "probe", "wire", "--json"))
    assert [(p["outcome"], p["entries"]) for p in probed] == [("ok", 2)]
    assert forbidden[1] == []


def test_without_a_browser_the_poll_says_what_to_do(
    scripted: Wire, tmp_path: Path, poller: Poller
) -> None:
    """A failure with its remedy, and the page was asked for but once."""
    config = desk(tmp_path, scripted, SCRIPTED, more='browser = "/nonexistent/chromium"\n')
    poller.poll(config)
    with app.open_app(load(config)) as opened:
        (health,) = opened.archive.health(["wire"])
    assert health.last_outcome == "failed"
    assert health.detail.startswith("render: ") and "crawl.browser" in health.detail
    assert [path for _, path, _ in scripted.log] == ["/robots.txt", "/app"]


def test_without_the_extra_the_message_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing component is named with the command that installs it."""
    monkeypatch.setitem(sys.modules, "scrapy_playwright.handler", None)
    monkeypatch.delitem(sys.modules, "crawler.fetch.browser", raising=False)
    ours = Settings()
    ours.setmodule("crawler.settings", priority="project")
    with pytest.raises(NotRenderedError, match=r"install the extra 'js'"):
        Javascript(AsyncCrawlerRunner(ours).create_crawler("section"))._opened()
