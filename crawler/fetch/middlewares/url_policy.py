"""Refuses what a URL alone gives away: a malformed URL, another site, an unlisted port, a
downgrade.

Order 50, the first: it costs nothing. Redirects pass it like any request, with the metadata of the
first one. Where a connection may go is decided by ``ssrf_guard`` when it is opened.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from scrapy.crawler import Crawler
from scrapy.http import Request, Response

from crawler import urls
from crawler.fetch.errors import (
    IN_PROCESS_SCHEME,
    BinaryFileError,
    OffsiteRedirectError,
    PortRefusedError,
    SchemeBlockedError,
    TlsDowngradeError,
    UrlMalformedError,
)
from crawler.fetch.ip_policy import WEB_PORTS
from crawler.fetch.middlewares.redirects import REDIRECT_STATUSES
from crawler.fetch.services import WithServices
from crawler.model import Source
from crawler.polling.ledger import host_of

_BINARY_FILE = re.compile(
    r"\.(?:7z|apk|avi|bmp|docx?|exe|flac|gif|gz|ico|iso|jpe?g|m4a|mkv|mov|mp[34]|mpe?g|ogg|pdf|png|"
    r"pptx?|rar|tar|tgz|tiff?|wav|webm|webp|wm[av]|xlsx?|zip)$",
    re.IGNORECASE,
)


class UrlPolicy(WithServices):
    """Refuses malformed addresses, other sites, unlisted ports, downgrades and binary files."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._ports: dict[str, frozenset[int]] = {}

    def process_request(self, request: Request) -> None:
        """RefusedError, with the reason, for a URL that must not be requested."""
        meta, url = request.meta, request.url
        if url.startswith(IN_PROCESS_SCHEME):
            return
        if not urls.is_read_alike(url):
            raise UrlMalformedError("the address is not one that may be asked")
        allowed = meta.get("allowed_hosts")
        if allowed is not None and (host := urls.registrable(url)) not in allowed:
            raise OffsiteRedirectError(f"{host} is no host of the source")
        if meta.get("redirect_times") and (host := host_of(url)) in meta.get("others", ()):
            raise OffsiteRedirectError(f"{host} is another source's")
        port = urlsplit(url).port
        if port is not None and port not in (
            *meta.get("ports", ()),
            *self._allowed_ports(meta.get("source")),
        ):
            raise PortRefusedError(f"no address of the source names port {port}")
        if url.startswith("http:") and is_downgrade(meta):
            raise TlsDowngradeError("redirected from https to http")
        # A sitemap may be a packed file, an article may not.
        if "sighting" in request.cb_kwargs and _BINARY_FILE.search(urlsplit(url).path):
            raise BinaryFileError(urlsplit(url).path[-80:])

    def process_response(self, request: Request, response: Response) -> Response:
        """RefusedError for a redirect that was not followed because it leads off the web (S8)."""
        if response.status not in REDIRECT_STATUSES:
            return response
        to = (response.headers.get("location") or b"").decode("latin-1").strip()
        scheme = urlsplit(to).scheme.lower() if to.isprintable() else "?"
        if scheme not in ("", "http", "https"):
            raise SchemeBlockedError(f"redirected to {scheme[:20]}:")
        return response

    def _allowed_ports(self, slug: str | None) -> frozenset[int]:
        source = self.services.sources.get(slug) if slug is not None else None
        if source is None:
            return WEB_PORTS
        if slug not in self._ports:
            self._ports[source.slug] = WEB_PORTS | allowed_ports((source,))
        return self._ports[source.slug]


def allowed_ports(sources: Iterable[Source]) -> frozenset[int]:
    """The ports that these sources name in their own URLs; they are open for them only."""
    found = set()
    for source in sources:
        for place in (source.home, *(feed.url for feed in source.feeds), *source.hosts):
            port = urlsplit(place if "//" in place else f"//{place}").port
            if port is not None:
                found.add(port)
    return frozenset(found)


def is_downgrade(meta: dict[str, Any]) -> bool:
    """Whether a redirect led to http from https, or from a source whose URLs are https."""
    before: list[str] = meta.get("redirect_urls") or []
    return bool(before) and (bool(meta.get("https_only")) or before[-1].startswith("https:"))
