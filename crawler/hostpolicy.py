"""What a URL alone can tell: its form, whose site it is, its port, a downgrade to plain http.

A downloader middleware; redirect hops come through it like any request, with the meta of the first.
Where a connection may go is not judged here: that is ``netguard``'s, at the moment of connecting.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Self, cast
from urllib.parse import urlsplit

from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response

from crawler import urls
from crawler.addresses import WEB_PORTS
from crawler.interfaces import Rasd
from crawler.model import Source
from crawler.refusals import IN_PROCESS, Refused

REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MENDED = re.compile(rb"[\x00-\x1f\x7f\\]|^\s*(?:[a-z]+:)?//[^/?#]*@", re.IGNORECASE)
_BINARY = re.compile(
    r"\.(?:7z|apk|avi|bmp|docx?|exe|flac|gif|gz|ico|iso|jpe?g|m4a|mkv|mov|mp[34]|mpe?g|ogg|pdf|png|"
    r"pptx?|rar|tar|tgz|tiff?|wav|webm|webp|wm[av]|xlsx?|zip)$",
    re.IGNORECASE,
)


class HostPolicy:
    """Refuses malformed addresses, other sites, unlisted ports, downgrades and binary files."""

    def __init__(self, crawler: Crawler | None = None) -> None:
        self._crawler = crawler
        self._ports: dict[str, frozenset[int]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Refused, or let through."""
        meta, url = request.meta, request.url
        if url.startswith(IN_PROCESS):
            return
        if urls.clean(url) is None:
            raise Refused("url_malformed: the address is not one that may be asked")
        allowed = meta.get("allowed_hosts")
        if allowed is not None and (host := urls.registrable(url)) not in allowed:
            raise Refused(f"offsite_redirect: {host} is no host of the source")
        port = urlsplit(url).port
        if port is not None and port not in (*meta.get("ports", ()), *self._listed(meta.get("source"))):
            raise Refused(f"port_refused: no address of the source names port {port}")
        if url.startswith("http:") and downgraded(meta):
            raise Refused("tls_downgrade: redirected from https to http")
        # A sitemap may be packed; an article is no file to download.
        if "sighting" in request.cb_kwargs and _BINARY.search(urlsplit(url).path):
            raise Refused(f"binary_file: {urlsplit(url).path[-80:]}")

    def process_response(self, request: Request, response: Response) -> Response:
        """A redirect that was not followed, because it leads off the web, is said to be one (S8)."""
        if response.status not in REDIRECTS:
            return response
        to = (response.headers.get("location") or b"").decode("latin-1").strip()
        scheme = urlsplit(to).scheme.lower() if to.isprintable() else "?"
        if scheme not in ("", "http", "https"):
            raise Refused(f"scheme_blocked: redirected to {scheme[:20]}:")
        return response

    def _listed(self, slug: str | None) -> frozenset[int]:
        rasd = cast("Rasd | None", getattr(self._crawler, "rasd", None))
        source = rasd.sources.get(slug) if rasd is not None and slug is not None else None
        if source is None:
            return WEB_PORTS
        if slug not in self._ports:
            self._ports[source.slug] = WEB_PORTS | ports((source,))
        return self._ports[source.slug]


class Redirects(RedirectMiddleware):
    """Scrapy's, that says ``redirect_limit`` when it stops, and never names where it came from."""

    def process_response(self, request: Request, response: Response, spider: Any = None) -> Request | Response:
        """Followed, unless parsers read the address differently (M35): Scrapy mends it in silence."""
        to = response.headers.get("location") or b""
        if response.status in REDIRECTS and _MENDED.search(to):
            raise Refused("url_malformed: redirected to an address that parsers read differently")
        return super().process_response(request, response)

    def handle_referer(self, request: Request, response: Response) -> None:
        """What we read is nobody's business."""
        request.headers.pop("Referer", None)

    def _engine_started(self) -> None:
        """Scrapy's looks for a referer middleware here and warns that there is none."""

    def _redirect(self, redirected: Request, request: Request, reason: Any) -> Request:
        try:
            return super()._redirect(redirected, request, reason)
        except IgnoreRequest as error:
            raise Refused(f"redirect_limit: more than {self.max_redirect_times} in a row") from error


def downgraded(meta: dict[str, Any]) -> bool:
    """Whether a redirect led here from https, or from a source that is configured with https."""
    before: list[str] = meta.get("redirect_urls") or []
    return bool(before) and (bool(meta.get("https_only")) or before[-1].startswith("https:"))


def ports(sources: Iterable[Source]) -> frozenset[int]:
    """The ports that sources name in their own addresses: listed for them, and for nobody else."""
    found = set()
    for source in sources:
        for place in (source.home, *(feed.url for feed in source.feeds), *source.hosts):
            port = urlsplit(place if "//" in place else f"//{place}").port
            if port is not None:
                found.add(port)
    return frozenset(found)
