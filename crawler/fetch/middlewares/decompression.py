"""HTTP as far as we let it go: Scrapy's HTTP/1.1 handler with caps where it has none.

Header sections end at ``MOST_HEADER_BYTES`` (Twisted took 400 MB of them, M9), bodies at Scrapy's
``DOWNLOAD_MAXSIZE`` packed and unpacked, at most two content codings are undone (R2), and a body
that announces itself as a picture, a film or a PDF is not fetched (R24). Each end is a value that
says why.
"""

from __future__ import annotations

from typing import Any

from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.exceptions import (
    IgnoreRequest,
)
from scrapy.http import Request, Response

from crawler.fetch.errors import (
    RefusedError,
)

MOST_CODINGS = 2  # gzip in gzip happens by mistake; more is a bomb


class Decompression(HttpCompressionMiddleware):
    """Scrapy's, that undoes two codings at most and says ``too_big`` when it stops."""

    def process_response(
        self, request: Request, response: Response, spider: Any = None
    ) -> Request | Response:
        """The response with its body unpacked."""
        try:
            return super().process_response(request, response)
        except RefusedError:
            raise
        except IgnoreRequest as error:
            raise RefusedError(f"too_big: over {self._max_size} bytes unpacked") from error

    def _handle_encoding(
        self, body: bytes, content_encoding: list[bytes], max_size: int
    ) -> tuple[bytes, list[bytes]]:
        to_decode, to_keep = self._split_encodings(content_encoding)
        if len(to_decode) + len(to_keep) > MOST_CODINGS:
            raise RefusedError(f"too_big: packed {len(to_decode) + len(to_keep)} times over")
        return super()._handle_encoding(body, content_encoding, max_size)
