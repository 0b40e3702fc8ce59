"""Ways of finding articles: one module a kind of feed, found by listing this folder.

What all kinds share stands beside them: ``base`` (requests and callbacks), ``execution`` (steps
that need the archive or a reader), ``requests`` (how a request is made) and ``looking`` (what
``scrapy parse`` shows).
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crawler.spiders.base import PollingSpider

_SHARED = frozenset({"__init__", "base", "execution", "looking", "requests"})


def kinds() -> tuple[str, ...]:
    """The kinds of feed that can be polled: the names of the spiders' modules."""
    names = (path.stem for path in Path(__file__).parent.glob("*.py"))
    return tuple(sorted(name for name in names if name not in _SHARED))


def load_spider(kind: str) -> type[PollingSpider]:
    """The spider class of a kind of feed; its module is imported now, and Scrapy with it."""
    from crawler.spiders.base import PollingSpider

    found = vars(import_module(f"crawler.spiders.{kind}")).values()
    classes = (one for one in found if isinstance(one, type) and issubclass(one, PollingSpider))
    return next(one for one in classes if vars(one).get("kind") == kind)
