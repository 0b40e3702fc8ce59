"""The canary handler: a Scrapy download handler for ``canary:`` URLs that answers without a socket.

No site can lead to such a URL: ``urls.clean`` accepts the scheme only inside the canary's own feed.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from scrapy import Request
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.http import HtmlResponse, Response

from crawler.fetch.services import services_of
from crawler.monitoring import canary


class CanaryHandler(BaseDownloadHandler):
    """``DOWNLOAD_HANDLERS["canary"]``"""

    lazy = True

    async def download_request(self, request: Request) -> Response:
        """The canary's feed, or its page of this hour; 404 for any other URL."""
        now = services_of(self.crawler).clock()
        found = canary.answer(urlsplit(request.url).path, now)
        if found is None:
            return Response(request.url, status=404)
        kind, body = found
        headers = {"Content-Type": kind}
        return HtmlResponse(request.url, headers=headers, body=body, encoding="utf-8")
