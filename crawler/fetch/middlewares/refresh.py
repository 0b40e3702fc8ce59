"""Follows pages that only lead elsewhere: by Refresh, by a meta element, by a script, by one link.

Order 580: after a body is unpacked. Many outlets' feeds link to such pages (counters, shorteners,
cookie gates), and what stands behind is the story. No script is run: an address is taken from the
few that do nothing but name one. Each hop is a redirect like any other: the same limit in a row,
the same policy of hosts and schemes, and nothing that leads off the web is followed (S10).
"""

from __future__ import annotations

from typing import Any

from scrapy.http import Request, Response

from crawler import urls
from crawler.fetch.block_pages import MAX_LEADING_CHARACTERS, says_it_leads
from crawler.fetch.middlewares.redirects import Redirects, target_of
from crawler.fetch.outline import Outline, outline, refresh_target
from crawler.polling.outcomes import READ_STATUSES

_PAGE_TYPES = ("text/html", "application/xhtml", "text/plain")


class Refresh(Redirects):
    """Redirects that are written in the page; RefusedError ``redirect_limit`` if there are too
    many."""

    def process_response(
        self, request: Request, response: Response, spider: Any = None
    ) -> Request | Response:
        """The request for the page that this one leads to; this one if it leads nowhere."""
        is_page = response.status in READ_STATUSES and not request.meta.get("robots")
        if not is_page or request.method != "GET":
            return response
        kind = (response.headers.get("Content-Type") or b"text/html").decode("latin-1").lower()
        if not kind.strip().startswith(_PAGE_TYPES):
            return response
        header = (response.headers.get("Refresh") or b"").decode("latin-1")
        page = outline(response.body, kind)
        for target in _targets(page, header):
            if (url := _address(target, response)) is not None:
                redirected = self._redirect_request_using_get(request, response, url)
                return self._redirect(redirected, request, "refresh")
        return response


def _targets(page: Outline | None, header: str) -> list[str]:
    """Where a page that shows next to nothing leads, the surest first."""
    if page is None or page.characters > MAX_LEADING_CHARACTERS:
        return []
    found = [refresh_target(header), *page.leads]
    if not any(found) and says_it_leads(page):
        links = {
            link for link in page.links if not link.startswith(("#", "javascript:", "mailto:"))
        }
        found += links if len(links) == 1 else []
    return [target for target in found if target]


def _address(target: str, response: Response) -> str | None:
    """The address to request; None for one that may not be requested or is off the web, and for
    this page's own, unless it set a cookie to be brought back."""
    url = target_of(target, response.url)
    again = url == urls.clean(response.url)
    return None if not url or (again and "Set-Cookie" not in response.headers) else url
