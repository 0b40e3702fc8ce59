"""A browser without a network: scrapy-playwright's, which gets what our own downloader fetched.

::

    page ─► script, fetch ─► route ─► Scrapy's downloader: host policy, robots, guard ─► page
            image, film, font, frame, socket ─► nothing

Chromium itself opens no connection: it is offline, resolves no name, and each of its requests is
answered here or aborted. Needs the extra ``js``; the import fails without it.
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

EXECUTABLE_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
CHROMIUM_ARGUMENTS = (
    "--headless", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--no-pings", "--dns-prefetch-disable", "--host-resolver-rules=MAP * ~NOTFOUND",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
)  # fmt: skip
REMOVE_GLOBALS_SCRIPT = """
for (const name of ["RTCPeerConnection", "webkitRTCPeerConnection", "WebSocket",
    "WebTransport", "Worker", "SharedWorker"]) delete globalThis[name];"""
"""Removes ways out that no route sees, and workers, which take long and show no text."""

FETCHED_RESOURCE_TYPES = frozenset(
    {"script", "xhr", "fetch"}
)  # what can make text appear; never a picture
MAX_PARTS = 80  # requests of one page
MAX_CACHED_SCRIPTS = 200  # of one crawl: the pages of a site share theirs
MAX_SETTLE_MS = 8_000  # then a page that never stops requesting is taken as it is
MAX_PAGE_SECONDS = 60.0  # then the browser is ended, and started again for the next page


_MEDIA = re.compile(
    r"\.(?:png|jpe?g|gif|webp|avif|svg|ico|mp[34]|m4[av]|webm|m3u8|mpd|ts|aac|ogg|woff2?|ttf|otf|pdf|zip)$",
    re.IGNORECASE,
)  # a script may fetch a picture as data; one with another name is cut off by ``http_handler``


class Browser(ScrapyPlaywrightDownloadHandler):  # type: ignore[misc]
    """Started with its first page, ended with the crawl."""

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
        """The page as its scripts make it. ``first`` is what the server sent, ``meta`` the request
        metadata for the page's parts. NotRenderedError if no page comes about."""
        self._firsts[first.url] = first, meta
        asked = Request(
            first.url,
            meta={
                "playwright": True,
                "playwright_page_init_callback": _remove_globals,
                "playwright_page_methods": [PageMethod(_settle)],
            },
        )
        try:
            async with asyncio.timeout(MAX_PAGE_SECONDS):
                if not self._opened:
                    self._opened = True
                    await self._launch()
                answer: Response = await self._download_request(asked)
        except TimeoutError as error:
            await self.end()
            raise NotRenderedError(f"not done after {MAX_PAGE_SECONDS:.0f} s") from error
        except Error as error:
            raise NotRenderedError(str(error).splitlines()[0][:200]) from error
        finally:
            self._firsts.pop(first.url, None)
        return answer

    async def end(self) -> None:
        """End the browser; the next page starts another one."""
        if self._opened:
            self._opened = False
            await self._close()
            self.__dict__.pop("browser", None)

    def _make_request_handler(
        self, *, url: str, **more: Any
    ) -> Callable[[Any, Any], Awaitable[None]]:
        """Replaces scrapy-playwright's, which lets the browser fetch (0.0.48: called for each page
        that is opened, and the only route it has)."""
        first, meta = self._firsts[url]
        parts: list[str] = []

        async def answer(route: Any, asked: Any) -> None:
            if asked.is_navigation_request():
                response = None if parts else first  # nor frames, nor where a script would lead
            elif (
                asked.resource_type in FETCHED_RESOURCE_TYPES
                and asked.method == "GET"
                and len(parts) < MAX_PARTS
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
        """One part of a page, fetched like any URL of its source; None if it must not be
        fetched."""
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
            return None  # refused, on hold, unreachable: the page does without it
        if (
            asked.resource_type == "script"
            and response.status == 200
            and len(self._scripts) < MAX_CACHED_SCRIPTS
        ):
            self._scripts[asked.url] = response
        return response


def _options(executable: str) -> dict[str, Any]:
    names = (executable,) if executable else EXECUTABLE_NAMES
    found = next((place for name in names if (place := shutil.which(name))), None)
    if found is None:
        raise NotRenderedError("no browser found; install chromium, or name one as crawl.browser")
    sandbox = os.geteuid() != 0  # Chromium has none when it runs as root
    launch = {
        "executable_path": found,
        "args": list(CHROMIUM_ARGUMENTS),
        "chromium_sandbox": sandbox,
    }
    context = {"offline": True, "service_workers": "block", "accept_downloads": False}
    return {
        "launch_options": launch,
        "startup_context_kwargs": {"default": context},
        "navigation_timeout_ms": 1000 * MAX_PAGE_SECONDS,
        "restart_disconnected_browser": False,
    }


async def _remove_globals(page: Page, request: Request) -> None:
    await page.add_init_script(REMOVE_GLOBALS_SCRIPT)


async def _settle(page: Page) -> None:
    """Wait until the page has requested nothing for half a second, or for MAX_SETTLE_MS."""
    with suppress(Error):
        await page.wait_for_load_state("networkidle", timeout=MAX_SETTLE_MS)


def _headers(response: Response) -> dict[str, str]:
    headers = {
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
        headers.pop(name, None)
    return headers
