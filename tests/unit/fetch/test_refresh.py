"""Pages that only lead elsewhere are followed like redirects; no others are."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from scrapy.http import Request, Response
from scrapy.settings import Settings

from crawler.fetch.errors import RedirectLimitError
from crawler.fetch.middlewares.refresh import Refresh

PAGE, TARGET = "https://gazette.test/go/1", "https://gazette.test/a/1"


def following() -> Refresh:
    """The middleware with our limits."""
    refresh = Refresh(Settings({"REDIRECT_MAX_TIMES": 5}))
    refresh.crawler = SimpleNamespace(spider=None)
    return refresh


def led(
    body: str,
    asked: Request | None = None,
    headers: dict[str, Any] | None = None,
    status: int = 200,
) -> str | None:
    """Where the page leads; None if it is taken as it is."""
    request = asked or Request(PAGE)
    plain = {"Content-Type": "text/html; charset=utf-8", **(headers or {})}
    response = Response(request.url, status=status, headers=plain, body=body.encode())
    followed = following().process_response(request, response)
    return followed.url if isinstance(followed, Request) else None


META = "<meta http-equiv='refresh' content='0; url=/a/1'>"
SCRIPT = "<script>location.replace('/a/1')</script>"


@pytest.mark.parametrize(
    "body",
    [
        META,
        f"<title>Un instant</title>{META}<p>La page va s'afficher.</p>",
        SCRIPT,
        "<meta http-equiv='refresh' content='0; url=https:\\\\gazette.test\\a/1'>",
        f"<html><body>{SCRIPT}</body></html>",
        "<p>يتم تحويلك إلى الخبر، <a href='/a/1'>اضغط هنا</a> إن طال الانتظار</p>",
        "<p>You are being redirected. <a href='https://gazette.test/a/1'>Go on</a></p>",
        "<p>Vous allez être redirigé : <a href='#'>x</a><a href='/a/1'>suivre</a></p>",
    ],
)
def test_a_page_that_leads_elsewhere_is_followed(body: str) -> None:
    """By its meta element, by its script, by the one link that it offers."""
    assert led(body) == TARGET


def test_a_refresh_header_is_followed() -> None:
    """Also on a page without a body."""
    assert led("", headers={"Refresh": "1; url=/a/1"}) == TARGET


@pytest.mark.parametrize(
    "body",
    [
        META + "<p>" + "Le port a rouvert mardi, après trois semaines de travaux. " * 9,
        "<meta http-equiv='refresh' content='300; url=/a/1'>",
        "<meta http-equiv='refresh' content='5'>",
        "<meta http-equiv='refresh' content='0; url=/go/1'>",
        "<meta http-equiv='refresh' content='0; url=file:///etc/passwd'>",
        "<meta http-equiv='refresh' content='0; url=javascript:alert(1)'>",
        "<meta http-equiv='refresh' content='0; url=http://127.1/'>",
        "<meta http-equiv='refresh' content='0; url=http://a@evil.test/'>",
        "<meta http-equiv='refresh' content='0; url=http://[evil/'>",
        "<p>You are being redirected. <a href='/a'>One</a> <a href='/b'>Two</a></p>",
        "<p>Lire <a href='/a/1'>la suite</a></p>",
    ],
)
def test_other_pages_are_taken_as_they_are(body: str) -> None:
    """What shows a text, waits, leads to itself, off the web or nowhere for certain."""
    assert led(body) is None


def test_only_pages_that_were_shown_are_followed() -> None:
    """Not an error's page, not a robots.txt, not a script."""
    assert led(META, status=404) is None
    assert led(META, Request(PAGE, meta={"robots": True})) is None
    assert led(SCRIPT, headers={"Content-Type": "application/javascript"}) is None


def test_a_page_that_sets_a_cookie_may_lead_to_itself() -> None:
    """It looks whether the cookie comes back."""
    gate = "<meta http-equiv='refresh' content='0; url=/go/1'>"
    asked = Request(PAGE)
    headers = {"Content-Type": "text/html", "Set-Cookie": "seen=1; Path=/"}
    response = Response(PAGE, headers=headers, body=gate.encode())
    followed = following().process_response(asked, response)
    assert isinstance(followed, Request)
    assert (followed.url, followed.headers["Cookie"]) == (PAGE, b"seen=1")


def test_pages_without_end_are_not_followed() -> None:
    """They count as redirects, with those before them."""
    asked = Request(PAGE, meta={"redirect_times": 5, "redirect_ttl": 0})
    with pytest.raises(RedirectLimitError):
        led(META, asked)
