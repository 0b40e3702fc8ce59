"""A host that asked for time gets it: ``Retry-After``, kept over restarts (M11, F-26, F-27).

A downloader middleware over ``ports.Hosts``. Feeds, pages and robots.txt are all held: what is
held was not asked for, and waits.
"""

from __future__ import annotations

from scrapy.http import Request, Response

from crawler.fetch import http_hints
from crawler.fetch.errors import IN_PROCESS, HostOnHoldError
from crawler.fetch.services import WithServices
from crawler.polling.schedule import host_of


class RetryAfter(WithServices):
    """Holds requests to a host until the time it named."""

    def process_request(self, request: Request) -> None:
        """Held where the host is not to be contacted yet."""
        if request.url.startswith(IN_PROCESS):
            return
        host = host_of(request.url)
        until = self.services.hosts.held_until(host)
        if until is not None and until > self.services.clock():
            raise HostOnHoldError(
                f"held: {host} asked not to be contacted before {until:%Y-%m-%d %H:%M} UTC"
            )

    def process_response(self, request: Request, response: Response) -> Response:
        """Write down what a 429 or 503 asks for."""
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
