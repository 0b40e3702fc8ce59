"""Follows redirects (RFC 9110 §15.4), in place of Scrapy's middleware.

Order 600, as Scrapy's. At most ``REDIRECT_MAX_TIMES`` in a row, only to URLs that all parsers read
alike (M35), and without a Referer. Each hop passes all middlewares as a request of its own.
"""

from __future__ import annotations

import re
from typing import Any

from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response

from crawler.fetch.errors import RedirectLimitError, UrlMalformedError

REDIRECT_STATUSES = frozenset({301, 302, 303, 307, 308})
_AMBIGUOUS_URL = re.compile(rb"[\x00-\x1f\x7f\\]|^\s*(?:[a-z]+:)?//[^/?#]*@", re.IGNORECASE)


class Redirects(RedirectMiddleware):
    """Scrapy's; RefusedError ``redirect_limit`` if there are too many, ``url_malformed`` for a bad
    one."""

    def process_response(
        self, request: Request, response: Response, spider: Any = None
    ) -> Request | Response:
        """Follow a redirect, unless parsers read its URL differently (M35): Scrapy repairs it
        silently."""
        to = response.headers.get("location") or b""
        if response.status in REDIRECT_STATUSES and _AMBIGUOUS_URL.search(to):
            raise UrlMalformedError("redirected to an address that parsers read differently")
        return super().process_response(request, response)

    def handle_referer(self, request: Request, response: Response) -> None:
        """Remove the Referer: no site learns where we come from."""
        request.headers.pop("Referer", None)

    def _engine_started(self) -> None:
        """Do nothing: Scrapy's looks for a referer middleware here and warns that there is none."""

    def _redirect(self, redirected: Request, request: Request, reason: Any) -> Request:
        try:
            return super()._redirect(redirected, request, reason)
        except IgnoreRequest as error:
            raise RedirectLimitError(f"more than {self.max_redirect_times} in a row") from error
