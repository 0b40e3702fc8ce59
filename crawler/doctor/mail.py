"""The ways out: the mail server greeted without sending a mail, and folders that can be written."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from crawler import channels
from crawler.app import recipients
from crawler.channels import smtp
from crawler.config import Config
from crawler.doctor.installation import cannot_make
from crawler.errors import ConfigError
from crawler.monitoring import doctor
from crawler.monitoring.doctor import Check, fail, ok, warn
from crawler.seeds import Seeds

_PAGE = "docs/how-to/mend-the-mail.md"
GREETING_SECONDS = 20.0  # for each answer; a mail's own patience is longer
_NO_PASSWORD = "smtp.password_file; what only the service's environment has is not seen here"
LOCAL = ("localhost", "127.0.0.1", "::1")


def server(chosen: Config, now: datetime) -> Check:
    """Connection, TLS, certificate and login; RSET and QUIT in the place of a mail."""
    name, settings = "mail server", chosen.smtp
    if not settings.host:
        return ok(name, "none is configured: only Maildir subscriptions are served")
    try:
        channel = channels.open_channels(chosen)["smtp"]
    except ConfigError as error:
        return fail(name, str(error), "mend [smtp]", _PAGE)
    assert isinstance(channel, smtp.SmtpChannel)
    greeting = asyncio.run(replace(channel, timeout_seconds=GREETING_SECONDS).greet())
    where = f"{settings.host}:{settings.port}"
    if greeting.refused:
        text = f"{where}: {greeting.step}: {greeting.refused}"
        if greeting.step == "login" and not settings.password:
            return fail(name, f"{text}; no password is set here", _NO_PASSWORD, _PAGE)
        return fail(name, text, "mend [smtp], then rasd outbox retry --all", _PAGE)
    certificate, expires_soon = doctor.certificate(greeting.expires_at, now)
    login = f"login as {settings.username} accepted" if settings.username else "without a login"
    found = f"{where}, {settings.security}, {certificate}, {login}"
    if expires_soon:
        return warn(name, found, "the certificate ends soon: tell whoever runs the server")
    if settings.security == "none" and settings.host not in LOCAL:
        return warn(name, found, 'mails go unencrypted: security = "starttls"', _PAGE)
    return ok(name, found)


def folders(chosen: Config, found: Seeds, stored: Sequence[tuple[str, str]]) -> Check:
    """Whether the Maildirs of recipients can be written; none is made."""
    named = list(dict.fromkeys(_maildirs(chosen, found, stored)))
    bad = [f"{path}: {why}" for path in named if (why := cannot_make(Path(path)))]
    if bad:
        return fail("mail folders", "; ".join(bad), "give rasd's user the right to write", _PAGE)
    return ok("mail folders", f"{len(named)}, all can be written" if named else "none is used")


def _maildirs(chosen: Config, found: Seeds, stored: Sequence[tuple[str, str]]) -> Iterator[str]:
    try:
        for recipient in recipients.configured(chosen, found):
            if recipient.channel == "maildir":
                yield recipient.address
    except ConfigError:  # the check of the configuration says so
        pass
    yield from (address for channel, address in stored if channel == "maildir")
