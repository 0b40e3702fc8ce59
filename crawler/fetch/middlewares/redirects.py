"""Follows redirects (RFC 9110 §15.4), in place of Scrapy's middleware.

Order 600, as Scrapy's. At most ``REDIRECT_MAX_TIMES`` in a row, only to URLs that all parsers read
alike (M35), and without a Referer. Each hop passes all middlewares as a request of its own.

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

from crawler.fetch.errors import RedirectLimitError, RedirectMalformedError

MAX_COOKIE_BYTES = 8_192  # in all, of one chain; servers refuse longer headers
REDIRECT_STATUSES = frozenset({301, 302, 303, 307, 308})
AMBIGUOUS_URL = re.compile(rb"[\x00-\x1f\x7f\\]|^\s*(?:[a-z]+:)?//[^/?#]*@", re.IGNORECASE)


class Redirects(RedirectMiddleware):
    """Scrapy's; RefusedError ``redirect_limit`` if there are too many, ``url_malformed`` for a bad
    one."""

    def process_response(
        self, request: Request, response: Response, spider: Any = None
    ) -> Request | Response:
        """Follow a redirect, unless parsers read its URL differently (M35): Scrapy repairs it
        silently."""
        to = response.headers.get("location") or b""
        if response.status in REDIRECT_STATUSES and AMBIGUOUS_URL.search(to):
            raise RedirectMalformedError("redirected to an address that parsers read differently")
        return super().process_response(request, response)

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
