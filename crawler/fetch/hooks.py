"""Proves at each start that our hooks into private parts of Scrapy and Twisted still work.

pyproject.toml pins the versions whose private parts we know; these proofs hold where somebody
installs another one. Each runs the hook on bytes in memory, without a connection, and sees that it
did what it is there for: a hook that is never called would let a hostile server do what it forbids.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from importlib.metadata import version
from typing import Any

from scrapy.crawler import Crawler
from scrapy.http import Request, Response
from scrapy.statscollectors import DummyStatsCollector
from scrapy.utils.misc import build_from_crawler
from twisted.internet.defer import Deferred, succeed
from twisted.python.failure import Failure

from crawler.errors import GuardError
from crawler.fetch.errors import (
    HeadersTooBigError,
    RedirectLimitError,
    RefusedError,
)

URL = "http://hooks.invalid/"


def prove(crawler: Crawler, *, renders: bool) -> None:
    """Prove every hook; GuardError names the first one that no longer works.

    ``crawler`` is one that will not crawl. ``renders``: some feed needs the browser, whose driver
    is loaded only then.
    """
    crawler.stats = DummyStatsCollector(crawler)  # what a crawl would set first
    for name, proof in (*PROOFS.items(), *(BROWSER_PROOFS if renders else {}).items()):
        try:
            proof(crawler)
        except Exception as error:
            known = ", ".join(f"{of} {version(of)}" for of in ("scrapy", "twisted"))
            raise GuardError(
                f"hook {name!r} does not work with {known}: {type(error).__name__}: {error}; "
                "install the versions of requirements.lock"
            ) from error


class _Transport:
    """A connection without a peer: keeps what is written, knows whether it was aborted."""

    disconnecting = False

    def __init__(self) -> None:
        self.aborted = False

    def write(self, data: bytes) -> None: ...

    def writeSequence(self, data: list[bytes]) -> None: ...

    def loseConnection(self) -> None: ...

    def pauseProducing(self) -> None: ...

    def resumeProducing(self) -> None: ...

    def abortConnection(self) -> None:
        self.aborted = True


class _Endpoint:
    """Connects a protocol to a ``_Transport``."""

    def __init__(self) -> None:
        self.transport = _Transport()

    def connect(self, factory: Any) -> Deferred[Any]:
        self.protocol = factory.buildProtocol(None)
        self.protocol.makeConnection(self.transport)
        return succeed(self.protocol)


def _prove_header_limits(crawler: Crawler) -> None:
    from crawler.fetch.http_handler import MAX_HEADER_LINES

    got, endpoint = _answered(crawler, b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * MAX_HEADER_LINES)
    reasons = [failure.value for failure in getattr(got, "reasons", ())]
    if not any(isinstance(reason, HeadersTooBigError) for reason in reasons):
        raise LookupError(f"a header section without an end was answered by {got!r}")
    if not endpoint.transport.aborted:
        raise LookupError("a header section without an end left its connection open")
    got, _ = _answered(crawler, b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
    if getattr(got, "code", None) != 200:
        raise LookupError(f"a plain answer was read as {got!r}")


def _answered(crawler: Crawler, data: bytes) -> tuple[Any, _Endpoint]:
    """What a request is answered with, where the server sends this: a response or an error."""
    from twisted.internet.error import ConnectionAborted
    from twisted.web._newclient import Request as ClientRequest
    from twisted.web.http_headers import Headers

    from crawler.fetch.http_handler import HttpHandler

    endpoint, got = _Endpoint(), list[Any]()
    pool: Any = build_from_crawler(HttpHandler, crawler)._pool
    pool.getConnection(("http", "hooks.invalid", 80), endpoint)
    headers = Headers({b"host": [b"hooks.invalid"]})
    asked: Any = ClientRequest(b"GET", b"/", headers, None)  # type: ignore[no-untyped-call]
    answer = endpoint.protocol.request(asked)
    answer.addCallbacks(got.append, lambda failure: got.append(failure.value))
    endpoint.protocol.dataReceived(data)
    if endpoint.transport.aborted:
        endpoint.protocol.connectionLost(Failure(ConnectionAborted()))  # type: ignore[no-untyped-call]
    return got[0] if got else None, endpoint


def _prove_transfer_lengths(crawler: Crawler) -> None:
    """A body that is longer than announced is read whole."""
    from twisted.internet.error import ConnectionDone
    from twisted.internet.protocol import Protocol

    body = list[bytes]()
    reader: Any = Protocol()
    reader.dataReceived = body.append
    got, endpoint = _answered(crawler, b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n")
    got.deliverBody(reader)
    endpoint.protocol.dataReceived(b"words")
    endpoint.protocol.connectionLost(Failure(ConnectionDone()))  # type: ignore[no-untyped-call]
    if b"".join(body) != b"words":
        raise LookupError(f"of a body longer than announced came {body!r}")


def _prove_redirect_limit(crawler: Crawler) -> None:
    from crawler.fetch.middlewares.redirects import Redirects

    middleware = build_from_crawler(Redirects, crawler)
    asked, led = Request(URL), Response(URL, status=302, headers={"Location": f"{URL}next"})
    for _ in range(middleware.max_redirect_times):
        followed = middleware.process_response(asked, led)
        if not isinstance(followed, Request):
            raise LookupError("a redirect was not followed")
        asked = followed
    _refused(partial(middleware.process_response, asked, led), RedirectLimitError)


def _refused(work: Callable[[], object], error: type[RefusedError]) -> None:
    with suppress(error):
        work()
        raise LookupError(f"nothing was refused by {error.__name__}")


def _prove_crawl_delay(crawler: Crawler) -> None:
    from scrapy.core.downloader import Downloader

    from crawler.fetch.middlewares.robots import slow_down

    downloader = Downloader(crawler)
    try:
        slow_down(downloader, Request(URL), 1_000.0)
        (slot,) = downloader.slots.values()
        if slot.download_delay() < 100:  # the delay itself is varied at random
            raise LookupError("the downloader does not keep to a slot's delay")
    finally:
        downloader.close()


def _prove_browser(crawler: Crawler) -> None:
    """Without the driver, pages fail one by one with the reason; then there is nothing to prove."""
    try:
        from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler
    except ModuleNotFoundError:
        return
    for name in ("_make_request_handler", "_download_request", "_launch", "_close"):
        if not callable(getattr(ScrapyPlaywrightDownloadHandler, name, None)):
            raise LookupError(f"scrapy-playwright has no {name}")


PROOFS: Mapping[str, Callable[[Crawler], None]] = {
    "header limits": _prove_header_limits,
    "transfer lengths": _prove_transfer_lengths,
    "redirect limit": _prove_redirect_limit,
    "crawl delay": _prove_crawl_delay,
}
BROWSER_PROOFS: Mapping[str, Callable[[Crawler], None]] = {"browser requests": _prove_browser}
