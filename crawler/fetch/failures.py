"""Any error of a download as a ``Cause``: the one place where exceptions become reasons;
and what becomes of the page that was requested."""

from __future__ import annotations

from typing import Any, cast

from OpenSSL import SSL
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
)
from scrapy.http import Request
from service_identity import VerificationError
from twisted.internet.error import ConnectError, DNSLookupError
from twisted.internet.error import TimeoutError as TwistedTimeoutError
from twisted.python.failure import Failure
from twisted.web.client import ResponseFailed

from crawler.fetch.errors import (
    AddressRefusedError,
    FetchError,
    HostOnHoldError,
    RobotsUnreachableError,
)
from crawler.fetch.middlewares.budget import BudgetExhaustedError
from crawler.model import Cause, Reason
from crawler.polling.steps import FailureAction

LONGEST_DETAIL = 300  # characters

_REASONS: tuple[tuple[type[BaseException] | tuple[type[BaseException], ...], Reason], ...] = (
    ((DownloadTimeoutError, TwistedTimeoutError, TimeoutError), "timeout"),
    ((CannotResolveHostError, DownloadConnectionRefusedError), "unreachable"),
    ((DNSLookupError, ConnectError), "unreachable"),
    ((SSL.Error, VerificationError), "tls_error"),
)
"""Errors of libraries with their reasons; the first that fits counts."""


def cause_of(failure: Failure | BaseException) -> Cause:
    """Why a request failed, with the error's text in one line of at most ``LONGEST_DETAIL``.

    An error that nothing here knows is a ``download_failed``.
    """
    error = failure.value if isinstance(failure, Failure) else failure
    if error is None:
        return Cause(reason="download_failed", detail="no error was named")
    detail = " ".join(str(error).split()) or type(error).__name__
    return Cause(reason=_reason(error), detail=detail[:LONGEST_DETAIL])


def _reason(error: BaseException) -> Reason:
    if isinstance(error, FetchError):
        return error.reason
    for known, reason in _REASONS:
        if isinstance(error, known):
            return reason
    return "tls_error" if any(map(_is_tls, _inner(error))) else "download_failed"


def _inner(error: BaseException) -> list[BaseException]:
    """The errors that Twisted wrapped in this one."""
    cause = error if isinstance(error, ResponseFailed) else error.__cause__
    return [failure.value for failure in cause.reasons] if isinstance(cause, ResponseFailed) else []


def _is_tls(error: BaseException) -> bool:
    return isinstance(error, SSL.Error | VerificationError)


def failure_action(failure: Failure) -> FailureAction:
    """What becomes of a page whose request failed so: a host that asked for time and a spent budget
    let it wait, an address that may not be asked rejects it, anything that a server did is tried
    again. So is a host whose ``robots.txt`` is out of reach: pages of one that is no more would
    otherwise be in the way of all others."""
    error = failure.value
    if isinstance(error, HostOnHoldError | BudgetExhaustedError) and not isinstance(
        error, RobotsUnreachableError
    ):
        return "wait"
    redirected = bool(request_of(failure).meta.get("redirect_times"))
    return "reject" if isinstance(error, AddressRefusedError) and not redirected else "retry"


def request_of(failure: Failure) -> Request:
    """The request that failed; Scrapy sets it on every failure of a download."""
    return cast("Request", cast("Any", failure).request)
