"""Requests that we did not make, or did not finish, by our own rules.

Each message begins with a word that can be counted: ``url_malformed``, ``offsite_redirect``,
``tls_downgrade``, ``ssrf_blocked``, ``too_big`` …, followed by the details for people.
"""

from __future__ import annotations

from scrapy.exceptions import CannotResolveHostError, DownloadFailedError, IgnoreRequest

IN_PROCESS_SCHEME = "canary:"  # answered by ``canary_handler``; no site can lead to such a URL


class RefusedError(IgnoreRequest):
    """This URL or response will never be accepted: the page is rejected."""


class HostOnHoldError(Exception):
    """The host asked for time, or its robots.txt is unreachable: the page stays queued."""


class NotRenderedError(Exception):
    """A page that exists only by script could not be rendered: it stays queued."""


class UrlRefusedError(CannotResolveHostError):
    """The SSRF guard allowed no connection. No ``RefusedError``: behind a captive portal, which
    answers for every name, pages must wait and not be rejected."""


class HeadersTooBigError(DownloadFailedError):
    """A response's header section exceeded the limit (R7)."""


class UntrustedCertificateError(DownloadFailedError):
    """The server could not prove its name; nothing that it sends is read (S21)."""
