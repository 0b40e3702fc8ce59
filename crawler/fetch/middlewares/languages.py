"""Asks for the languages that a source publishes in (RFC 9110 §12.5.4).

Order 70: robots.txt and the parts of a rendered page are asked for in the same languages. A site of
several languages chooses its edition by this header; Scrapy's own default is English.
"""

from __future__ import annotations

from collections.abc import Sequence

from scrapy.http import Request

from crawler.fetch.services import WithServices


class Languages(WithServices):
    """Downloader middleware: sets ``Accept-Language`` on requests of a source."""

    def process_request(self, request: Request) -> None:
        """Leave the request without the header if it is of no source, as when one is sought."""
        source = self.services.sources.get(request.meta.get("source") or "")
        if source is not None:
            request.headers.setdefault("Accept-Language", accept_language(source.languages))


def accept_language(languages: Sequence[str]) -> str:
    """The header's value: each language less welcome than the one before, any other last.

    >>> accept_language(["ar", "fr"])
    'ar,fr;q=0.9,*;q=0.1'
    """
    weighed = [f"{name};q={max(10 - n, 2) / 10:.1f}" for n, name in enumerate(languages)]
    return ",".join([*weighed, "*;q=0.1"]).replace(";q=1.0", "")
