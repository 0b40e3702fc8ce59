"""One identity for all the shapes of an address, and which addresses may be asked at all. Pure.

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

LONGEST = 2000  # characters; servers and Scrapy itself refuse longer ones

_TRACKING = re.compile(
    r"utm_\w+|fbclid|gclid|dclid|msclkid|mc_[ce]id|igshid|_ga|yclid|ref_src|random-post|print|amp|"
    r"outputType|share|fb_\w+|traffic_source|xtor|at_\w+|ns_\w+|spm|cmpid|ocid|smid"
)
_HOST_PREFIX = re.compile(r"^(?:www\d?|m|mobile|amp)\.(?=[^.]+\.)")
_PATH_SUFFIX = re.compile(r"(?:/amp|/index\.(?:html?|php))?/*$")
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f\\]")
_NUMERIC = re.compile(r"[0-9]+|0x[0-9a-f]*")
_INVISIBLE = re.compile("[\u0640\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_suffixes = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)  # the bundled list only


def clean(url: str, base: str = "") -> str | None:
    """An absolute http(s) URL fit to be asked, or None.

    None for other schemes, user names, backslashes, control characters, no or impossible hosts:
    parsers disagree on each of these, and what two parsers read differently is not safe (M35).
    """
    url = url.strip()
    if not url or _FORBIDDEN.search(url):
        return None
    try:
        parts = urlsplit(urljoin(base, url) if base else url)
        port = parts.port
        host = _host(parts.hostname or "")
    except (ValueError, UnicodeError):
        return None
    if parts.scheme.lower() not in ("http", "https") or "@" in parts.netloc or not host:
        return None
    netloc = f"[{host}]" if ":" in host else host
    if port is not None:
        netloc += f":{port}"
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = quote(parts.query, safe="/%:@!$&'()*+,;=~-._?")
    whole = urlunsplit((parts.scheme.lower(), netloc, path, query, ""))
    return whole if len(whole) <= LONGEST else None


def _host(host: str) -> str:
    host = unicodedata.normalize("NFKC", host).replace("。", ".").rstrip(".").lower()
    if not host or ":" in host:
        return host
    if not host.isascii():
        host = host.encode("idna").decode("ascii")
    if _NUMERIC.fullmatch(host.rpartition(".")[2]):
        ipaddress.IPv4Address(host)  # 2130706433, 0x7f.1 and 127.1 are addresses to some parsers
    return host


def key(url: str) -> str:
    """The address without what differs between its shapes: one article, one key.

    Scheme, ``www.``/``m.``, default ports, fragments, tracking parameters, ``/amp``, trailing
    slashes, percent-encoding, tatweel and zero-width characters in the path make no difference.
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return url
    host = _HOST_PREFIX.sub("", _safe_host(parts.hostname or ""))
    if port not in (None, 80, 443):
        host += f":{port}"
    path = _INVISIBLE.sub("", unicodedata.normalize("NFC", unquote(parts.path)))
    path = quote(_PATH_SUFFIX.sub("", re.sub("/{2,}", "/", path)), safe="/:@!$&'()*+,;=~-._")
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    kept = sorted((k, v) for k, v in pairs if not _TRACKING.fullmatch(k))
    return f"{host}{path}" + (f"?{urlencode(kept)}" if kept else "")


def _safe_host(host: str) -> str:
    try:
        return _host(host)
    except ValueError:
        return host.lower()


@lru_cache(maxsize=10_000)  # a few hundred hosts, asked for at every entry
def registrable(url_or_host: str) -> str:
    """The domain one registers (``bbc.co.uk``); addresses and single names stay as they are."""
    host = url_or_host
    if "//" in url_or_host:
        host = _safe_host(urlsplit(url_or_host).hostname or "")
    found = _suffixes(host)
    return found.top_domain_under_public_suffix or host.lower()
