"""What a mail server's answer means for a mail: whose fault it is, and whether to try again. Pure.

======================  ===================================  =====================================
Step                    refused for good (5xx)               refused for now, or connection lost
======================  ===================================  =====================================
connect, login, sender  our own: kept, and a finding         the server's: kept
recipient               dead, unless it asks us to log in    tried again, for some days
data                    dead                                 tried again, for some days
content                 dead                                 4xx: tried again; lost: unknown
======================  ===================================  =====================================

A mail that has not got as far as its recipient cannot be at fault: however long our server is down
or our password wrong, it waits.
"""

from __future__ import annotations

import re
import ssl
from typing import Literal

import aiosmtplib

from crawler.model import Delivery, DeliveryFault

Step = Literal["connect", "login", "sender", "recipient", "data", "content"]
BEFORE_RECIPIENT: tuple[Step, ...] = ("connect", "login", "sender")
# Servers that do not know us refuse each recipient, as if it were the recipient's doing: RFC 4954's
# codes for a login that is asked for, and what the usual servers say.
_ASKS_FOR_LOGIN = re.compile(r"\b5\.7\.(?:8|9|11)\b|\brelay(?:ing)?\b|\bauthenticat", re.IGNORECASE)
_LOGIN_CODES = (530, 534, 535, 538)


def of_reply(step: Step, code: int, text: str) -> Delivery:
    """What follows from an answer that did not accept the step."""
    detail = f"{code} {text}"
    if step in BEFORE_RECIPIENT:
        return _kept("setup" if code >= 500 else "server", detail)
    if code >= 500:
        if code in _LOGIN_CODES or _ASKS_FOR_LOGIN.search(text):
            return _kept("setup", detail)
        return Delivery(outcome="dead", detail=detail)
    if step == "content" and code < 400:  # no answer that a server may give here
        return Delivery(outcome="unknown", detail=detail)
    return Delivery(outcome="deferred", detail=detail)


def of_error(step: Step, error: Exception) -> Delivery:
    """What follows from an error of the connection, or of the library that spoke with it."""
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return of_reply(step, error.code, error.message)
    detail = words(error)
    if step in BEFORE_RECIPIENT:
        return _kept("server" if _is_of_server(error) else "setup", detail)
    return Delivery(outcome="unknown" if step == "content" else "deferred", detail=detail)


def words(error: Exception) -> str:
    """The answer of the server, or what broke, for people."""
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return f"{error.code} {error.message}"
    return f"{type(error).__name__}: {error}"


def _kept(fault: DeliveryFault, detail: str) -> Delivery:
    return Delivery(outcome="deferred", fault=fault, detail=detail)


def _is_of_server(error: Exception) -> bool:
    """Whether the server may be well again without us: it is out of reach, silent, gone. What else
    breaks (no STARTTLS, no AUTH, a certificate that is not believed) takes a person."""
    if isinstance(error, ssl.SSLCertVerificationError) or isinstance(
        error.__cause__, ssl.SSLCertVerificationError
    ):
        return False
    return isinstance(error, OSError)
