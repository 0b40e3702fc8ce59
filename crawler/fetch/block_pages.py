"""Pages that are no article although the status was 200: challenges, consent walls, soft 404s.
Pure.

Such a page must not be kept as an article; its URL is requested again later (P18).
"""

from __future__ import annotations

import re
from typing import Literal

from crawler import urls

WallKind = Literal["challenge", "consent", "soft404"]
MAX_SCANNED_BYTES = 60_000  # of a page; what makes a block page stands at its beginning

# Sorted by kind. Marks of the software that stands in the way, not words an article could use.
_MARKS: dict[WallKind, tuple[bytes, ...]] = {
    "challenge": (
        b"_cf_chl_opt", b"/cdn-cgi/challenge-platform/h/", b"cf-browser-verification", b"id=\"challenge-form\"",
        b"geo.captcha-delivery.com", b"_Incapsula_Resource", b"sucuri_cloudproxy_js", b"ddos-guard/js-challenge",
        b"awswafcookiedomainlist", b"px-captcha",
    ),
    "consent": (b"consent.yahoo.com", b"consent.google.", b"id=\"consent-page\"", b"class=\"con-wizard\""),
}  # fmt: skip
_TITLE = re.compile(rb"<title[^>]{0,200}>(.{0,300}?)</title", re.IGNORECASE | re.DOTALL)
_CHALLENGE_TITLE = re.compile(
    r"^\s*(just a moment|attention required|access denied|ddos-guard|un instant|لحظة من فضلك|"
    r"verify(ing)? you are human|are you a robot)",
    re.IGNORECASE,
)
_GONE_TITLE = re.compile(
    r"^\W*(404|page not found|not found|page introuvable|page non trouvée|الصفحة غير موجودة|"
    r"لم يتم العثور على الصفحة)",
    re.IGNORECASE,
)


def block_kind(body: bytes, url: str, requested_url: str, home: str) -> WallKind | None:
    """``challenge``, ``consent`` or ``soft404``; None if the page may be an article.

    A page that was redirected to the site's home page is a soft 404: its article is gone.
    """
    head = body[:MAX_SCANNED_BYTES]
    # Block pages are small; an article's page may hold such marks, too.
    if len(body) < MAX_SCANNED_BYTES:
        for kind, marks in _MARKS.items():
            if any(mark in head for mark in marks):
                return kind
    found = _TITLE.search(head)
    title = found[1].decode("utf-8", "replace") if found else ""
    if _CHALLENGE_TITLE.search(title):
        return "challenge"
    if _GONE_TITLE.search(title):
        return "soft404"
    return "soft404" if url != requested_url and _is_home(url, requested_url, home) else None


def _is_home(url: str, requested_url: str, home: str) -> bool:
    here = urls.key(url)
    return here != urls.key(requested_url) and here in (urls.key(home), urls.registrable(home))
