"""Delivery by SMTP, one recipient in a transaction: a bad address holds back no other's mail.

::

    connect ─► login ─► sender ─► recipient ─► data ─► content ─► sent
       └─────────┴─────────┴──────────┴──────────┴─────────┴────► ``replies``: what became of it

Only from ``content`` on can the server have the mail: what breaks earlier is never ``unknown``.
"""

from __future__ import annotations

import re
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import policy
from typing import Literal

import aiosmtplib

from crawler.channels import mailboxes, replies
from crawler.channels.email import as_email
from crawler.channels.kind import ChannelKind
from crawler.channels.mailboxes import Mailbox, NoMailbox
from crawler.channels.replies import Step
from crawler.config import Config
from crawler.errors import ConfigError
from crawler.model import Delivery, Message

GOODBYE_SECONDS = 5.0  # for the answer to QUIT: the mail is delivered, whatever it is
_DOT = re.compile(rb"^\.", re.MULTILINE)  # RFC 5321, 4.5.2: a line's first dot is doubled


@dataclass(frozen=True, slots=True, kw_only=True)
class Greeting:
    """How a mail server took us, without a mail."""

    step: str  # the last one: connect, login, reset
    refused: str = ""  # what it answered there, for people; "": it accepted all of them
    expires_at: datetime | None = None  # its certificate; None: no TLS, or none was shown


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpChannel:
    """A mail server. ``starttls`` is required, not opportunistic; certificates are verified."""

    host: str
    port: int = 587
    security: Literal["none", "starttls", "tls"] = "starttls"
    username: str = ""
    password: str = field(default="", repr=False)
    sender: str = ""
    timeout_seconds: float = 60.0

    async def deliver(self, message: Message) -> Delivery:
        """The outcome of one attempt."""
        recipient = mailboxes.parse(message.recipient)
        if isinstance(recipient, NoMailbox):
            return Delivery(outcome="dead", detail=f"{message.recipient!r} {recipient.why}")
        sender = mailboxes.parse_named(self.sender)
        if isinstance(sender, NoMailbox):
            why = f"smtp.sender: {self.sender!r} {sender.why}"
            return Delivery(outcome="deferred", fault="setup", detail=why)
        transfer = _Transfer(self, sender, recipient)
        try:
            return await transfer.run(message)
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            return replies.of_error(transfer.step, error)
        finally:
            transfer.client.close()

    async def greet(self) -> Greeting:
        """Connect, log in and leave again: whether a mail would be taken up to its recipient."""
        client, step, expires_at = _client(self), "connect", None
        try:
            await client.connect()
            await _greet(client)
            expires_at = _expires_at(client.get_transport_info("peercert"))
            if self.username:
                step = "login"
                await client.login(self.username, self.password)
            step = "reset"
            await client.rset()
            with suppress(aiosmtplib.SMTPException, OSError):
                await client.quit(timeout=GOODBYE_SECONDS)
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            refused = " ".join(replies.words(error).split())
            return Greeting(step=step, refused=refused, expires_at=expires_at)
        finally:
            client.close()
        return Greeting(step=step, expires_at=expires_at)


def _expires_at(certificate: Mapping[str, object] | None) -> datetime | None:
    """When a verified certificate ends; None without TLS."""
    said = (certificate or {}).get("notAfter")
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(said)), UTC) if said else None


def _client(channel: SmtpChannel) -> aiosmtplib.SMTP:
    return aiosmtplib.SMTP(
        hostname=channel.host,
        port=channel.port,
        use_tls=channel.security == "tls",
        start_tls=channel.security == "starttls",
        timeout=channel.timeout_seconds,
    )


async def _greet(client: aiosmtplib.SMTP) -> None:
    """EHLO, or HELO to a server that is older than it; what it offers is known then."""
    if not client.is_ehlo_or_helo_needed:
        return
    try:
        await client.ehlo()
    except aiosmtplib.SMTPHeloError:
        await client.helo()


class _Transfer:
    """One mail on one connection; ``step`` is the one that is going on."""

    def __init__(self, channel: SmtpChannel, sender: Mailbox, recipient: Mailbox) -> None:
        self.channel, self.sender, self.recipient = channel, sender, recipient
        self.step: Step = "connect"
        self.client = _client(channel)

    async def run(self, message: Message) -> Delivery:
        """Go through all steps, up to the one that is not accepted."""
        mail = as_email(message, self.channel.sender)
        await self.client.connect()
        await _greet(self.client)
        if self.channel.username:
            self.step = "login"
            await self.client.login(self.channel.username, self.channel.password)
        self.step = "sender"
        needs_utf8 = not (self.sender.is_ascii and self.recipient.is_ascii)
        if needs_utf8 and not self.client.supports_extension("smtputf8"):
            return self._refused_for_letters()
        options = (b"SMTPUTF8",) if needs_utf8 else ()
        content = mail.as_bytes(policy=policy.SMTPUTF8 if needs_utf8 else policy.SMTP)
        commands: Mapping[Step, tuple[bytes, ...]] = {
            "sender": (b"MAIL", b"FROM:" + _path(self.sender), *options),
            "recipient": (b"RCPT", b"TO:" + _path(self.recipient)),
            "data": (b"DATA",),
        }
        for step, words in commands.items():
            self.step = step
            reply = await self.client.execute_command(*words)
            if reply.code // 100 != (3 if step == "data" else 2):
                return replies.of_reply(step, reply.code, reply.message)
        return await self._hand_over(content)

    async def _hand_over(self, content: bytes) -> Delivery:
        """Send the mail itself and read the answer to it."""
        if (protocol := self.client.protocol) is None:
            raise aiosmtplib.SMTPServerDisconnected("the connection was lost")
        self.step = "content"
        protocol.write(_DOT.sub(b"..", content) + b".\r\n")
        reply = await protocol.read_response(timeout=self.channel.timeout_seconds)
        if reply.code // 100 != 2:
            return replies.of_reply("content", reply.code, reply.message)
        with suppress(aiosmtplib.SMTPException, OSError):
            await self.client.quit(timeout=GOODBYE_SECONDS)
        return Delivery(outcome="sent")

    def _refused_for_letters(self) -> Delivery:
        """A server without SMTPUTF8 takes no local part outside ASCII; it is not even asked."""
        whose = self.sender if not self.sender.is_ascii else self.recipient
        why = f"{whose.address}: the mail server takes no letters outside ASCII before the @"
        if whose is self.sender:
            return Delivery(outcome="deferred", fault="setup", detail=why)
        return Delivery(outcome="dead", detail=why)


def _path(of: Mailbox) -> bytes:
    return f"<{of.address}>".encode()


def sender_of(settings: Config) -> Mailbox | None:
    """The sender that is configured; None if none is. Raises ConfigError."""
    if not settings.smtp.sender:
        return None
    found = mailboxes.parse_named(settings.smtp.sender)
    if isinstance(found, NoMailbox):
        raise ConfigError(f"smtp.sender: {settings.smtp.sender!r} {found.why}")
    return found


def _build(settings: Config) -> SmtpChannel | None:
    sender_of(settings)  # a mistake in it is found when rasd starts, not when the digest is due
    if not settings.smtp.host:
        return None
    return SmtpChannel(
        host=settings.smtp.host,
        port=settings.smtp.port,
        security=settings.smtp.security,
        username=settings.smtp.username,
        password=settings.smtp.password,
        sender=settings.smtp.sender,
    )


def _checked(address: str) -> str | NoMailbox:
    found = mailboxes.parse(address)
    return found if isinstance(found, NoMailbox) else found.address


KIND = ChannelKind(
    name="smtp",
    address="a mail address",
    takes=lambda address: "@" in address and "/" not in address,
    build=_build,
    checked=_checked,
)
