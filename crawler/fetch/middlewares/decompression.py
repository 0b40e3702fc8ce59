"""Decodes content codings (RFC 9110 §8.4), in place of Scrapy's middleware.

Order 590, as Scrapy's: responses are unpacked before any other middleware sees them. At most two
codings are undone, to at most ``DOWNLOAD_MAXSIZE`` bytes (R2). As in browsers, plain text that is
called packed is taken as it is, packed bytes are unpacked where the header does not say so, and of
what breaks off the beginning is used; ``response.is_whole`` then says so.
"""

from __future__ import annotations

from typing import Self
from urllib.parse import urlsplit

from scrapy.crawler import Crawler
from scrapy.http import Request, Response
from scrapy.responsetypes import responsetypes

from crawler.fetch import codings
from crawler.fetch.errors import TooBigError
from crawler.fetch.response import CUT_FLAG

MAX_CODINGS = 2  # gzip in gzip happens by mistake; more is a bomb
ACCEPTED = "gzip, deflate, br, zstd"
_GZIP_FILES = ("application/gzip", "application/x-gzip")  # a sitemap is read as such a file


class Decompression:
    """Downloader middleware; RefusedError ``too_big`` if a body exceeds a limit."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler.settings.getint("DOWNLOAD_MAXSIZE"))

    def process_request(self, request: Request) -> None:
        """Say which codings are understood."""
        request.headers.setdefault("Accept-Encoding", ACCEPTED)

    def process_response(self, request: Request, response: Response) -> Response:
        """The response with its body decoded."""
        named = _named_codings(response)
        if len(named) > MAX_CODINGS:
            raise TooBigError(f"packed {len(named)} times over")
        limit = request.meta.get("download_maxsize", self._max_bytes)
        try:
            body, whole = _unpacked(
                response, named, limit, is_file=_is_gzip_file(request, response)
            )
        except codings.TooLongError as error:
            raise TooBigError(str(error)) from error
        if body is response.body:
            return response
        flags = response.flags if whole else [*response.flags, CUT_FLAG]
        headers = response.headers.copy()
        headers.pop("Content-Encoding", None)
        kind = responsetypes.from_args(headers=headers, url=response.url, body=body)
        return response.replace(cls=kind, headers=headers, body=body, flags=flags)


def _named_codings(response: Response) -> list[str]:
    """The codings that the header names, the last one applied first."""
    said = b",".join(response.headers.getlist("Content-Encoding")).decode("latin-1").lower()
    return [name for part in said.split(",") if (name := part.strip())][::-1]


def _unpacked(
    response: Response, named: list[str], limit: int, *, is_file: bool
) -> tuple[bytes, bool]:
    """(the body without its codings, whether it is whole): those named, then those that the bytes
    show, unless it is a packed file that was requested."""
    body, whole, undone = response.body, True, 0
    for coding in named:
        decoded, complete = codings.decode(body, coding, limit)
        undone += decoded is not body
        body, whole = decoded, whole and complete
    while undone < MAX_CODINGS and codings.is_gzip(body) and not is_file:
        decoded, complete = codings.decode(body, "gzip", limit)
        if decoded is body:
            break
        body, whole, undone = decoded, whole and complete, undone + 1
    return body, whole


def _is_gzip_file(request: Request, response: Response) -> bool:
    """Whether gzip is what was requested: a packed sitemap, which its reader unpacks; an article is
    none."""
    if "sighting" in request.cb_kwargs:
        return False
    kind = (response.headers.get("Content-Type") or b"").decode("latin-1").lower()
    return kind.startswith(_GZIP_FILES) or urlsplit(response.url).path.endswith(".gz")
