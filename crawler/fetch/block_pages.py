"""Pages that are no article though the server said 200: challenges, consent walls, soft 404s. Pure.

Such a page must not be kept as somebody's words; its address is asked again later (P18).
"""

from __future__ import annotations

import re

from crawler import urls

HEAD = 60_000  # bytes looked through; what a wall is made of stands in front

# Sorted by kind. Marks of the software that stands in the way, not words an article could use.
_MARKS: dict[str, tuple[bytes, ...]] = {
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
    r"verify(ing)? you are human|are you a robot)", re.IGNORECASE,
)  # fmt: skip
_GONE_TITLE = re.compile(
    r"^\W*(404|page not found|not found|page introuvable|page non trouvée|الصفحة غير موجودة|"
    r"لم يتم العثور على الصفحة)", re.IGNORECASE,
)  # fmt: skip


def identify(body: bytes, url: str, requested_url: str, home: str) -> str | None:
    """``challenge``, ``consent`` or ``soft404``; None where the page may well be an article.

    A page that was led to the site's home is a soft 404: the article it should be is not there.
    """
    head = body[:HEAD]
    if (
        len(body) < HEAD
    ):  # what stands in the way is small; an article's page may hold such marks, too
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
