"""A real mail server on loopback that does what a test wants at any step of a delivery.

::

    with MailServer({"recipient": "451 greylisted"}) as server:
        ...                                  # server.port, server.mails

A fault is the answer to give instead of the right one, or one of ``DROP`` (the connection is reset),
``CLOSE`` (it is closed), ``STALL`` (no answer comes); bytes are sent as they are. A fault by
recipient is a function of the address.
"""

from __future__ import annotations

import asyncio
import socket
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

Step = Literal["connect", "hello", "starttls", "login", "sender", "recipient", "data", "content"]
DROP, CLOSE, STALL = "(drop)", "(close)", "(stall)"
Answer = str | bytes
Fault = Answer | Callable[[str], Answer | None]
STALL_SECONDS = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A mail as the server took it."""

    sender: str
    recipient: str
    options: tuple[str, ...]
    content: bytes


class MailServer:
    """A server with these faults; ``mails`` holds what it took for good, ``seen`` what came."""

    def __init__(self, faults: Mapping[Step, Fault] | None = None, **options: Any) -> None:
        self.faults: dict[Step, Fault] = dict(faults or {})
        self.mails: list[Received] = []
        self.seen: list[Received] = []
        self.greeted = 0
        self.open: set[Any] = set()
        self._options = {"enable_SMTPUTF8": False} | options

    def __enter__(self) -> MailServer:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self._controller = _Controller(self, self.port, self._options)
        self._controller.start()
        return self

    def __exit__(self, *of: object) -> None:
        asyncio.run_coroutine_threadsafe(self._hang_up(), self._controller.loop).result(10)
        self._controller.stop()

    async def _hang_up(self) -> None:
        """End the connections that are open: those that stall, those that a client left."""
        ending = [server._handler_coroutine for server in self.open]
        for server in self.open:
            server.transport.abort()
        while self.open:
            await asyncio.sleep(0)
        await asyncio.gather(*ending, return_exceptions=True)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Remember the mail; whether it was taken shows in what is answered."""
        assert isinstance(envelope.content, bytes)
        self.seen.append(
            Received(
                sender=str(envelope.mail_from),
                recipient=envelope.rcpt_tos[0],
                options=tuple(envelope.mail_options),
                content=envelope.content,
            )
        )
        return "250 taken"


class _Server(SMTP):
    """The server of one connection; knows at which step it is."""

    desk: MailServer
    step: Step = "connect"
    recipient = ""

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self.desk.open.add(self)

    def connection_lost(self, error: Exception | None) -> None:
        super().connection_lost(error)
        self.desk.open.discard(self)

    async def smtp_EHLO(self, hostname: str) -> None:
        self.step = "hello"
        await super().smtp_EHLO(hostname)

    async def smtp_HELO(self, hostname: str) -> None:
        self.step = "hello"
        await super().smtp_HELO(hostname)

    async def smtp_STARTTLS(self, arg: str) -> None:
        self.step = "starttls"
        await super().smtp_STARTTLS(arg)

    async def smtp_AUTH(self, arg: str) -> None:
        self.step = "login"
        await super().smtp_AUTH(arg)

    async def smtp_MAIL(self, arg: str | None) -> None:
        self.step = "sender"
        await super().smtp_MAIL(arg)

    async def smtp_RCPT(self, arg: str | None) -> None:
        self.step, self.recipient = "recipient", str(arg)
        await super().smtp_RCPT(arg)

    async def smtp_DATA(self, arg: str) -> None:
        self.step = "data"
        await super().smtp_DATA(arg)

    async def push(self, status: Any) -> None:
        """Answer, or do what the test wants in its place."""
        step = self.step
        fault = self.desk.faults.get(step)
        if callable(fault):
            fault = fault(self.recipient)
        if step == "hello":
            self.desk.greeted += 1
        if step == "data":
            self.step = "content"
        if step == "content" and (fault is None or fault in (DROP, CLOSE, STALL)):
            self.desk.mails.append(self.desk.seen[-1])
        if step == "content":
            self.step = "hello"
        if fault is None:
            await super().push(status)
        else:
            await self._do(fault)

    async def _do(self, answer: Answer) -> None:
        assert self.transport is not None
        if answer == STALL:
            await asyncio.sleep(STALL_SECONDS)
        elif answer == DROP:
            self.transport.abort()
            raise ConnectionResetError
        elif answer == CLOSE:
            self.transport.close()
            raise ConnectionResetError
        elif isinstance(answer, bytes):
            self.transport.write(answer)
        else:
            await super().push(answer)


class _Controller(Controller):
    def __init__(self, desk: MailServer, port: int, options: Mapping[str, Any]) -> None:
        super().__init__(desk, hostname="127.0.0.1", port=port, **options)

    def factory(self) -> SMTP:
        with warnings.catch_warnings(action="ignore"):  # of logins in the clear
            server = _Server(self.handler, **self.SMTP_kwargs)
        server.desk = self.handler
        return server


def logins(password: str) -> dict[str, Any]:
    """The options of a server that wants this password, in the clear."""

    def check(server: Any, session: Any, envelope: Any, mechanism: str, given: Any) -> AuthResult:
        return AuthResult(success=given.password == password.encode(), handled=False)

    return {"authenticator": check, "auth_require_tls": False, "auth_required": True}
