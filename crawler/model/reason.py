"""Why something did not go as it should: a closed set of reasons, each with a detail for people.

Decisions compare ``reason``; nothing in rasd parses ``detail``. Both are stored beside each other
(``polls``, ``feeds``, ``probes`` and ``sightings``); ``sentence`` joins them where people read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Reason = Literal[
    "",  # nothing to explain
    # No answer came.
    "unreachable",  # no connection: no address, refused, no route
    "ssrf_blocked",  # the name leads to an address that may not be connected to
    "timeout",  # the answer took too long
    "tls_error",  # the server could not prove its name, or speaks no TLS
    "download_failed",  # any other failure of a download
    "headers_too_big",
    # The request was not made, or was not followed to its end.
    "held",  # the host asked for time (Retry-After)
    "robots",  # robots.txt forbids the address
    "robots_unreachable",  # robots.txt cannot be had: nothing is asked of the host meanwhile
    "budget",  # the source's requests, bytes or seconds of this crawl are used up
    "binary_file",
    "no_link",  # a feed's entry without a link that could be asked for
    "shared_link",  # an address that several entries of a feed share; it is none of theirs
    "offsite",  # a feed's entry on another site
    "offsite_redirect",
    "port_refused",
    "redirect_limit",
    "scheme_blocked",
    "tls_downgrade",
    "url_malformed",
    # What the server answered.
    "forbidden",  # 401, 402, 403, 407, 451
    "rate_limited",  # 429
    "not_found",  # 404, 410
    "server_error",  # 5xx
    "http_status",  # any other status that is no success
    "moved",  # the feed has gone for good (301, 308 at every hop)
    # What the bytes were.
    "challenge",  # a page that checks for a browser
    "consent",  # a page that asks for consent
    "soft404",  # "not found", with the status of a success
    "maintenance",  # a notice that the site is being worked on
    "error_page",  # an error of the server or of its database, with the status of a success
    "parked",  # the domain is for sale, or has expired
    "stub",  # a page that leads elsewhere, or shows nothing of what was requested
    "empty_page",  # a page that shows no text
    "another_story",  # a page that tells another story than the one that its feed names
    "bad_content_type",
    "empty_feed",
    "not_a_feed",
    "not_html",
    "parse_bomb",
    "too_big",
    # Reading and writing.
    "partial",  # the bytes end before the feed or page does, or more entries than are taken
    "reading_crashed",
    "reading_timeout",
    "render",  # no browser, or the browser could not show the page
    "not_understood",  # a poll without an outcome, a page that broke our code; the log says more
    "not_written",  # the archive could not be written
    # Limits of one poll.
    "burst",
    "place_limit",
    "sitemap_overflow",
]
"""Why, in one word. The order within the groups has no meaning."""

NO_CONNECTION: frozenset[Reason] = frozenset({"unreachable", "ssrf_blocked"})
"""No connection came about. Behind a captive portal every name leads inside: ``ssrf_blocked``."""

WALLS: frozenset[Reason] = frozenset({
    "challenge", "consent", "empty_page", "error_page", "maintenance", "parked", "soft404", "stub",
})  # fmt: skip
"""A page that stands where an article should be."""

REFUSALS: frozenset[Reason] = frozenset({
    "bad_content_type", "binary_file", "not_html", "offsite_redirect", "port_refused",
    "redirect_limit", "robots", "scheme_blocked", "tls_downgrade", "too_big", "url_malformed",
})  # fmt: skip
"""What keeps a page out of the archive by our own rules: in the end such a page is rejected."""

_SAYS_ALL: frozenset[Reason] = frozenset({
    "forbidden", "rate_limited", "not_found", "server_error", "http_status", "moved", "not_a_feed",
    "download_failed", "reading_crashed", "reading_timeout", "not_understood",
})  # fmt: skip
"""Reasons whose detail is a sentence of its own."""

_FORBIDDEN = frozenset({401, 402, 403, 407, 451})


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """A reason with its detail. ``detail`` is for people; it may be empty and is never parsed."""

    reason: Reason
    detail: str = ""

    def __str__(self) -> str:
        return sentence(self.reason, self.detail)


def sentence(reason: Reason, detail: str = "", notes: Sequence[Cause] = ()) -> str:
    """A reason, its detail and a poll's notes as one line for people; "" when there are none."""
    first = detail if detail and reason in _SAYS_ALL else f"{reason}: {detail}"
    said = [first.removesuffix(": ").removeprefix(": "), *map(str, notes)]
    return "; ".join(filter(None, said))


def status_cause(status: int) -> Cause:
    """What an HTTP status that is no success means."""
    reason: Reason = "http_status"
    if status == 429:
        reason = "rate_limited"
    elif status in _FORBIDDEN:
        reason = "forbidden"
    elif status in (404, 410):
        reason = "not_found"
    elif 500 <= status < 600:
        reason = "server_error"
    return Cause(reason=reason, detail=f"the server said {status}")
