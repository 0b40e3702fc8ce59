"""Clean URLs, and one key for all URLs of an article. Pure.

URLs are parsed and joined by ada-url as browsers do it. Which of them rasd asks for, and which
are one article, is decided here.

>>> key("http://www.example.ma/a%d9%84/?utm_source=x#top") == key("https://example.ma/aل")
True
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from functools import cache, lru_cache
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, unquote, unquote_plus, urlencode, urlsplit

import ada_url

from crawler.text_cache import cached_by_text

if TYPE_CHECKING:
    from tldextract import TLDExtract

MAX_URL_CHARACTERS = 2000  # characters; servers and Scrapy itself refuse longer ones
MAX_HOST_CHARACTERS = 253  # RFC 1035, without the last dot
MAX_FRAGMENT_CHARACTERS = 200  # characters; what is longer is no anchor but a state
MAX_PRINTED_CHARACTERS = 10_000  # characters of a link as printed, with what stands round it

# Parameters that say where a reader came from or how the page is shown, never which article it is.
# Sorted by who adds them. What may name an article (p, id, a, page, idnews, lang …) is never here.
_TRACKING = re.compile(
    r"utm_\w*|itm_\w+|mtm_\w+|pk_\w+|hsa_\w+|"  # campaigns
    # clicks
    r"fbclid|fb_\w+|gclid|gclsrc|dclid|gbraid|wbraid|gad_\w+|msclkid|yclid|ysclid|twclid|"
    r"ttclid|li_fat_id|igsh(?:id)?|"
    # measuring
    r"_ga|_gl|mc_[ce]id|_hs\w+|mkt_tok|oly_\w+_id|vero_\w+|wt[._]\w+|xtor|at_\w+|ns_\w+|"
    r"spm|cmp(?:id)?|ocid|smid|"
    # ways in
    r"ref_src|ref_url|ref|referrer|rss|feature|share\w*|socialshare|traffic_source|mod|partner|"
    # ways shown
    r"random-post|print(?:er|able|view)?|amp|amp_js_v|usqp|outputtype|output|noamp|mobile|desktop|"
    # leftovers
    r"replytocom|nocache|cachebuster|_|__twitter_impression|cn-reloaded|doing_wp_cron|nonamp",
    re.IGNORECASE,
)
_MAY_HOLD_ID = frozenset(
    {"ref", "output", "print", "mod", "feature", "partner", "rss", "_"}
)  # may hold an id: see _tracks
_HOST_PREFIX = re.compile(r"^(?:(?:www\d?|m|mobile|amp|wap)\.)+(?=[^.]+\.)")
_PATH_PREFIX = re.compile(r"^/(?:amp|mobile|m)(?=/[^/]+(?:/|-|\.))")
_PATH_SUFFIX = re.compile(
    (
        r"(?:/(?:amp|print|index\.(?:html?|php|aspx?)|page/1|amp\.html)|\.amp|"
        r";jsessionid=[^/?]*|/+)$|\.amp(?=\.html?$)"
    ),
    re.IGNORECASE,
)
_SESSION = re.compile(r"(?:/\((?:[A-Z]\([^/()]{1,100}\))+\))+(?=/)")  # of ASP.NET: /(S(abc))/
_ENCODED = re.compile("(?:%[0-9a-fA-F]{2})+")
_CONTINUED = re.compile(r"/page/[1-9]\d?$")
# An article's address ends in a slug of several words, a long number or .html; what continues it is
# the same article. A list's does not, or says what it lists: its second page is another page.
_ARTICLE_PATH = re.compile(r"/[^/]*(?:-[^/-]+-[^/-]+-|\d{5})[^/]*$|\.html?$")
_LISTING = re.compile(
    r"/(?:tags?|category|categories|section|topics?|authors?|search|archives?)/", re.IGNORECASE
)
_INVISIBLE = re.compile("[\u0640\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
# What parts escapes and dots that would stand together without it, and dots that may do so.
_PARTED = re.compile(
    "%(?:25)?(?:D9%(?:25)?80|E2%(?:25)?8[01]|EF%(?:25)?BB)|/\\.|[\u0640\u200b-\u2069\ufeff]",
    re.IGNORECASE,
)
_TWICE_ENCODED = re.compile("%(?:25)+([0-9a-fA-F]{2})")
_TWICE_ENCODED_RUN = re.compile("(?:%(?:25)+[89a-fA-F][0-9a-fA-F])+")
# What stands round a link and is none of it: blanks of all kinds, marks, quotes.
_EDGES = (
    "".join(map(chr, range(0x21))) + "\x7f\xa0\u061c\u1680\u2028\u2029\u202f\u205f\u3000\ufeff"
    + '"<>«»“”'
    + "".join(map(chr, (*range(0x2000, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070))))
)  # fmt: skip
_LINE_BREAK = re.compile(r"[ \t]*[\r\n][ \t\r\n]*|\t")  # with the indentation that follows it
_ESCAPED_AMPERSAND = re.compile("&(?:amp;|#0{0,4}38;|#x0{0,4}26;)+", re.IGNORECASE)
_SCHEMES = re.compile(r"(?:h{0,2}t{1,3}p(s?)(?::[/\\]*|[/\\]{2,}))+", re.IGNORECASE)
_SCHEME_CHARACTERS = 9  # characters in which a scheme ends, with marks in it
_HOST = re.compile(
    r"(?![^/\\?#]*\.(?:[xs]?html?|php\d?|aspx?|jspx?|cfm|xml|rss|json|pdf)(?:[/\\?#]|$))"
    r"((?:[\w-]{1,63}\.){1,9}[^\W\d_][\w-]{1,62}\.?)(?::\d{1,5})?(?=[/\\?#]|$)",
    re.IGNORECASE,
)
_WWW = re.compile(r"www\d?\.[^./\\?#]+\.[^./\\?#]", re.IGNORECASE)


def clean(url: str, base: str = "") -> str | None:
    """The absolute http(s) URL that browsers ask for (WHATWG's standard), or None.

    It is in normal form and without a fragment, so that all parsers read it alike (M35). None for
    other schemes, user names, impossible hosts and ports, and for what is longer than
    ``MAX_URL_CHARACTERS``. Whether its host and port may be connected to is decided later.
    """
    if not url.strip() or len(url) > MAX_URL_CHARACTERS:
        return None
    href = _normalize(url, base)
    if href is None:
        return None
    scheme, _, rest = href.partition("://")
    ours = scheme == "canary" and base.startswith("canary:")  # only inside our own feed
    if not (ours or scheme in ("http", "https")) or "@" in rest.partition("/")[0]:
        return None
    if rest[:1] == ".":  # a host without its first part: no server has that name
        return None
    whole = href.partition("#")[0]
    return whole if len(whole) <= MAX_URL_CHARACTERS else None


def _normalize(url: str, base: str = "") -> str | None:
    """The URL as the standard writes it, or None if it is none."""
    is_short = len(url) <= MAX_URL_CHARACTERS and len(base) <= MAX_URL_CHARACTERS
    return (_normalize_again if is_short else _normalize_any)(url, base)


def _normalize_any(url: str, base: str) -> str | None:
    try:
        return str(ada_url.join_url(base, url) if base else ada_url.normalize_url(url))
    except ValueError:  # a lone surrogate among them
        return None


# a page's address and the one that it claims are each asked for several times
_normalize_again = lru_cache(maxsize=256)(_normalize_any)


def read_link(printed: str, base: str) -> str | None:
    """The URL that a link leads to as people write it, made ``clean``; None if it can't be mended.

    Browsers drop blanks round it and line breaks in it, and ask for %20 where it has a blank. Feeds
    also have invisible marks round it, ``&`` escaped twice, one slash after the scheme, two
    schemes, or a host without any.
    """
    link = _LINE_BREAK.sub("", printed[:MAX_PRINTED_CHARACTERS].strip(_EDGES))
    if not link or link[0] == "#":
        return None  # it leads to the feed itself
    link = _INVISIBLE.sub("", link[:_SCHEME_CHARACTERS]) + link[_SCHEME_CHARACTERS:]
    link = _complete(_ESCAPED_AMPERSAND.sub("&", link), base)
    found = clean(link, base)
    if found is None and (bare := _INVISIBLE.sub("", link)) != link:
        return clean(_complete(bare, base), base)
    return found


def _complete(link: str, base: str) -> str:
    """The link with its scheme, if it begins with a host rather than a path."""
    if link[:5].lower() == "feed:":
        link = link[5:].lstrip("/")
        return _complete(link, base) if _SCHEMES.match(link) else f"http://{link}"
    if (schemes := _SCHEMES.match(link)) is None:
        found = _HOST.match(link)
        if found is None or not (_WWW.match(link) or _is_of_site(found.group(1), base)):
            return link
        return f"{base.partition(':')[0] or 'http'}://{link}"
    rest = link[schemes.end() :]
    if schemes.group() in ("http://", "https://") or not _HOST.match(rest):
        return link
    return f"http{schemes.group(1)}://{rest}"


def _is_of_site(host: str, base: str) -> bool:
    if not base:
        return False
    home = _HOST_PREFIX.sub("", _host_of(base))
    name = host.lower().rstrip(".")
    return f".{name}".endswith(f".{home}") or registrable(name) == registrable(base)


def is_read_alike(url: str) -> bool:
    """Whether the URL as written may be requested: its host is the one that ``clean`` gives it.

    False for 127.1, 2130706433 or %31.example, which the standard and Python take for two hosts.
    """
    found = clean(url)
    if found is None:
        return False
    try:
        written = urlsplit(url).hostname or ""
    except ValueError:
        return False
    return not written.isascii() or written == urlsplit(found).hostname


def named_ports(url: str) -> tuple[int, ...]:
    """The explicit port of a URL, as a tuple of one or none: a user who typed it wants it."""
    try:
        port = urlsplit(url).port
    except ValueError:
        return ()
    return () if port is None else (port,)


# asked for when a feed lists it, and again for its page
@cached_by_text(maxsize=1_000, longest=MAX_URL_CHARACTERS)
def key(url: str) -> str:
    """The URL without what differs between URLs of one article: one article, one key.

    Scheme, ``www.`` ``m.`` ``amp.``, default ports, a trailing dot, fragments, tracking parameters,
    ``/amp``, ``/print``, the first page, trailing slashes, percent-encoding, tatweel and zero-width
    characters in the path make no difference. Numbers in queries do: ``?p=123`` identifies an
    article, ``?page=2`` another page of a list. The key of a key is itself.
    """
    found = _key_once(url)
    while _PARTED.search(url) and (again := _key_once(found)) != found:
        found = again  # a mark had stood between two dots, or within an escape
    return found


def _key_once(url: str) -> str:
    """The key, in which dots and escapes may have come together where a mark was taken out."""
    href = _normalize(url if "://" in url else f"http://{url.strip()}")
    if href is None:
        return url
    authority, _, tail = href.partition("#")[0].partition("://")[2].partition("/")
    raw_path, _, raw_query = _unescape_twice(tail).partition("?")
    host = _HOST_PREFIX.sub("", _without_port(authority.rpartition("@")[2]))
    path = _normalize_path(f"/{raw_path}")
    pairs = parse_qsl(raw_query, keep_blank_values=True) if raw_query else []
    kept = sorted(
        {(_normalize_letters(k), _normalize_letters(v)) for k, v in pairs if not _is_tracking(k, v)}
    )
    if len(kept) == 1 and _ARTICLE_PATH.search(path) and not _LISTING.search(path):
        kept = [(k, v) for k, v in kept if k != "page" or not re.fullmatch(r"\d{1,2}", v)]
    return f"{host}{path}" + (f"?{urlencode(kept)}" if kept else "")


def key_without(url_key: str, names: Collection[str]) -> str:
    """A key without the parameters of these names, which say nothing at its site."""
    path, mark, query = url_key.partition("?")
    if not mark or not names:
        return url_key
    pairs, hash_, rest = query.partition("#")
    kept = [p for p in pairs.split("&") if unquote_plus(p.partition("=")[0]) not in names]
    return f"{path}{mark if kept else ''}{'&'.join(kept)}{hash_}{rest}"


def entry_key(url: str, identity: str) -> str:
    """The key of an entry that shares its URL with others, told apart by its identity."""
    return f"{key(url)}#{identity}"


def fragment_of(printed: str) -> str:
    """What stands behind # in a link as printed; "" if nothing does."""
    return (
        printed[:MAX_PRINTED_CHARACTERS].partition("#")[2].strip(_EDGES)[:MAX_FRAGMENT_CHARACTERS]
    )


def with_fragment(url: str, fragment: str) -> str:
    """The URL with what stands behind # in a link; it is shown to people, never asked for."""
    shown = quote(fragment, safe="/?:@!$&'()*+,;=~-._%")
    return f"{url.partition('#')[0]}#{shown}" if shown else url


def _without_port(authority: str) -> str:
    """The host, with the port that its key has: the default ones of the web are none."""
    host, colon, port = authority.rpartition(":")
    if not colon or not port.isdigit():
        return authority.rstrip(".")
    return host.rstrip(".") + (f":{port}" if port not in ("80", "443") else "")


def _unescape_twice(tail: str) -> str:
    """Path and query that were percent-encoded once more than needed, encoded once.

    ``%25D8%25A7`` is the ا of an address that somebody encoded twice; ``%2520`` alone may be meant.
    """
    if "%25" not in tail or not any(map(_is_utf8, _TWICE_ENCODED_RUN.findall(tail))):
        return tail
    return _TWICE_ENCODED.sub(r"%\1", tail)


def _is_utf8(run: str) -> bool:
    try:
        return bool(unquote(_TWICE_ENCODED.sub(r"%\1", run), errors="strict"))
    except UnicodeDecodeError:
        return False


def _normalize_path(raw: str) -> str:
    """The article's path: normalized letters, single slashes, without the suffixes of variants."""
    path = _normalize_letters(raw)
    if "%" in path:
        path = _normalize_letters(_ENCODED.sub(_decode_run, path))
    path = re.sub("/{2,}", "/", path) if "//" in path else path
    path = _PATH_PREFIX.sub("", _SESSION.sub("", path))
    while (shorter := _PATH_SUFFIX.sub("", path)) != path:
        path = shorter
    if (
        (further := _CONTINUED.sub("", path)) != path
        and _ARTICLE_PATH.search(further)
        and not _LISTING.search(path)
    ):
        path = further
    return quote(path, safe="/:@!$&'()*+,;=~-._%")


def _decode_run(run: re.Match[str]) -> str:
    """Percent-encoded bytes as letters; what would change its meaning, or isn't UTF-8, stays
    encoded.
    """
    try:
        letters = unquote(run.group(), errors="strict")
    except UnicodeDecodeError:
        return run.group().upper()
    return "".join(quote(c, safe="") if c in "/%?#;" else c for c in letters)


def _normalize_letters(text: str) -> str:
    if text.isascii():
        return text
    if len(text) > MAX_URL_CHARACTERS:
        return text  # no such address is asked for, and ordering marks takes the square of them
    return _INVISIBLE.sub("", unicodedata.normalize("NFC", text))


def _is_tracking(name: str, value: str) -> bool:
    """Whether a parameter is irrelevant for the article; doubtful names only if they hold no
    long number.
    """
    if not _TRACKING.fullmatch(name):
        return name.lower() == "page" and value == "1"
    return name.lower() not in _MAY_HOLD_ID or not re.fullmatch(r"\d{2,}", value)


def registrable(url_or_host: str) -> str:
    """The registrable domain (``bbc.co.uk``) of a URL or host, without port; IP addresses stay
    as they are. What has no host stays, in lower case.
    """
    host = _host_of(url_or_host if "//" in url_or_host else f"//{url_or_host}")
    return _registrable(host) if host else url_or_host.lower()


# each of a page's addresses is asked for several times
@cached_by_text(maxsize=1_000, longest=MAX_URL_CHARACTERS)
def _host_of(place: str) -> str:
    """The host of a URL, with or without its scheme, as it is asked for; "" if it has none."""
    href = _normalize(place if place[:2] != "//" else f"http:{place}")
    if href is None:
        return ""
    authority = href.partition("://")[2].partition("/")[0].rpartition("@")[2]
    host, colon, port = authority.rpartition(":")
    return (host if colon and port.isdigit() else authority).rstrip(".").strip("[]")


@cache
def _suffixes() -> TLDExtract:
    """Takes hosts apart by the bundled list of public suffixes, and no other."""
    from tldextract import TLDExtract  # here: it imports requests, and a search has no use for it

    return TLDExtract(suffix_list_urls=(), cache_dir=None)


# a few hundred hosts, asked for at every entry
@cached_by_text(maxsize=10_000, longest=MAX_HOST_CHARACTERS)
def _registrable(host: str) -> str:
    found = _suffixes()(host)
    if found.suffix or ":" in host or host.rpartition(".")[2].isdigit():
        return found.top_domain_under_public_suffix or host.lower()
    return ".".join(host.lower().split(".")[-2:])  # the list's rule for what it doesn't name
