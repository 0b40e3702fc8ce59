"""A mail server on loopback that can be out of reach, and has no mailbox for some recipients."""

from __future__ import annotations

import email
import socket
from dataclasses import dataclass
from email import policy
from typing import Any, Self

from aiosmtpd.controller import Controller

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A mail that was taken."""

    recipient: str
    message_id: str
    text: str


def read(recipient: str, content: bytes) -> Mail:
    """The mail of these bytes."""
    parsed: Any = email.message_from_bytes(content, policy=policy.default)
    text = parsed.get_body(("plain",)).get_content()
    return Mail(recipient=recipient, message_id=parsed["Message-ID"], text=text)


class PostOffice:
    """The server; a context manager. ``mails`` are those it took, in order."""

    def __init__(self, *unknown: str) -> None:
        self.mails: list[Mail] = []
        self.refused = 0
        self._unknown = unknown
        self._controller: Controller | None = None
        with socket.socket() as free:
            free.bind((HOST, 0))
            self.port: int = free.getsockname()[1]

    def __enter__(self) -> Self:
        self.up()
        return self

    def __exit__(self, *exc: object) -> None:
        self.down()

    def up(self) -> None:
        """Take mail."""
        if self._controller is None:
            self._controller = Controller(self, hostname=HOST, port=self.port)
            self._controller.start()

    def down(self) -> None:
        """Refuse every connection."""
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        """Some recipients have no mailbox here."""
        if address in self._unknown:
            self.refused += 1
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Keep the mail."""
        self.mails.append(read(envelope.rcpt_tos[0], envelope.content))
        return "250 OK"
