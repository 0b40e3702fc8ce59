"""Parse the bytes of a feed, sitemap, listing page or API into a ``FeedWindow``. Pure.

Each kind of feed has a module with a function ``parse(body, url, content_type, *options)``, which
is called in a worker process with limits of time and memory. Its options come from the spider of
that kind. A new kind is added to ``PARSERS``.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from crawler.model import FeedWindow

PARSERS = {
    "feed": "syndication",
    "section": "section",
    "sitemap": "sitemap",
    "wordpress": "wordpress",
}
"""Kind of feed → the module of this package that parses it."""

RECOGNISED = ("feed", "sitemap", "wordpress")
"""The kinds that can be recognised by their bytes, without settings of the source."""


def load_parsers() -> dict[str, Callable[..., FeedWindow]]:
    """Return kind of feed → its ``parse``. The modules are imported now: they take a second to
    load.
    """
    return {kind: import_module(f"crawler.feeds.{name}").parse for kind, name in PARSERS.items()}
