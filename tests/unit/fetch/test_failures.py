"""Any error of a download has a reason, by its type and never by its words."""

from __future__ import annotations

from typing import get_args

import pytest
from OpenSSL import SSL
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
)
from twisted.internet.error import ConnectError, DNSLookupError
from twisted.python.failure import Failure
from twisted.web.client import ResponseFailed

from crawler.fetch import errors
from crawler.fetch.failures import LONGEST_DETAIL, cause_of
from crawler.fetch.middlewares.budget import BudgetExhaustedError
from crawler.model import Cause, Reason


def named() -> list[type[errors.FetchError]]:
    """Every class of ours that is raised, its subclasses with it."""
    found, left = list[type[errors.FetchError]](), [errors.FetchError]
    while left:
        kind = left.pop()
        found.append(kind)
        left += kind.__subclasses__()
    return [
        kind
        for kind in found
        if kind not in (errors.FetchError, errors.RefusedError, errors.AddressRefusedError)
    ]


@pytest.mark.parametrize("kind", named(), ids=lambda kind: kind.__name__)
def test_each_error_of_ours_carries_a_reason_of_the_set(kind: type[errors.FetchError]) -> None:
    """Also where a subclass forgot its own: it then has its base's."""
    assert kind.reason in get_args(Reason) and kind.reason


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (DownloadTimeoutError("timeout"), "timeout"),
        (CannotResolveHostError("no such name"), "unreachable"),
        (DownloadConnectionRefusedError("refused"), "unreachable"),
        (DNSLookupError("no such name"), "unreachable"),
        (ConnectError(None, "no route"), "unreachable"),
        (SSL.Error([("ssl", "", "expired")]), "tls_error"),
        (ResponseFailed([Failure(SSL.Error([]))]), "tls_error"),
        (ResponseFailed([Failure(ValueError("x"))]), "download_failed"),
        (DownloadFailedError("unreachable: timeout: robots"), "download_failed"),
        (IgnoreRequest("held: x"), "download_failed"),
        (errors.UrlRefusedError("'x' leads to 127.0.0.1"), "ssrf_blocked"),
        (errors.HostUnreachableError("no route"), "unreachable"),
        (errors.HostOnHoldError("x asked"), "held"),
        (errors.TooBigError("over 9 bytes"), "too_big"),
        (BudgetExhaustedError("bytes"), "budget"),
    ],
)  # fmt: skip
def test_an_error_has_a_reason_by_its_type(error: Exception, reason: Reason) -> None:
    """The same for the exception and for Twisted's Failure of it."""
    assert cause_of(error).reason == cause_of(Failure(error)).reason == reason


def test_an_error_that_libraries_wrapped_is_found() -> None:
    """Scrapy's DownloadFailedError hides what Twisted says of the TLS handshake in its cause."""
    wrapped = DownloadFailedError("failed")
    wrapped.__cause__ = ResponseFailed([Failure(SSL.Error([]))])
    assert cause_of(wrapped).reason == "tls_error"


def test_the_detail_is_one_short_line() -> None:
    """Whatever a library writes; an error without words is named by its type."""
    assert cause_of(ValueError("a\n  b")) == Cause(reason="download_failed", detail="a b")
    assert cause_of(ValueError("x" * 999)).detail == "x" * LONGEST_DETAIL
    assert cause_of(ValueError()).detail == "ValueError"
    assert cause_of(BudgetExhaustedError("bytes")).detail == "no bytes left in this crawl"
