"""Bodies that end otherwise than announced are read as far as they come."""

from __future__ import annotations

from typing import Any

import pytest
from twisted.internet.error import ConnectionAborted, ConnectionDone
from twisted.internet.task import Clock
from twisted.python.failure import Failure
from twisted.web._newclient import Request
from twisted.web.http_headers import Headers

from crawler.fetch.http_handler import MAX_EXCESS_PAUSE_SECONDS, MIN_PAUSE_SECONDS, _Parser


class Connection:
    """An answer on its way: what came of its body, and how it ended ("" while it has not)."""

    disconnecting = False

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.clock, self.body, self.ended, self.aborted = Clock(), b"", "", False
        monkeypatch.setattr(_Parser, "call_later", self.clock.callLater)
        headers = Headers({b"host": [b"gazette.test"]})
        asked: Any = Request(b"GET", b"/", headers, None)  # type: ignore[no-untyped-call]
        self._parser = _Parser(asked, lambda rest: self.closes())  # type: ignore[no-untyped-call]
        self._parser.makeConnection(self)  # type: ignore[arg-type]
        self._parser._responseDeferred.addCallback(lambda response: response.deliverBody(self))

    def sends(self, data: bytes) -> None:
        """The server sends these bytes."""
        self._parser.dataReceived(data)

    def closes(self) -> None:
        """The server closes the connection."""
        self._parser.connectionLost(Failure(ConnectionDone()))  # type: ignore[no-untyped-call]

    # ── the transport, and the body's reader ──────────────────────────────────────────────────

    @property
    def _producer(self) -> Connection:
        return self

    def abortConnection(self) -> None:
        self.aborted = True
        self._parser.connectionLost(Failure(ConnectionAborted()))  # type: ignore[no-untyped-call]

    def pauseProducing(self) -> None: ...

    def resumeProducing(self) -> None: ...

    def makeConnection(self, transport: object) -> None: ...

    def dataReceived(self, data: bytes) -> None:
        self.body += data

    def connectionLost(self, reason: Failure) -> None:
        inner = getattr(reason.value, "reasons", [reason])
        self.ended = type(inner[-1].value).__name__


OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Connection:
    """A server that has been asked for a page."""
    return Connection(monkeypatch)


def test_a_whole_body_ends_at_once(server: Connection) -> None:
    """And nothing waits for more; blanks after the end are none of it."""
    server.sends(OK + b"Content-Length: 4\r\n\r\nport\r\n")
    assert (server.body, server.ended, server.aborted) == (b"port", "ResponseDone", False)
    assert not server.clock.getDelayedCalls()


@pytest.mark.parametrize("length", [1, 3, 6])
def test_a_body_longer_than_announced_is_read_to_its_end(server: Connection, length: int) -> None:
    """Where the server closes the connection, or sends no more for a moment."""
    server.sends(OK + b"Content-Length: %d\r\n\r\n" % length)
    server.sends(b"the port")
    server.sends(b" of Safi")
    assert server.ended == ""
    server.clock.advance(MAX_EXCESS_PAUSE_SECONDS)
    assert (server.body, server.ended) == (b"the port of Safi", "PotentialDataLoss")


def test_a_body_shorter_than_announced_ends_with_its_connection(server: Connection) -> None:
    """The error says that something is missing."""
    server.sends(OK + b"Content-Length: 99\r\n\r\nthe port")
    server.closes()
    assert (server.body, server.ended) == (b"the port", "_DataLoss")
    assert not server.clock.getDelayedCalls()


@pytest.mark.parametrize(
    "sent",
    [
        OK + b"Content-Length: 99\r\n\r\nthe port",
        CHUNKED + b"8\r\nthe port\r\n",
        CHUNKED + b"99\r\nthe port",
    ],
)
def test_a_connection_that_stays_open_in_vain_is_ended(server: Connection, sent: bytes) -> None:
    """A last chunk that never comes must not cost the whole time-out and then the body."""
    server.sends(sent)
    server.clock.advance(MIN_PAUSE_SECONDS - 1)
    assert not server.aborted
    server.clock.advance(1)
    assert (server.body, server.ended, server.aborted) == (b"the port", "_DataLoss", True)


def test_a_slow_body_is_waited_for(server: Connection) -> None:
    """Each piece begins the pause anew."""
    server.sends(OK + b"Content-Length: 8\r\n\r\n")
    for letter in b"the port":
        server.clock.advance(MIN_PAUSE_SECONDS - 1)
        server.sends(bytes((letter,)))
    assert (server.body, server.ended) == (b"the port", "ResponseDone")


def test_a_transfer_coding_that_is_none_is_passed_over(server: Connection) -> None:
    """ "identity" was a word of HTTP once."""
    server.sends(OK + b"Transfer-Encoding: identity\r\nContent-Length: 4\r\n\r\nport")
    assert (server.body, server.ended) == (b"port", "ResponseDone")
