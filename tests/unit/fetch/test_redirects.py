"""Redirects are followed as a browser would follow them, and nothing of them is remembered."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from scrapy.http import Request, Response
from scrapy.settings import Settings

from crawler import urls
from crawler.fetch.errors import RedirectMalformedError
from crawler.fetch.middlewares.redirects import MAX_COOKIE_BYTES, Redirects

PAGE = "https://www.gazette.test/a/1"


def following() -> Redirects:
    """The middleware with our limits."""
    redirects = Redirects(Settings({"REDIRECT_MAX_TIMES": 5}))
    redirects.crawler = SimpleNamespace(spider=None)
    return redirects


def led(request: Request, to: str, *cookies: str) -> Request:
    """The next hop after a redirect that sets these cookies."""
    headers: dict[str, Any] = {"Location": to, "Set-Cookie": list(cookies)}
    answer = Response(request.url, status=302, headers=headers)
    followed = following().process_response(request, answer)
    assert isinstance(followed, Request)
    return followed


def cookies_of(request: Request) -> list[str]:
    """The cookies that a request sends, in order."""
    header = (request.headers.get("Cookie") or b"").decode()
    return sorted(filter(None, header.split("; ")))


def test_a_cookie_goes_with_the_next_hops() -> None:
    """A gate sets one and leads back to the same address; a second hop adds another."""
    first = led(Request(PAGE), PAGE, "seen=1; Path=/")
    assert cookies_of(first) == ["seen=1"]
    second = led(first, "/a/1?checked", "checked=2; Path=/a")
    assert cookies_of(second) == ["checked=2", "seen=1"]
    assert cookies_of(led(second, "/a/1", "seen=; Path=/; Max-Age=0")) == ["checked=2"]


def test_a_cookie_ends_with_its_chain() -> None:
    """The next request for the same page is a stranger again."""
    asked = Request(PAGE)
    led(asked, PAGE, "seen=1")
    assert cookies_of(asked) == [] == cookies_of(led(asked, PAGE))


@pytest.mark.parametrize(
    ("to", "cookie", "sent"),
    [
        ("https://www.gazette.test/b", "a=1; Path=/", ["a=1"]),
        ("https://m.gazette.test/a/1", "a=1; Path=/", []),
        ("https://m.gazette.test/a/1", "a=1; Path=/; Domain=gazette.test", ["a=1"]),
        ("https://www.gazette.test/b", "a=1; Path=/private", []),
        ("http://www.gazette.test/b", "a=1; Path=/; Secure", []),
        ("https://www.gazette.test/b", "a=1; Path=/; Domain=other.test", []),
    ],
)
def test_a_cookie_goes_only_where_it_belongs(to: str, cookie: str, sent: list[str]) -> None:
    """RFC 6265: by host, domain, path and scheme."""
    assert cookies_of(led(Request(PAGE), to, cookie)) == sent


def test_cookies_without_end_are_not_carried() -> None:
    """A hostile chain must not make our requests grow."""
    long = "x" * (MAX_COOKIE_BYTES - 100)
    first = led(Request(PAGE), PAGE, f"a={long}")
    assert len(cookies_of(first)) == 1
    assert cookies_of(led(first, PAGE, f"b={long}")) == []
    assert cookies_of(led(Request(PAGE), PAGE, f"a={long}", f"b={long}")) == []


@pytest.mark.parametrize(
    ("to", "url"),
    [
        (b" /a 2 ", "https://www.gazette.test/a%202"),
        (b"\\a\\2", "https://www.gazette.test/a/2"),
        (b"https:\\\\m.gazette.test\\a", "https://m.gazette.test/a"),
        (b"//m.gazette.test/a\tb", "https://m.gazette.test/ab"),
        (b"2/../3", "https://www.gazette.test/a/3"),
        (b"HTTPS://WWW.GAZETTE.TEST:443/A", "https://www.gazette.test/A"),
        ("/خبر".encode(), "https://www.gazette.test/%D8%AE%D8%A8%D8%B1"),
        ("/خبر".encode("windows-1256"), "https://www.gazette.test/%CE%C8%D1"),
        (b"/a?b=c|d", "https://www.gazette.test/a?b=c%7Cd"),
        (b"https://127.0.0.1\\@www.gazette.test/", "https://127.0.0.1/@www.gazette.test/"),
    ],
)
def test_where_a_redirect_leads_is_read_as_links_are(to: bytes, url: str) -> None:
    """M35: what is checked is the address that is asked for, in the form that all parsers read
    alike."""
    answer = Response(PAGE, status=302, headers={"Location": to})
    followed = following().process_response(Request(PAGE), answer)
    assert isinstance(followed, Request) and followed.url == url
    assert urls.is_read_alike(url)


@pytest.mark.parametrize(
    "to",
    [b"//ok@news.test/", b"https://ok:ko@news.test/", b"http://[::1", b"http://127.1/",
     b"http:\\\\2130706433\\", b"http://0x7f\t000001/", b"/" + 3000 * b"x", b"x" * 10_000],
)  # fmt: skip
def test_redirects_to_what_may_not_be_requested_are_not_mended(to: bytes) -> None:
    """S3, S11: user names, hosts that only some parsers read, and what is no address."""
    answer = Response(PAGE, status=302, headers={"Location": to})
    with pytest.raises(RedirectMalformedError):
        following().process_response(Request(PAGE), answer)
