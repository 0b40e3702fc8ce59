"""Honours ``Retry-After`` (RFC 9110 §10.2.3), also over restarts (M11, F-26, F-27).

Order 60: before robots.txt, which is on hold as well. A request to a host on hold is not sent, and
its page stays queued.
"""

from __future__ import annotations

from scrapy.http import Request, Response

from crawler.fetch import http_hints
from crawler.fetch.errors import IN_PROCESS_SCHEME, HostOnHoldError
from crawler.fetch.services import WithServices
from crawler.polling.schedule import host_of


class RetryAfter(WithServices):
    """Downloader middleware: sends no request to a host before the time it named."""

    def process_request(self, request: Request) -> None:
        """HostOnHoldError if the host must not be contacted yet."""
        if request.url.startswith(IN_PROCESS_SCHEME):
            return
        host = host_of(request.url)
        until = self.services.hosts.held_until(host)
        if until is not None and until > self.services.clock():
            raise HostOnHoldError(
                f"{host} asked not to be contacted before {until:%Y-%m-%d %H:%M} UTC"
            )

    def process_response(self, request: Request, response: Response) -> Response:
        """Remember the time that a 429 or 503 names; its row is written later, nothing waits for
        it."""
        asked = response.headers.get("retry-after")
        now = self.services.clock()
        until = http_hints.hold_until(
            response.status, asked.decode("latin-1") if asked is not None else None, now
        )
        if until is not None:
            self.services.hosts.hold(
                host_of(response.url), until, f"the server said {response.status}"
            )
        return response
