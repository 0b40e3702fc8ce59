"""What a URL alone can tell: its form, whose site it is, its port, a downgrade to plain http.

A downloader middleware; redirect hops come through it like any request, with the meta of the first.
Where a connection may go is not judged here: that is ``netguard``'s, at the moment of connecting.
"""

from __future__ import annotations

import re
from typing import Any

from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response

from crawler.fetch.errors import RefusedError

REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MENDED = re.compile(rb"[\x00-\x1f\x7f\\]|^\s*(?:[a-z]+:)?//[^/?#]*@", re.IGNORECASE)
_BINARY = re.compile(
    r"\.(?:7z|apk|avi|bmp|docx?|exe|flac|gif|gz|ico|iso|jpe?g|m4a|mkv|mov|mp[34]|mpe?g|ogg|pdf|png|"
    r"pptx?|rar|tar|tgz|tiff?|wav|webm|webp|wm[av]|xlsx?|zip)$",
    re.IGNORECASE,
)


class Redirects(RedirectMiddleware):
    """Scrapy's, that says ``redirect_limit`` when it stops, and never names where it came from."""

    def process_response(
        self, request: Request, response: Response, spider: Any = None
    ) -> Request | Response:
        """Followed, unless parsers read the address differently (M35): Scrapy mends it in silence."""
        to = response.headers.get("location") or b""
        if response.status in REDIRECTS and _MENDED.search(to):
            raise RefusedError(
                "url_malformed: redirected to an address that parsers read differently"
            )
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
            raise RefusedError(
                f"redirect_limit: more than {self.max_redirect_times} in a row"
            ) from error


def downgraded(meta: dict[str, Any]) -> bool:
    """Whether a redirect led here from https, or from a source that is configured with https."""
    before: list[str] = meta.get("redirect_urls") or []
    return bool(before) and (bool(meta.get("https_only")) or before[-1].startswith("https:"))
