"""Follows redirects (RFC 9110 §15.4), in place of Scrapy's middleware.

Order 600, as Scrapy's. At most ``REDIRECT_MAX_TIMES`` in a row, and without a Referer. Where one
leads is read by our own rule for links (``urls.clean``), as browsers read it; Scrapy then gets the
address that is asked for, which all parsers read alike (M35). Each hop passes all middlewares as a
request of its own.

A cookie that a redirect sets goes with the next hops to its host, for sites that look whether it
comes back before they show a page; it is forgotten with the answer.
"""

from __future__ import annotations

import re
from typing import Any

from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response
from scrapy.http.cookies import CookieJar

from crawler import urls
from crawler.fetch.errors import RedirectLimitError, RedirectMalformedError

MAX_COOKIE_BYTES = 8_192  # in all, of one chain; servers refuse longer headers
REDIRECT_STATUSES = frozenset({301, 302, 303, 307, 308})
MAX_LOCATION_BYTES = 8_192  # more is no address, and it is not decoded
_SCHEME = re.compile(r"[\s\x00-\x1f]*([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_WEB = ("http", "https")


class Redirects(RedirectMiddleware):
    """Scrapy's; RefusedError ``redirect_limit`` if there are too many, ``url_malformed`` for a bad
    one."""

    def process_response(
        self, request: Request, response: Response, spider: Any = None
    ) -> Request | Response:
        """Follow a redirect, unless it names no address that may be requested."""
        to = (response.headers.get("location") or b"").strip()
        if response.status not in REDIRECT_STATUSES or not to:
            return response
        url = target_of(_decoded(to), response.url)
        if url is None:
            raise RedirectMalformedError("redirected to an address that is none")
        if not url:
            return response  # off the web; ``url_policy`` names where
        headers = response.headers.copy()
        headers["Location"] = url
        return super().process_response(request, response.replace(headers=headers))

    def handle_referer(self, request: Request, response: Response) -> None:
        """Remove the Referer: no site learns where we come from."""
        request.headers.pop("Referer", None)

    def _engine_started(self) -> None:
        """Do nothing: Scrapy's looks for a referer middleware here and warns that there is none."""

    def _build_redirect_request(
        self, source_request: Request, response: Response, *, url: str, **kwargs: Any
    ) -> Request:
        redirected = super()._build_redirect_request(source_request, response, url=url, **kwargs)
        _take_cookies_on(source_request, response, redirected)
        return redirected

    def _redirect(self, redirected: Request, request: Request, reason: Any) -> Request:
        try:
            return super()._redirect(redirected, request, reason)
        except IgnoreRequest as error:
            raise RedirectLimitError(f"more than {self.max_redirect_times} in a row") from error


def target_of(written: str, base: str) -> str | None:
    """The URL that a redirect leads to, as browsers join and normalise it; "" if it leads off the
    web, None if it is none or may not be requested.

    A host that other parsers take for another one (127.1) is not mended.
    """
    scheme = _SCHEME.match(written)
    if scheme is not None and scheme[1].lower() not in _WEB:
        return ""
    url = urls.clean(written, base)
    absolute = written.strip().replace("\\", "/")
    if url is None or (scheme is not None and "//" in absolute and not _is_host_kept(absolute)):
        return None
    return url


def _is_host_kept(absolute: str) -> bool:
    """Whether the host that is written is the one that is asked for."""
    return urls.is_read_alike("".join(c for c in absolute if c.isprintable()))


def _decoded(location: bytes) -> str:
    """The header as text; bytes that are no UTF-8 are those of its path, encoded one by one."""
    if len(location) > MAX_LOCATION_BYTES:
        return ""
    try:
        return location.decode("utf-8")
    except UnicodeDecodeError:
        return "".join(chr(b) if b < 0x80 else f"%{b:02X}" for b in location)


def _take_cookies_on(request: Request, response: Response, redirected: Request) -> None:
    """Give the next hop of a chain what cookies its host was given on the way."""
    redirected.headers.pop("Cookie", None)
    jar: CookieJar | None = request.meta.get("chain_cookies")
    set_here = response.headers.getlist("Set-Cookie")
    if sum(map(len, set_here)) > MAX_COOKIE_BYTES:
        return
    if jar is None and set_here:
        jar = redirected.meta["chain_cookies"] = CookieJar()
    if jar is not None:
        jar.extract_cookies(response, request)
        jar.add_cookie_header(redirected)
        if len(redirected.headers.get("Cookie") or b"") > MAX_COOKIE_BYTES:
            redirected.headers.pop("Cookie")
