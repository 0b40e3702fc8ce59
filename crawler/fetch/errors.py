"""Requests that were not made, or not to their end, because we said so.

Each text begins with a word that a ledger can count: ``url_malformed``, ``offsite_redirect``,
``tls_downgrade``, ``ssrf_blocked``, ``too_big`` …, then says what it was, for people.
"""

from __future__ import annotations

from scrapy.exceptions import CannotResolveHostError, DownloadFailedError, IgnoreRequest

IN_PROCESS = (
    "canary:"  # answered in this process, never by a socket; no site can name such an address
)


class RefusedError(IgnoreRequest):
    """What was asked for will never be fetched as it is: the page is rejected."""


class HostOnHoldError(Exception):
    """Not now: the host asked for time, or its robots.txt cannot be had. The page stays queued."""


class NotRenderedError(Exception):
    """A page that exists only by script, and no browser to show it: the page waits."""


class UrlRefusedError(CannotResolveHostError):
    """The guard let no connection come about. It is no ``Refused``: where a captive portal answers
    for every name, pages must wait, not be given up."""


class HeadersTooBigError(DownloadFailedError):
    """An answer's header section was longer than any server's (R7)."""


class UntrustedCertificateError(DownloadFailedError):
    """A server that could not prove its name; nothing it says is read (S21)."""
