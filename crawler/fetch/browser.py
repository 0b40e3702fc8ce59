"""A browser without a network: scrapy-playwright's, that is given what our own downloader fetched.

::

    page ─► script, fetch ─► route ─► Scrapy's downloader: host policy, robots, guard ─► page
            image, film, font, frame, socket ─► nothing

Chromium itself connects to nobody: it is offline, resolves no name, and each request it makes is
answered here or not at all. Needs the extra ``js``; whoever imports this says so where it is absent.
"""

from __future__ import annotations

import asyncio
import logging
import os
import re
import shutil
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import Error, Page
from scrapy.crawler import Crawler
from scrapy.http import Request, Response
from scrapy.http.request import NO_CALLBACK
from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler
from scrapy_playwright.page import PageMethod

from crawler.fetch.errors import NotRenderedError

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
ARGUMENTS = (
    "--headless", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--no-pings", "--dns-prefetch-disable", "--host-resolver-rules=MAP * ~NOTFOUND",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
)  # fmt: skip
SILENCED = """for (const name of ["RTCPeerConnection", "webkitRTCPeerConnection", "WebSocket",
    "WebTransport", "Worker", "SharedWorker"]) delete globalThis[name];"""
"""Ways out that no route sees, or that take long for nothing."""

WANTED = frozenset({"script", "xhr", "fetch"})  # what makes words appear; never a picture
MOST_PARTS = 80  # requests of one page
MOST_SCRIPTS = 200  # kept for the other pages of a crawl: a site's pages share theirs
QUIET_MS = 8_000  # a page that never stops asking is taken as it is after so long
LONGEST_SECONDS = (
    60.0  # for one page; beyond it the browser is ended, and started anew for the next
)


_MEDIA = re.compile(
    r"\.(?:png|jpe?g|gif|webp|avif|svg|ico|mp[34]|m4[av]|webm|m3u8|mpd|ts|aac|ogg|woff2?|ttf|otf|pdf|zip)$",
    re.IGNORECASE,
)  # a script may ask for a picture as if it were words; what hides its name is cut off by ``transport``


class Browser(ScrapyPlaywrightDownloadHandler):  # type: ignore[misc]
    """Opened with its first page, closed with the crawl."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.config: Any = replace(
            self.config, **_options(crawler.settings.get("RASD_BROWSER") or "")
        )
        logging.getLogger("scrapy-playwright").setLevel(logging.ERROR)
        self._engine: Any = crawler.engine
        self._firsts: dict[str, tuple[Response, dict[str, Any]]] = {}
        self._scripts: dict[str, Response] = {}
        self._opened = False

    async def show(self, first: Response, meta: dict[str, Any]) -> Response:
        """The page as its scripts make it; Unrendered where none comes about. ``first`` is what the
        server sent, ``meta`` what holds for its parts."""
        self._firsts[first.url] = first, meta
        asked = Request(
            first.url,
            meta={
                "playwright": True,
                "playwright_page_init_callback": _silence,
                "playwright_page_methods": [PageMethod(_settle)],
            },
        )
        try:
            async with asyncio.timeout(LONGEST_SECONDS):
                if not self._opened:
                    self._opened = True
                    await self._launch()
                answer: Response = await self._download_request(asked)
        except TimeoutError as error:
            await self.end()
            raise NotRenderedError(f"render: not done after {LONGEST_SECONDS:.0f} s") from error
        except Error as error:
            raise NotRenderedError(f"render: {str(error).splitlines()[0][:200]}") from error
        finally:
            self._firsts.pop(first.url, None)
        return answer

    async def end(self) -> None:
        """No browser any more; the next page opens another."""
        if self._opened:
            self._opened = False
            await self._close()
            self.__dict__.pop("browser", None)

    def _make_request_handler(
        self, *, url: str, **more: Any
    ) -> Callable[[Any, Any], Awaitable[None]]:
        """In the place of scrapy-playwright's, which lets the browser fetch (0.0.48: made for each page
        that is opened, and the only route it has)."""
        first, meta = self._firsts[url]
        parts: list[str] = []

        async def answer(route: Any, asked: Any) -> None:
            if asked.is_navigation_request():
                response = None if parts else first  # nor frames, nor where a script would lead
            elif (
                asked.resource_type in WANTED and asked.method == "GET" and len(parts) < MOST_PARTS
            ):
                response = await self._part(asked, meta)
            else:
                response = None
            parts.append(asked.url)
            with suppress(Error):  # the page was closed meanwhile
                if response is None:
                    await route.abort("blockedbyclient")
                else:
                    await route.fulfill(
                        status=response.status, headers=_headers(response), body=response.body
                    )

        return answer

    async def _part(self, asked: Any, meta: dict[str, Any]) -> Response | None:
        """One part of a page, as any address of its source; None where it may not be asked for."""
        if (known := self._scripts.get(asked.url)) is not None:
            return known
        if not asked.url.startswith(("http:", "https:")) or _MEDIA.search(urlsplit(asked.url).path):
            return None
        headers = {"Accept": asked.headers.get("accept", "*/*")}
        part = Request(
            asked.url,
            headers=headers,
            callback=NO_CALLBACK,
            meta=dict(meta),
            dont_filter=True,
            priority=5,
        )
        try:
            response: Response = await self._engine.download_async(part)
        except Exception:
            return None  # refused, held, out of reach: the page does without, and the guard has said it
        if (
            asked.resource_type == "script"
            and response.status == 200
            and len(self._scripts) < MOST_SCRIPTS
        ):
            self._scripts[asked.url] = response
        return response


def _options(executable: str) -> dict[str, Any]:
    names = (executable,) if executable else NAMES
    found = next((place for name in names if (place := shutil.which(name))), None)
    if found is None:
        raise NotRenderedError(
            "render: no browser found; install chromium, or name one as crawl.browser"
        )
    sandbox = os.geteuid() != 0  # as root, Chromium's cannot be had
    launch = {"executable_path": found, "args": list(ARGUMENTS), "chromium_sandbox": sandbox}
    context = {"offline": True, "service_workers": "block", "accept_downloads": False}
    return {
        "launch_options": launch,
        "startup_context_kwargs": {"default": context},
        "navigation_timeout_ms": 1000 * LONGEST_SECONDS,
        "restart_disconnected_browser": False,
    }


async def _silence(page: Page, request: Request) -> None:
    await page.add_init_script(SILENCED)


async def _settle(page: Page) -> None:
    """Until nothing was asked for during half a second, or long enough."""
    with suppress(Error):
        await page.wait_for_load_state("networkidle", timeout=QUIET_MS)


def _headers(response: Response) -> dict[str, str]:
    told = {
        name.decode("latin-1").lower(): values[-1].decode("latin-1")
        for name, values in response.headers.items()
        if values
    }
    for name in (
        "content-encoding",
        "content-length",
        "transfer-encoding",
        "set-cookie",
        "location",
        "refresh",
    ):
        told.pop(name, None)
    return told
