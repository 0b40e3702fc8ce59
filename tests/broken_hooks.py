"""Run as a child: breaks one private part of Scrapy or Twisted after the other, as a new version
might, and prints as JSON what each start said. ``python -m tests.broken_hooks CONFIG``

A start needs a reactor, which a test process must not have.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest


def _parser_forgotten(patch: pytest.MonkeyPatch) -> None:
    """Scrapy makes its connections without asking the pool for its factory."""
    from scrapy.core.downloader.handlers import http11
    from twisted.web.client import HTTPConnectionPool

    def connect(self: Any, key: object, endpoint: Any) -> object:
        return endpoint.connect(http11._LenientHTTP11ClientFactory(lambda protocol: None, ""))

    patch.setattr(HTTPConnectionPool, "_newConnection", connect)


def _parser_renamed(patch: pytest.MonkeyPatch) -> None:
    """Twisted keeps a connection's parser under another name."""
    from crawler.fetch import http_handler

    patch.setattr(http_handler._Protocol, "_parser", property(lambda self: None), raising=False)


def _lines_parsed_elsewhere(patch: pytest.MonkeyPatch) -> None:
    """Twisted calls another method for each header line."""
    from crawler.fetch import http_handler

    patch.delattr(http_handler._Parser, "lineReceived")


def _factory_gone(patch: pytest.MonkeyPatch) -> None:
    """Scrapy has no lenient factory any more."""
    from scrapy.core.downloader.handlers import http11

    patch.delattr(http11, "_LenientHTTP11ClientFactory")
    patch.delitem(sys.modules, "crawler.fetch.http_handler", raising=False)


def _lengths_believed(patch: pytest.MonkeyPatch) -> None:
    """Twisted decides how long a body is in a method of another name."""
    from crawler.fetch import http_handler

    patch.delattr(http_handler._Parser, "allHeadersReceived")


def _redirects_counted_elsewhere(patch: pytest.MonkeyPatch) -> None:
    """Scrapy counts redirects in a method of another name."""
    from crawler.fetch.middlewares.redirects import Redirects

    patch.delattr(Redirects, "_redirect")


def _slots_renamed(patch: pytest.MonkeyPatch) -> None:
    """Scrapy's downloader has no slots of that name."""
    from scrapy.core.downloader import Downloader

    patch.delattr(Downloader, "_get_slot")


def _browser_renamed(patch: pytest.MonkeyPatch) -> None:
    """scrapy-playwright has no such method to override."""
    from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler

    patch.delattr(ScrapyPlaywrightDownloadHandler, "_make_request_handler")


BREAKS: dict[str, tuple[str, Callable[[pytest.MonkeyPatch], None]]] = {
    "nothing": ("", lambda patch: None),
    "parser_forgotten": ("header limits", _parser_forgotten),
    "parser_renamed": ("header limits", _parser_renamed),
    "lines_parsed_elsewhere": ("header limits", _lines_parsed_elsewhere),
    "factory_gone": ("header limits", _factory_gone),
    "lengths_believed": ("transfer lengths", _lengths_believed),
    "redirects_counted_elsewhere": ("redirect limit", _redirects_counted_elsewhere),
    "slots_renamed": ("crawl delay", _slots_renamed),
    "browser_renamed": ("browser requests", _browser_renamed),
}
"""What is broken → the hook that the start must name; "" where it must succeed."""


def main(config: str) -> None:
    """Start once with each break."""
    from crawler.app import open_app
    from crawler.config import load
    from crawler.engine import embedded
    from crawler.errors import GuardError

    said: dict[str, str] = {}

    async def starts(stop: asyncio.Event) -> int:
        for name, (hook, break_it) in BREAKS.items():
            if hook == "browser requests" and find_spec("scrapy_playwright") is None:
                continue
            with pytest.MonkeyPatch.context() as patch:
                break_it(patch)
                try:
                    await embedded.Engine(app).prove_guard()
                    said[name] = ""
                except GuardError as error:
                    said[name] = str(error)
        return 0

    with open_app(load(Path(config))) as app:
        embedded.run(starts)
    print(json.dumps(said))


if __name__ == "__main__":
    main(sys.argv[1])
