"""Clean URLs, and one key for all URLs of an article. Pure.

>>> key("http://www.example.ma/a%d9%84/?utm_source=x#top") == key("https://example.ma/aل")
True
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from functools import lru_cache
from urllib.parse import parse_qsl, quote, unquote, urlencode, urljoin, urlsplit, urlunsplit

import tldextract

MAX_URL_CHARACTERS = 2000  # characters; servers and Scrapy itself refuse longer ones

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
_ENCODED = re.compile("(?:%[0-9a-fA-F]{2})+")
_CONTINUED = re.compile(r"/page/[1-9]\d?$")
# An article's address ends in a slug of several words, a long number or .html; what continues it is
# the same article. A list's does not, or says what it lists: its second page is another page.
_ARTICLE_PATH = re.compile(r"/[^/]*(?:-[^/-]+-[^/-]+-|\d{5})[^/]*$|\.html?$")
_LISTING = re.compile(
    r"/(?:tags?|category|categories|section|topics?|authors?|search|archives?)/", re.IGNORECASE
)
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f\\]")
_NUMERIC = re.compile(r"[0-9]+|0x[0-9a-f]*")
_INVISIBLE = re.compile("[\u0640\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_suffixes = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)  # the bundled list only


def clean(url: str, base: str = "") -> str | None:
    """An absolute http(s) URL that is safe to request, or None.

    None for other schemes, user names, backslashes, control characters and missing or impossible
    hosts: parsers disagree on each of these, and a URL that two parsers read differently is not
    safe (M35).
    """
    url = url.strip()
    if not url or _FORBIDDEN.search(url):
        return None
    try:
        parts = urlsplit(urljoin(base, url) if base else url)
        port = parts.port
        host = _normalize_host(parts.hostname or "")
    except (ValueError, UnicodeError):
        return None
    ours = base.startswith("canary:") and parts.scheme == "canary"  # only inside our own feed
    if not (ours or parts.scheme.lower() in ("http", "https")) or "@" in parts.netloc or not host:
        return None
    netloc = f"[{host}]" if ":" in host else host
    if port is not None:
        netloc += f":{port}"
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = quote(parts.query, safe="/%:@!$&'()*+,;=~-._?")
    whole = urlunsplit((parts.scheme.lower(), netloc, path, query, ""))
    return whole if len(whole) <= MAX_URL_CHARACTERS else None


@lru_cache(maxsize=10_000)  # a few hundred hosts, asked for at every entry
def _normalize_host(host: str) -> str:
    host = unicodedata.normalize("NFKC", host).replace("。", ".").rstrip(".").lower()
    if not host or ":" in host:
        return host
    if not host.isascii():
        host = host.encode("idna").decode("ascii")
    if _NUMERIC.fullmatch(host.rpartition(".")[2]):
        ipaddress.IPv4Address(host)  # 2130706433, 0x7f.1 and 127.1 are addresses to some parsers
    return host


def named_ports(url: str) -> tuple[int, ...]:
    """The explicit port of a URL, as a tuple of one or none: a user who typed it wants it."""
    try:
        port = urlsplit(url).port
    except ValueError:
        return ()
    return () if port is None else (port,)


def key(url: str) -> str:
    """The URL without what differs between URLs of one article: one article, one key.

    Scheme, ``www.`` ``m.`` ``amp.``, default ports, a trailing dot, fragments, tracking parameters,
    ``/amp``, ``/print``, the first page, trailing slashes, percent-encoding, tatweel and zero-width
    characters in the path make no difference. Numbers in queries do: ``?p=123`` identifies an
    article, ``?page=2`` another page of a list. The key of a key is itself.
    """
    try:
        parts = urlsplit(url.strip() if "://" in url else f"//{url.strip()}")
        port = parts.port
    except ValueError:
        return url
    host = _HOST_PREFIX.sub("", _normalize_host_or_lower(parts.hostname or ""))
    if ":" in host:
        host = f"[{host}]"
    if port not in (None, 80, 443):
        host += f":{port}"
    path = _normalize_path(parts.path)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    kept = sorted(
        {(_normalize_letters(k), _normalize_letters(v)) for k, v in pairs if not _is_tracking(k, v)}
    )
    if len(kept) == 1 and _ARTICLE_PATH.search(path) and not _LISTING.search(path):
        kept = [(k, v) for k, v in kept if k != "page" or not re.fullmatch(r"\d{1,2}", v)]
    return f"{host}{path}" + (f"?{urlencode(kept)}" if kept else "")


def _normalize_path(raw: str) -> str:
    """The article's path: normalized letters, single slashes, without the suffixes of variants."""
    path = re.sub(
        "/{2,}", "/", _normalize_letters(_ENCODED.sub(_decode_run, _normalize_letters(raw)))
    )
    path = _PATH_PREFIX.sub("", path)
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
    return _INVISIBLE.sub("", unicodedata.normalize("NFC", text))


def _is_tracking(name: str, value: str) -> bool:
    """Whether a parameter is irrelevant for the article; doubtful names only if they hold no
    long number.
    """
    if not _TRACKING.fullmatch(name):
        return name.lower() == "page" and value == "1"
    return name.lower() not in _MAY_HOLD_ID or not re.fullmatch(r"\d{2,}", value)


def _normalize_host_or_lower(host: str) -> str:
    try:
        return _normalize_host(host)
    except ValueError:
        return host.lower()


def registrable(url_or_host: str) -> str:
    """The registrable domain (``bbc.co.uk``) of a URL or host, without port; IP addresses stay
    as they are.
    """
    place = url_or_host if "//" in url_or_host else f"//{url_or_host}"
    return _registrable(_normalize_host_or_lower(urlsplit(place).hostname or ""))


@lru_cache(maxsize=10_000)  # a few hundred hosts, asked for at every entry
def _registrable(host: str) -> str:
    found = _suffixes(host)
    return found.top_domain_under_public_suffix or host.lower()
