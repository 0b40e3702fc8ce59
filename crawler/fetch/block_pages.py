"""Pages that are no article although the status was 200: challenges, consent walls, soft 404s,
maintenance and error pages, parked domains, pages that lead elsewhere, empty ones. Pure.

Such a page must not be kept as an article; its URL is requested again later (P18). It is known by
how it is built and how little it shows, and then by what it says: a short article about a
maintenance shows its feed's headline, or tells machines that it is an article.
"""

from __future__ import annotations

import html
import re
from typing import Literal

from crawler import urls
from crawler.fetch.outline import MAX_PAGE_BYTES, Outline, outline
from crawler.fetch.stub_words import PHRASES, StubKind
from crawler.languages.folding import folded_text

WallKind = Literal[
    "challenge", "consent", "empty_page", "error_page", "maintenance", "parked", "soft404", "stub"
]
MAX_SCANNED_BYTES = MAX_PAGE_BYTES  # what makes a block page stands at its beginning
MAX_NAMED_CHARACTERS = 900  # shown by a page whose title or heading is one of the phrases
MAX_SAYING_CHARACTERS = 400  # shown by one that says it anywhere
MAX_PROSE_CHARACTERS = 250  # of a block; an article has longer ones, a notice hardly ever
MAX_EXTRA_WORDS = 4  # beside the phrase in a title: the outlet's name, a number, an apology
MAX_NOTICE_WORDS = 8  # of a title or heading; headlines have more
MAX_LINKS = 12  # of a notice; a page with more has a site round it
MAX_LEADING_CHARACTERS = 400  # shown by a page that leads elsewhere
MAX_EMPTY_CHARACTERS = 20  # "Loading…"; a copyright line alone is longer
MAX_TINY_CHARACTERS = 300  # shown by a page that, without the feed's headline, is none of its
MAX_TINY_PICTURES = 2  # on it: a logo and an ornament
MIN_HEADLINE_WORDS = 3  # of the feed's headline, to tell by it
MIN_SHARE_SHOWN = 0.6  # of its words: the page is the one that the feed means
MAX_SHARE_OF_ANOTHER = 0.34  # of its words: the page is another one

# Sorted by kind. Marks of the software that stands in the way, not words an article could use.
_MARKS: dict[WallKind, tuple[bytes, ...]] = {
    "challenge": (
        b"_cf_chl_opt", b"/cdn-cgi/challenge-platform/h/", b"cf-browser-verification", b"id=\"challenge-form\"",
        b"geo.captcha-delivery.com", b"_Incapsula_Resource", b"sucuri_cloudproxy_js", b"ddos-guard/js-challenge",
        b"awswafcookiedomainlist", b"px-captcha", b"slowAES.decrypt",
    ),
    "consent": (b"consent.yahoo.com", b"consent.google.", b"id=\"consent-page\"", b"class=\"con-wizard\""),
    "parked": (
        b"sedoparking.com", b"parkingcrew.net", b"d1lxhc4jvstzrp.cloudfront.net", b"img.sedoparking",
        b"bodis.com", b"window.park", b"parklogic.com", b"hugedomains.com/domain_profile", b"afternic.com/forsale",
        b"dan.com/buy-domain", b"/_tr?", b"above.com/marketplace",
    ),
}  # fmt: skip
_TITLE = re.compile(rb"<title[^>]{0,200}>(.{0,300}?)</title", re.IGNORECASE | re.DOTALL)
_CHALLENGE_TITLE = re.compile(
    r"^\s*(?:just a moment|attention required|access denied|ddos-guard|un instant|لحظة من فضلك|"
    r"verify(?:ing)? you are human|are you a robot)\s*(?:$|[^\w\s])",
    re.IGNORECASE,
)
_GONE_TITLE = re.compile(
    r"^\W*(?:404(?:\W*$|\s*[-–—|:•·]|\W+(?:error|erreur|not|page|خطأ|الصفحة))|page not found|"
    r"not found\s*(?:$|[^\w\s])|page introuvable|page non trouvée|الصفحة غير موجودة|"
    r"لم يتم العثور على الصفحة)",
    re.IGNORECASE,
)
_STATUS_NAME = re.compile(
    r"^(?:http )?(?:error |erreur |خطا )?5\d\d(?: |$)(?=$|.*\b(?:error|erreur|خطا|bad|gateway|"
    r"passerelle|service|server|serveur|unavailable|indisponible|timeout|time out)\b)"
)
_SETS_COOKIE = re.compile(r"document\.cookie\s*=")
_GOES = re.compile(r"location\s*\.\s*(?:reload|replace|assign)|location(?:\.href)?\s*=")
_PROCLITICS = "[وفبكل]{0,2}"  # of an Arabic word: والموقع, لأعمال
_FOLDED: dict[StubKind, re.Pattern[str]] = {
    kind: re.compile(
        rf"(?:^| ){_PROCLITICS}("
        + "|".join(sorted({folded_text(phrase) for phrase in phrases}, key=len, reverse=True))
        + ")(?= |$)"
    )
    for kind, phrases in PHRASES.items()
}


def block_kind(
    body: bytes,
    url: str,
    requested_url: str,
    home: str,
    *,
    headline: str = "",
    content_type: str = "",
) -> WallKind | None:
    """What kind of wall the page is; None if it may be an article.

    A page that was redirected to the site's home page is a soft 404: its article is gone.
    ``headline`` is the feed's; a page that shows it is no stub.
    """
    head = body[:MAX_SCANNED_BYTES]
    # Block pages are small; an article's page may hold such marks, too.
    small = len(body) < MAX_SCANNED_BYTES
    if small:
        for kind, marks in _MARKS.items():
            if any(mark in head for mark in marks):
                return kind
    if url != requested_url and _is_home(url, requested_url, home):
        return "soft404"
    found = _TITLE.search(head)
    title = html.unescape(found[1].decode("utf-8", "replace")).strip() if found else ""
    page = outline(body, content_type)
    if page is None:
        return _title_kind(title, _share_shown(headline, folded_text(title)))
    shown = _share_shown(headline, " ".join((page.words, *page.names)))
    return _title_kind(title, shown) or _stub_kind(page, shown)


def says_it_leads(page: Outline) -> bool:
    """Whether the page says that it leads elsewhere, or that there is something to wait for."""
    said = _FOLDED["stub"]
    return any(said.search(words) for words in (page.words, *page.names))


def _title_kind(title: str, shown: float | None) -> WallKind | None:
    """The kind that a title gives away on a page of any size. ``shown``: the share of the feed's
    headline on the page, or in the title of a page that shows much."""
    if shown is not None and shown >= MIN_SHARE_SHOWN:
        return None
    if _CHALLENGE_TITLE.search(title):
        return "challenge"
    if _GONE_TITLE.search(title):
        return "soft404"
    is_another = shown is not None and shown < MAX_SHARE_OF_ANOTHER
    return _name_kind(folded_text(title)) if is_another else None


def _stub_kind(page: Outline, shown: float | None) -> WallKind | None:
    """What kind of page without an article this is; None if it may be one."""
    if page.is_article or (shown is not None and shown >= MIN_SHARE_SHOWN):
        return None
    if _is_checked_by_script(page):
        return "challenge"
    if page.leads and page.characters <= MAX_LEADING_CHARACTERS:
        return "stub"
    is_another = shown is not None and shown < MAX_SHARE_OF_ANOTHER
    kind = _named_kind(page, is_another=is_another) or _saying_kind(page, is_another=is_another)
    if kind is not None:
        return kind
    if page.characters <= MAX_EMPTY_CHARACTERS and page.pictures <= 1:
        return _hidden_kind(page) or "empty_page"
    tiny = page.characters <= MAX_TINY_CHARACTERS and page.pictures <= MAX_TINY_PICTURES
    return "stub" if tiny and is_another else None


def _share_shown(headline: str, shown: str) -> float | None:
    """The share of the headline's words among these folded ones; None if it has too few to tell."""
    words = {word for word in folded_text(headline).split() if len(word) > 2}
    if len(words) < MIN_HEADLINE_WORDS:
        return None
    return len(words.intersection(shown.split())) / len(words)


def _is_checked_by_script(page: Outline) -> bool:
    """Whether its script sets a cookie and loads the page anew: a check for a browser."""
    return page.characters <= MAX_LEADING_CHARACTERS and any(
        _SETS_COOKIE.search(script) and _GOES.search(script) for script in page.scripts
    )


def _named_kind(page: Outline, *, is_another: bool) -> StubKind | None:
    """The kind that its title or a heading names, with little beside the phrase; without the feed's
    headline (``is_another``) whatever its prose is."""
    longest = max(map(len, page.blocks), default=0)
    if page.characters > MAX_NAMED_CHARACTERS or (
        longest > MAX_PROSE_CHARACTERS and not is_another
    ):
        return None
    if len(page.links) > MAX_LINKS:
        return None
    return next((kind for name in page.names if (kind := _name_kind(name))), None)


def _name_kind(name: str) -> StubKind | None:
    """The kind that these folded words name, with little beside the phrase."""
    if _STATUS_NAME.match(name) and len(name.split()) <= MAX_NOTICE_WORDS:
        return "error_page"
    for kind, phrase in _FOLDED.items():
        found = [said[1] for said in phrase.finditer(name)]
        size = sum(len(said.split()) for said in found)
        extra = len(name.split()) - size
        if len(found) > 1 or (found and extra <= min(MAX_EXTRA_WORDS, 2 * size)):
            return kind
    return None


def _saying_kind(page: Outline, *, is_another: bool) -> StubKind | None:
    """The kind of a notice that says it somewhere, and has no headline of an article: names of
    pages are short. ``is_another``: the feed's headline is not there."""
    most = MAX_NAMED_CHARACTERS if is_another else MAX_SAYING_CHARACTERS
    if page.characters > most or len(page.links) > MAX_LINKS:
        return None
    named = any(len(name.split()) > MAX_NOTICE_WORDS for name in page.names)
    for kind, phrase in _FOLDED.items():
        found = set(phrase.findall(page.words))
        if len(found) > 1 or (found and (is_another or not named)):
            return kind
    return None


def _hidden_kind(page: Outline) -> StubKind | None:
    """``challenge`` if an empty page asks for scripts or cookies."""
    return "challenge" if _FOLDED["challenge"].search(folded_text(page.hidden)) else None


def _is_home(url: str, requested_url: str, home: str) -> bool:
    here = urls.key(url)
    return here != urls.key(requested_url) and here in (urls.key(home), urls.registrable(home))
