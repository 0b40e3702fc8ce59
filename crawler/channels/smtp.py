"""Delivery by SMTP, one recipient in a transaction: a bad address holds back no other's mail.

The server's reply becomes a Delivery: 4xx is ``deferred`` (greylisting refuses the recipient at
first), 5xx is ``dead``, a connection lost after the mail was handed over is ``unknown``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import aiosmtplib

from crawler.channels.email import as_email
from crawler.channels.kind import ChannelKind
from crawler.config import Config
from crawler.model import Delivery, Message


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpChannel:
    """A mail server. ``starttls`` is required, not opportunistic; certificates are verified."""

    host: str
    port: int = 587
    security: Literal["none", "starttls", "tls"] = "starttls"
    username: str = ""
    password: str = ""
    sender: str = ""
    timeout_seconds: float = 60.0

    async def deliver(self, message: Message) -> Delivery:
        """The outcome of one attempt."""
        client = aiosmtplib.SMTP(
            hostname=self.host,
            port=self.port,
            use_tls=self.security == "tls",
            start_tls=self.security == "starttls",
            timeout=self.timeout_seconds,
        )
        handed_over = False
        try:
            await client.connect()
            if self.username:
                await client.login(self.username, self.password)
            mail = as_email(message, self.sender)
            await client.mail(_address(self.sender))
            await client.rcpt(message.recipient)
            handed_over = True
            await client.data(mail.as_bytes())
        except aiosmtplib.SMTPResponseException as error:
            dead = error.code >= 500 and not isinstance(error, aiosmtplib.SMTPConnectError)
            if isinstance(error, aiosmtplib.SMTPAuthenticationError):
                dead = False  # a wrong password is our fault: the mail waits until it is corrected
            return Delivery(
                outcome="dead" if dead else "deferred", detail=f"{error.code} {error.message}"
            )
        except (aiosmtplib.SMTPException, OSError) as error:
            outcome: Literal["unknown", "deferred"] = "unknown" if handed_over else "deferred"
            return Delivery(outcome=outcome, detail=f"{type(error).__name__}: {error}")
        finally:
            client.close()
        return Delivery(outcome="sent")


def _address(sender: str) -> str:
    return sender[sender.rfind("<") + 1 :].rstrip(">") if "<" in sender else sender


def _build(settings: Config) -> SmtpChannel | None:
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


KIND = ChannelKind(
    name="smtp",
    address="a mail address",
    takes=lambda address: "@" in address and "/" not in address,
    build=_build,
)
