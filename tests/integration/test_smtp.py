"""Mail by a real SMTP server: what it answers is what becomes of a message."""

from __future__ import annotations

import asyncio
import socket
from dataclasses import replace
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from crawler.channels.smtp import SmtpChannel
from tests.unit.digest.scenes import proven, worded


class _Server:
    """An SMTP server that says what the test wants at RCPT and after DATA."""

    def __init__(self, rcpt: str = "250 OK", data: str | None = "250 OK") -> None:
        self.rcpt, self.data, self.mails = rcpt, data, list[bytes]()

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.mails.append(envelope.content)
        if self.data is None:
            server.transport.abort()
        return self.data or "250 OK"


def delivered(handler: _Server, **settings: Any) -> str:
    """What became of one mail at this server."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(handler, hostname="127.0.0.1", port=port)
    server.start()
    try:
        smtp = SmtpChannel(
            host="127.0.0.1",
            port=port,
            security="none",
            sender="rasd <rasd@rasd.test>",
            timeout_seconds=100,
        )
        return asyncio.run(replace(smtp, **settings).deliver(worded(proven()))).outcome
    finally:
        server.stop()


@pytest.mark.parametrize(
    ("rcpt", "data", "outcome"),
    [
        ("250 OK", "250 OK", "sent"),
        ("451 greylisted", "250 OK", "deferred"),  # F-32
        ("550 no such user", "250 OK", "dead"),  # F-33
        ("250 OK", "554 spam", "dead"),  # F-35
        ("250 OK", None, "unknown"),  # F-34
    ],
)
def test_what_a_server_says_is_what_becomes_of_a_mail(
    rcpt: str, data: str | None, outcome: str
) -> None:
    """Temporary, final and unknowable are three things (M24)."""
    assert delivered(_Server(rcpt, data)) == outcome


def test_starttls_is_demanded_not_tried() -> None:
    """A server without it gets no mail in the clear."""
    server = _Server()
    assert delivered(server, security="starttls") in ("deferred", "dead")
    assert server.mails == []


def test_a_server_that_is_down_keeps_the_mail_waiting() -> None:
    """F-31: deferred, not lost."""
    smtp = SmtpChannel(
        host="127.0.0.1", port=1, security="none", sender="r@r.test", timeout_seconds=5
    )
    assert asyncio.run(smtp.deliver(worded(proven()))).outcome == "deferred"
