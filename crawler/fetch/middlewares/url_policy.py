"""What a URL alone can tell: its form, whose site it is, its port, a downgrade to plain http.

A downloader middleware; redirect hops come through it like any request, with the meta of the first.
Where a connection may go is not judged here: that is ``netguard``'s, at the moment of connecting.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from scrapy.crawler import Crawler
from scrapy.http import Request, Response

from crawler import urls
from crawler.fetch.errors import IN_PROCESS, RefusedError
from crawler.fetch.ip_policy import WEB_PORTS
from crawler.fetch.middlewares.redirects import _BINARY, REDIRECTS, downgraded
from crawler.fetch.services import WithServices
from crawler.model import Source


class UrlPolicy(WithServices):
    """Refuses malformed addresses, other sites, unlisted ports, downgrades and binary files."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._ports: dict[str, frozenset[int]] = {}

    def process_request(self, request: Request) -> None:
        """Refused, or let through."""
        meta, url = request.meta, request.url
        if url.startswith(IN_PROCESS):
            return
        if urls.clean(url) is None:
            raise RefusedError("url_malformed: the address is not one that may be asked")
        allowed = meta.get("allowed_hosts")
        if allowed is not None and (host := urls.registrable(url)) not in allowed:
            raise RefusedError(f"offsite_redirect: {host} is no host of the source")
        port = urlsplit(url).port
        if port is not None and port not in (
            *meta.get("ports", ()),
            *self._listed(meta.get("source")),
        ):
            raise RefusedError(f"port_refused: no address of the source names port {port}")
        if url.startswith("http:") and downgraded(meta):
            raise RefusedError("tls_downgrade: redirected from https to http")
        # A sitemap may be packed; an article is no file to download.
        if "sighting" in request.cb_kwargs and _BINARY.search(urlsplit(url).path):
            raise RefusedError(f"binary_file: {urlsplit(url).path[-80:]}")

    def process_response(self, request: Request, response: Response) -> Response:
        """A redirect that was not followed, because it leads off the web, is said to be one (S8)."""
        if response.status not in REDIRECTS:
            return response
        to = (response.headers.get("location") or b"").decode("latin-1").strip()
        scheme = urlsplit(to).scheme.lower() if to.isprintable() else "?"
        if scheme not in ("", "http", "https"):
            raise RefusedError(f"scheme_blocked: redirected to {scheme[:20]}:")
        return response

    def _listed(self, slug: str | None) -> frozenset[int]:
        source = self.services.sources.get(slug) if slug is not None else None
        if source is None:
            return WEB_PORTS
        if slug not in self._ports:
            self._ports[source.slug] = WEB_PORTS | allowed_ports((source,))
        return self._ports[source.slug]


def allowed_ports(sources: Iterable[Source]) -> frozenset[int]:
    """The ports that sources name in their own addresses: listed for them, and for nobody else."""
    found = set()
    for source in sources:
        for place in (source.home, *(feed.url for feed in source.feeds), *source.hosts):
            port = urlsplit(place if "//" in place else f"//{place}").port
            if port is not None:
                found.add(port)
    return frozenset(found)
