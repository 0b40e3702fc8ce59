"""Requests that were not made, or not followed to their end, and why.

Each class carries its ``reason``; the message of an error is the detail for people. ``failures``
turns any error of a download, ours or a library's, into a ``Cause``.
"""

from __future__ import annotations

from typing import ClassVar

from scrapy.exceptions import CannotResolveHostError, DownloadFailedError, IgnoreRequest

from crawler.model import Reason

IN_PROCESS_SCHEME = "canary:"  # answered by ``canary_handler``; no site can lead to such a URL


class FetchError(Exception):
    """The base of all: an error that knows its reason."""

    reason: ClassVar[Reason]


class RefusedError(FetchError, IgnoreRequest):
    """The base of those that our own rules raise: asked again as what may pass, then rejected."""


class AddressRefusedError(RefusedError):
    """The base of those that the address alone decides, whatever a server says. An address that a
    feed shows is rejected at once; one that a redirect names may be another tomorrow."""


class BadContentTypeError(RefusedError):
    """The answer is a picture, a film, an archive: no text."""

    reason = "bad_content_type"


class BinaryFileError(AddressRefusedError):
    """The address of an article names a file to download."""

    reason = "binary_file"


class OffsiteRedirectError(RefusedError):
    """A redirect leads to a host that is none of the source's."""

    reason = "offsite_redirect"


class PortRefusedError(AddressRefusedError):
    """No address of the source names this port."""

    reason = "port_refused"


class RedirectLimitError(RefusedError):
    """More redirects in a row than are followed."""

    reason = "redirect_limit"


class RedirectMalformedError(RefusedError):
    """A redirect names an address that parsers read differently."""

    reason = "url_malformed"


class RobotsForbiddenError(RefusedError):
    """robots.txt forbids the address."""

    reason = "robots"


class SchemeBlockedError(RefusedError):
    """A redirect leads off the web: to a file, to data (S8)."""

    reason = "scheme_blocked"


class TlsDowngradeError(RefusedError):
    """A redirect leads from https to http."""

    reason = "tls_downgrade"


class TooBigError(RefusedError):
    """The body is larger than allowed, packed or unpacked, or is packed too many times."""

    reason = "too_big"


class UrlMalformedError(AddressRefusedError):
    """The address is not one to request, or parsers read it differently."""

    reason = "url_malformed"


class HostOnHoldError(FetchError):
    """Not now: the host asked for time. The page stays queued."""

    reason: ClassVar[Reason] = "held"


class RobotsUnreachableError(HostOnHoldError):
    """robots.txt cannot be fetched, so the rules are unknown. The page is tried again later."""

    reason: ClassVar[Reason] = "robots_unreachable"


class HostUnreachableError(RobotsUnreachableError):
    """As its base: no connection came about."""

    reason = "unreachable"


class HostUntrustedError(RobotsUnreachableError):
    """As its base: the server could not prove its name."""

    reason = "tls_error"


class NotRenderedError(FetchError):
    """A page that exists only by script, and no browser to show it: the page waits."""

    reason = "render"


class UrlRefusedError(FetchError, CannotResolveHostError):
    """The network guard allowed no connection.

    It is no ``RefusedError``: behind a captive portal every name leads inside, and pages must wait.
    """

    reason = "ssrf_blocked"


class HeadersTooBigError(FetchError, DownloadFailedError):
    """The header section of an answer was longer than any real server's (R7)."""

    reason = "headers_too_big"


class UntrustedCertificateError(FetchError, DownloadFailedError):
    """The server could not prove its name; nothing of its answer is read (S21)."""

    reason = "tls_error"
