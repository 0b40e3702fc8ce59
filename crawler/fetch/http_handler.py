"""HTTP as far as we let it go: Scrapy's HTTP/1.1 handler with caps where it has none.

Header sections end at ``MOST_HEADER_BYTES`` (Twisted took 400 MB of them, M9), bodies at Scrapy's
``DOWNLOAD_MAXSIZE`` packed and unpacked, at most two content codings are undone (R2), and a body
that announces itself as a picture, a film or a PDF is not fetched (R24). Each end is a value that
says why.
"""

from __future__ import annotations

from typing import Any, NoReturn

from OpenSSL import SSL
from scrapy import signals
from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
    _LenientHTTPClientParser,
)
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadFailedError,
    ResponseDataLossError,
    StopDownload,
)
from scrapy.http import Headers, Request, Response
from scrapy.utils.httpobj import urlparse_cached
from service_identity import VerificationError
from twisted.internet.defer import Deferred
from twisted.web._newclient import DONE
from twisted.web.client import ResponseFailed

from crawler.fetch import ssrf_guard
from crawler.fetch.errors import (
    HeadersTooBigError,
    RefusedError,
    UntrustedCertificateError,
    UrlRefusedError,
)
from crawler.fetch.middlewares.budget import Budget, BudgetExhaustedError

MOST_HEADER_BYTES = 256 * 1024  # of one answer; browsers and servers end at 8 to 256 KiB
MOST_HEADER_LINES = 1_000  # the longest real list seen has 60
READ_BYTES = 256 * 1024  # at most at a time
KEPT_OPEN = 4  # idle connections a host, at most: so many come to be where no delay is asked for
_BLANK_LINE = b"\r\n\r\n"  # ends a header section; where it is written otherwise, nothing is gained
NO_ARTICLE = ("image/", "audio/", "video/", "font/", "application/pdf", "application/zip")
"""Media types that hold neither a feed nor an article. ``application/octet-stream`` is not among
them: careless servers send feeds as that."""


class HttpHandler(HTTP11DownloadHandler):
    """The only download handler there is."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool._factory = _Factory
        # A slot is free a moment before its connection is: with one kept a host, every second page
        # paid for a new connection, and its handshake.
        self._pool.maxPersistentPerHost = max(self._pool.maxPersistentPerHost, KEPT_OPEN)
        crawler.signals.connect(self.headers_received, signal=signals.headers_received)

    def headers_received(
        self, headers: Headers, body_length: int, request: Request, spider: Any
    ) -> None:
        """Ends a download whose body could not be read as text."""
        kind = (headers.get("content-type") or b"").decode("latin-1").strip().lower()
        if kind.startswith(NO_ARTICLE) and "svg" not in kind:
            raise StopDownload(fail=True)

    async def download_request(self, request: Request) -> Response:
        """The answer; or Spent, Refused, Blocked, HeadersTooBig or Untrusted, each saying what it was."""
        budget: Budget | None = request.meta.get("budget")
        if budget is not None and (what := budget.used_up()) is not None:
            raise BudgetExhaustedError(what)
        try:
            return await super().download_request(request)
        except StopDownload as stopped:
            headers = stopped.response.headers if stopped.response is not None else Headers()
            kind = (headers.get("content-type") or b"").decode("latin-1")
            raise RefusedError(f"bad_content_type: {kind[:80]}") from stopped
        except DownloadCancelledError as cut:
            raise RefusedError(f"too_big: over {self._default_maxsize} bytes") from cut
        except CannotResolveHostError as error:
            raise _unresolved(request) or error from error
        except (DownloadFailedError, ResponseDataLossError) as error:
            raise _named(error) or error from error


def _unresolved(request: Request) -> UrlRefusedError | None:
    from twisted.internet import reactor

    guard: Any = reactor.nameResolver
    if not isinstance(guard, ssrf_guard.GuardedResolver):
        return None
    why = guard.refused.get(ssrf_guard.canonical(urlparse_cached(request).hostname or ""))
    return UrlRefusedError(f"ssrf_blocked: {why}") if why else None


def _named(
    error: DownloadFailedError | ResponseDataLossError,
) -> HeadersTooBigError | UntrustedCertificateError | None:
    """What a failed download really was, where that is ours to say."""
    cause = error.__cause__
    for failure in cause.reasons if isinstance(cause, ResponseFailed) else []:
        match failure.value:
            case HeadersTooBigError() as too_big:
                return too_big
            case SSL.Error() as refused:
                said = (
                    ", ".join(str(step[-1]) for step in refused.args[0])
                    if refused.args
                    else "no reason given"
                )
                return UntrustedCertificateError(f"tls_error: {said}")
            case VerificationError() as refused:
                return UntrustedCertificateError(
                    f"tls_error: the certificate is another's: {refused}"
                )
            case trouble if "railer headers" in str(
                trouble
            ):  # Twisted ends them at 64 KiB, by a private error
                return HeadersTooBigError(f"headers_too_big: {trouble}")
    return None


class _Parser(_LenientHTTPClientParser):
    """Counts what comes before a body: status lines, headers, any number of 1xx answers."""

    header_bytes = 0
    header_lines = 0

    def dataReceived(self, data: bytes) -> None:
        """The header section by itself: Twisted copies all that follows a line for each line."""
        end = data.find(_BLANK_LINE) + len(_BLANK_LINE) if self.line_mode else 0
        if end > len(_BLANK_LINE):
            super().dataReceived(data[:end])  # type: ignore[no-untyped-call]
            data = b"" if self.state == DONE else data[end:]
        if data:
            super().dataReceived(data)  # type: ignore[no-untyped-call]

    def lineReceived(self, line: bytes) -> None:
        self.header_bytes += len(line) + 1
        self.header_lines += 1
        if self.header_bytes > MOST_HEADER_BYTES or self.header_lines > MOST_HEADER_LINES:
            self._end(f"over {MOST_HEADER_BYTES} bytes or {MOST_HEADER_LINES} lines")
        super().lineReceived(line)

    def lineLengthExceeded(self, line: bytes) -> None:
        """A line that never ends; Twisted would hang up without a word."""
        self._end(f"a line over {self.MAX_LENGTH} bytes")

    def _end(self, why: str) -> NoReturn:
        # What is still on the way must not be read into memory while we say goodbye.
        self.transport._producer.abortConnection()  # type: ignore[union-attr]
        raise HeadersTooBigError(f"headers_too_big: {why}")


class _Protocol(_LenientHTTP11ClientProtocol):
    """A connection whose parser is ours; Twisted names its own in the middle of ``request``."""

    def connectionMade(self) -> None:
        """Have more read at a time: Twisted's 64 KiB make eight rounds of the loop of a large page."""
        super().connectionMade()
        carrier: Any = self.transport
        while carrier is not None:  # TLS stands on TCP
            if hasattr(carrier, "bufferSize"):
                carrier.bufferSize = READ_BYTES
            carrier = getattr(carrier, "transport", None)

    def request(self, request: Any) -> Deferred[Any]:
        answer = super().request(request)
        if self._parser is not None:
            self._parser.__class__ = _Parser
        return answer


class _Factory(_LenientHTTP11ClientFactory):
    """Makes connections of our kind."""

    def buildProtocol(self, addr: Any) -> _Protocol:
        return _Protocol(self._quiescentCallback)  # type: ignore[no-untyped-call]
