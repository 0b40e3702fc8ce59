"""The download handler: Scrapy's HTTP/1.1 handler with limits where it has none.

Header sections end at MAX_HEADER_BYTES (Twisted took 400 MB, M9), bodies at Scrapy's
``DOWNLOAD_MAXSIZE``, and a body that announces itself as a picture, a film or a PDF is not fetched
(R24). Each limit raises its own error. A body that is shorter than announced is asked for once
more and then used as it is, also where the connection stays open in vain; one that is longer is
read to its end. ``hooks`` proves at each start that the private parts of Scrapy and Twisted that
this relies on are still there.
"""

from __future__ import annotations

from typing import Any, NoReturn, cast

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
from twisted.python.failure import Failure
from twisted.web._newclient import DONE
from twisted.web.client import ResponseFailed
from twisted.web.http import _IdentityTransferDecoder

from crawler.fetch import ssrf_guard
from crawler.fetch.errors import (
    BadContentTypeError,
    HeadersTooBigError,
    TooBigError,
    UntrustedCertificateError,
    UrlRefusedError,
)
from crawler.fetch.middlewares.budget import Budget, BudgetExhaustedError

MAX_HEADER_BYTES = 256 * 1024  # of one response; browsers and servers end at 8 to 256 KiB
MAX_HEADER_LINES = 1_000  # the longest real list seen has 60
MAX_EXCESS_PAUSE_SECONDS = 2.0  # after what comes beyond the announced length
MIN_PAUSE_SECONDS = 4.0  # within a body; then what came is all, as where a last chunk is missing
READ_BYTES = 256 * 1024  # from a socket at a time
MAX_IDLE_CONNECTIONS = 4  # per host: so many are in use if no delay is configured
_BLANK_LINE = b"\r\n\r\n"  # ends a header section; one written otherwise is only parsed more slowly
SKIPPED_MEDIA_TYPES = ("image/", "audio/", "video/", "font/", "application/pdf", "application/zip")
"""Media types that hold neither a feed nor an article. ``application/octet-stream`` is not among
them: misconfigured servers send feeds as that."""


class HttpHandler(HTTP11DownloadHandler):
    """The only download handler for http and https."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool._factory = _Factory
        self._retries = crawler.settings.getint("RETRY_TIMES")
        from twisted.internet import reactor

        half = crawler.settings.getfloat("DOWNLOAD_TIMEOUT") / 2
        _Parser.max_pause_seconds = max(half, MIN_PAUSE_SECONDS)
        _Parser.call_later = staticmethod(cast("Any", reactor).callLater)
        # A slot is free a moment before its connection is: with one connection kept per host, every
        # second page needed a new one, with its handshake.
        self._pool.maxPersistentPerHost = max(self._pool.maxPersistentPerHost, MAX_IDLE_CONNECTIONS)
        crawler.signals.connect(self.headers_received, signal=signals.headers_received)

    def headers_received(
        self, headers: Headers, body_length: int, request: Request, spider: Any
    ) -> None:
        """End a download whose body cannot be text."""
        kind = (headers.get("content-type") or b"").decode("latin-1").strip().lower()
        if kind.startswith(SKIPPED_MEDIA_TYPES) and "svg" not in kind:
            raise StopDownload(fail=True)

    async def download_request(self, request: Request) -> Response:
        """The response. Raises a ``FetchError`` for what ends by our own rules, Scrapy's own errors
        for what the network does."""
        budget: Budget | None = request.meta.get("budget")
        if budget is not None and (what := budget.used_up()) is not None:
            raise BudgetExhaustedError(what)
        tried = request.meta.get("dont_retry") or request.meta.get("retry_times", 0)
        request.meta["download_fail_on_dataloss"] = tried < self._retries
        try:
            response = await super().download_request(request)
            if "dataloss" in response.flags and not response.body:
                raise ResponseDataLossError("none of the body came")
            return response
        except StopDownload as stopped:
            headers = stopped.response.headers if stopped.response is not None else Headers()
            kind = (headers.get("content-type") or b"").decode("latin-1")
            raise BadContentTypeError(kind[:80]) from stopped
        except DownloadCancelledError as cut:
            raise TooBigError(f"over {self._default_maxsize} bytes") from cut
        except CannotResolveHostError as error:
            raise _guard_refusal(request) or error from error
        except (DownloadFailedError, ResponseDataLossError) as error:
            raise _true_cause(error) or error from error


def _guard_refusal(request: Request) -> UrlRefusedError | None:
    from twisted.internet import reactor

    guard: Any = reactor.nameResolver
    if not isinstance(guard, ssrf_guard.GuardedResolver):
        return None
    why = guard.refused.get(ssrf_guard.canonical(urlparse_cached(request).hostname or ""))
    return UrlRefusedError(why) if why else None


def _true_cause(
    error: DownloadFailedError | ResponseDataLossError,
) -> HeadersTooBigError | UntrustedCertificateError | None:
    """The error that describes why a download failed; None if Scrapy's own does."""
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
                return UntrustedCertificateError(said)
            case VerificationError() as refused:
                return UntrustedCertificateError(f"the certificate is another's: {refused}")
            case trouble if "railer headers" in str(
                trouble
            ):  # Twisted ends them at 64 KiB, by a private error
                return HeadersTooBigError(str(trouble))
    return None


class _Parser(_LenientHTTPClientParser):
    """Limits what comes before a body: status lines, headers, any number of 1xx responses."""

    header_bytes = 0
    header_lines = 0
    max_pause_seconds = MIN_PAUSE_SECONDS  # the handler's, by its time-out
    call_later: Any = None  # the reactor's; without it, pauses have no end
    pause_ends: Any = None  # a timer

    def dataReceived(self, data: bytes) -> None:
        """Pass the header section on by itself: for each line, Twisted copies all that follows
        it."""
        end = data.find(_BLANK_LINE) + len(_BLANK_LINE) if self.line_mode else 0
        if end > len(_BLANK_LINE):
            super().dataReceived(data[:end])  # type: ignore[no-untyped-call]
            data = b"" if self.state == DONE else data[end:]
        if data:
            super().dataReceived(data)  # type: ignore[no-untyped-call]

    def allHeadersReceived(self) -> None:
        """Take a body's length as the server meant it."""
        coding = self.connHeaders.getRawHeaders(b"transfer-encoding") or [b"chunked"]
        if coding[0].strip().lower() != b"chunked":
            self.connHeaders.removeHeader(b"transfer-encoding")  # "identity", "gzip": not to be had
        super().allHeadersReceived()  # type: ignore[no-untyped-call]
        decoder: Any = self.bodyDecoder
        if isinstance(decoder, _IdentityTransferDecoder) and decoder.contentLength:
            self.bodyDecoder = _PatientDecoder(decoder)

    def lineReceived(self, line: bytes) -> None:
        self.header_bytes += len(line) + 1
        self.header_lines += 1
        if self.header_bytes > MAX_HEADER_BYTES or self.header_lines > MAX_HEADER_LINES:
            self._end(f"over {MAX_HEADER_BYTES} bytes or {MAX_HEADER_LINES} lines")
        super().lineReceived(line)

    def lineLengthExceeded(self, line: bytes) -> None:
        """End a line that is too long with an error; Twisted would close without one."""
        self._end(f"a line over {self.MAX_LENGTH} bytes")

    def _end(self, why: str) -> NoReturn:
        # What is still in transit must not be read into memory while the connection closes.
        self._abort()
        raise HeadersTooBigError(why)

    def rawDataReceived(self, data: bytes) -> None:
        """Pass a piece of the body on; end the connection if no more comes for too long."""
        super().rawDataReceived(data)  # type: ignore[no-untyped-call]
        if self.state != DONE:
            excess = isinstance(self.bodyDecoder, _PatientDecoder) and not self._is_announced()
            self._wait(MAX_EXCESS_PAUSE_SECONDS if excess else self.max_pause_seconds)

    def connectionLost(self, reason: Failure | None = None) -> None:
        self._stop_waiting()
        super().connectionLost(reason)

    def _finished(self, rest: bytes) -> None:
        self._stop_waiting()
        super()._finished(rest)  # type: ignore[no-untyped-call]

    def _is_announced(self) -> bool:
        return cast("Any", self.bodyDecoder).contentLength is not None

    def _wait(self, seconds: float) -> None:
        if self.pause_ends is not None and self.pause_ends.active():
            self.pause_ends.reset(seconds)
        elif self.call_later is not None:
            self.pause_ends = self.call_later(seconds, self._abort)

    def _stop_waiting(self) -> None:
        if self.pause_ends is not None and self.pause_ends.active():
            self.pause_ends.cancel()

    def _abort(self) -> None:
        self.transport._producer.abortConnection()  # type: ignore[union-attr]


class _PatientDecoder(_IdentityTransferDecoder):
    """Reads on to the end of the connection if more comes than Content-Length announced: no other
    answer can follow, and servers that count letters instead of bytes announce half of an Arabic
    page."""

    __slots__ = ()

    def __init__(self, plain: Any) -> None:
        super().__init__(  # type: ignore[no-untyped-call]
            plain.contentLength, plain.dataCallback, plain.finishCallback
        )

    def dataReceived(self, data: bytes) -> None:
        length = self.contentLength
        if length is not None and data[length:].strip():
            self.contentLength = None  # it is not known
        super().dataReceived(data)  # type: ignore[no-untyped-call]


class _Protocol(_LenientHTTP11ClientProtocol):
    """A connection with our parser; Twisted creates its own in the middle of ``request``."""

    def connectionMade(self) -> None:
        """Read more at a time: with Twisted's 64 KiB a large page takes eight turns of the loop."""
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
    """Creates connections with our parser."""

    def buildProtocol(self, addr: Any) -> _Protocol:
        return _Protocol(self._quiescentCallback)  # type: ignore[no-untyped-call]
