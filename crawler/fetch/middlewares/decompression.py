"""Decodes content codings (RFC 9110 §8.4), in place of Scrapy's middleware.

Order 590, as Scrapy's: responses are unpacked before any other middleware sees them. At most two
codings are undone, to at most ``DOWNLOAD_MAXSIZE`` bytes (R2).
"""

from __future__ import annotations

from typing import Any

from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response

from crawler.fetch.errors import RefusedError, TooBigError

MAX_CODINGS = 2  # gzip in gzip happens by mistake; more is a bomb


class Decompression(HttpCompressionMiddleware):
    """Scrapy's, limited to two codings; RefusedError ``too_big`` if a body exceeds a limit."""

    def process_response(
        self, request: Request, response: Response, spider: Any = None
    ) -> Request | Response:
        """The response with its body decoded."""
        try:
            return super().process_response(request, response)
        except RefusedError:
            raise
        except IgnoreRequest as error:
            raise TooBigError(f"over {self._max_size} bytes unpacked") from error

    def _handle_encoding(
        self, body: bytes, content_encoding: list[bytes], max_size: int
    ) -> tuple[bytes, list[bytes]]:
        to_decode, to_keep = self._split_encodings(content_encoding)
        if len(to_decode) + len(to_keep) > MAX_CODINGS:
            raise TooBigError(f"packed {len(to_decode) + len(to_keep)} times over")
        return super()._handle_encoding(body, content_encoding, max_size)
