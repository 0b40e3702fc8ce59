"""robots.txt is read as RFC 9309 has it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
)
from scrapy.http import Request, Response, TextResponse

from crawler.fetch import errors
from crawler.fetch.errors import (
    FetchError,
    HostOnHoldError,
    RefusedError,
    RobotsUnreachableError,
)
from crawler.fetch.failures import cause_of
from crawler.fetch.middlewares.robots import Robots, Rules
from crawler.model import Reason, RobotsCopy
from tests.builders import NOW
from tests.examples import examples

SITE = "http://news.test"


@pytest.mark.parametrize(
    ("body", "path", "allowed"),
    [
        (b"User-agent: *\nDisallow: /a", "/a/b", False),
        (b"User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b", True),  # the longest rule
        (
            b"User-agent: *\nDisallow: /a\nAllow: /a",
            "/a",
            True,
        ),  # equally long: the least restrictive
        (b"User-agent: *\nDisallow: /*.php$", "/x.php", False),
        (b"User-agent: *\nDisallow: /*.php$", "/x.php?y", True),
        (b"User-agent: rasd\nDisallow: /\n\nUser-agent: *\nAllow: /", "/x", False),
        (b"User-agent: RASD\nDisallow: /", "/x", False),
        (b"User-agent: *\nDisallow: /\n\nUser-agent: rasd\nDisallow: /y", "/x", True),
        (b"\xef\xbb\xbfUser-agent: *\nDisallow: /x", "/x", False),  # a byte order mark
        (b"User-agent: *\r\nDisallow: /%D8%A3", "/\u0623", False),
        (b"User-agent: *\nDisallow:", "/x", True),
        (b"", "/x", True),
        (b"<!doctype html><p>Not found</p>", "/x", True),  # R23: HTML says nothing
        (b"\x00\xff\xfe\x01", "/x", True),
        ("User-agent: *\nDisallow: /x".encode("utf-16"), "/x", False),
        ("User-agent: *\nDisallow: /x".encode("utf-16-be"), "/x", False),
        ("User-agent: *\nDisallow: /x".encode("utf-16-le"), "/y", True),
    ],
)
def test_the_longest_rule_decides(body: bytes, path: str, allowed: bool) -> None:
    """RFC 9309 §2.2.2; our own group in place of the common one."""
    assert Rules(body).allows(SITE + path) is allowed


@pytest.mark.parametrize(
    ("asked", "got"),
    [
        ("5", 5.0),
        ("0.5", 0.5),
        ("86400", 60.0),
        ("-3", 0.0),
        ("soon", 0.0),
        ("nan", 0.0),
        ("inf", 0.0),
    ],
)
def test_crawl_delay_is_a_wish_within_limits(asked: str, got: float) -> None:
    """At one page an hour a source would never be read."""
    assert Rules(f"User-agent: *\nCrawl-delay: {asked}\n".encode()).delay_seconds == got


@settings(max_examples=examples(60), deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_break_it(body: bytes) -> None:
    """Whatever a server calls robots.txt."""
    rules = Rules(b"User-agent: *\n" + body)
    assert rules.allows(SITE + "/x") in (True, False)
    assert 0 <= rules.delay_seconds <= 60


class NoHosts:
    """An archive that knows no robots.txt yet, or one; ``robots`` fails in its stead."""

    def __init__(self, error: Exception | None = None, copy: RobotsCopy | None = None) -> None:
        self.error, self.copy = error, copy
        self.readers: list[threading.Thread] = []

    def robots(self, origin: str) -> RobotsCopy | None:
        self.readers.append(threading.current_thread())
        if self.error is not None:
            raise self.error
        return self.copy

    def save_robots(self, copy: RobotsCopy) -> None:
        self.copy = copy


def middleware(
    download: Callable[[Request], Awaitable[Response]],
    error: Exception | None = None,
    copy: RobotsCopy | None = None,
) -> Robots:
    """The middleware, its requests answered by ``download``."""
    services = SimpleNamespace(hosts=NoHosts(error, copy), clock=lambda: NOW)
    engine = SimpleNamespace(download_async=download)
    return Robots(SimpleNamespace(services=services, engine=engine))


def test_the_archive_is_not_read_on_the_loop_s_thread() -> None:
    """A database that is slow to answer delays this page, and no other download."""

    async def download(request: Request) -> Response:
        return TextResponse(request.url, body=b"")

    robots = middleware(download)
    asyncio.run(robots.process_request(Request(f"{SITE}/a")))
    (reader,) = robots.services.hosts.readers  # type: ignore[attr-defined]
    assert reader is not threading.current_thread()


def test_a_cancelled_request_leaves_nobody_waiting() -> None:
    """The first request of a host is cancelled while robots.txt is on its way: the second gets the
    rules, from the same download."""
    asked: list[str] = []

    async def requests() -> None:
        answer: asyncio.Future[Response] = asyncio.get_running_loop().create_future()

        async def download(request: Request) -> Response:
            asked.append(request.url)
            return await answer

        robots = middleware(download)
        first, second = (
            asyncio.create_task(robots.process_request(Request(f"{SITE}/{n}"))) for n in (1, 2)
        )
        while not asked:
            await asyncio.sleep(0)
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        answer.set_result(TextResponse(f"{SITE}/robots.txt", body=b"User-agent: *\nDisallow: /2"))
        with pytest.raises(RefusedError, match="forbidden by"):
            await asyncio.wait_for(second, 30)
        await asyncio.wait_for(robots.process_request(Request(f"{SITE}/3")), 30)

    asyncio.run(requests())
    assert asked == [f"{SITE}/robots.txt"]


class TwoPartError(Exception):
    """Like many libraries' errors, made from other arguments than it keeps."""

    def __init__(self, what: str, number: int) -> None:
        super().__init__(f"{what} number {number}")


def test_an_error_keeps_its_type_and_message() -> None:
    """Every request that waits for the same robots.txt gets the error itself, not one made of its
    arguments; its traceback does not grow from one to the next."""

    async def download(request: Request) -> Response:
        raise AssertionError("not reached")

    async def requests() -> list[tuple[str, int]]:
        robots = middleware(download, TwoPartError("disk", 7))
        seen = []
        for path in "abc":
            with pytest.raises(TwoPartError) as caught:
                await robots.process_request(Request(f"{SITE}/{path}"))
            seen.append((str(caught.value), len(caught.traceback)))
        return seen

    seen = asyncio.run(requests())
    assert [message for message, _ in seen] == ["disk number 7"] * 3
    assert seen[1] == seen[2]


@pytest.mark.parametrize(
    ("error", "raised", "reason"),
    [
        (errors.TooBigError("over 9 bytes"), RobotsUnreachableError, "robots_unreachable"),
        (DownloadTimeoutError("it took too long"), RobotsUnreachableError, "robots_unreachable"),
        (CannotResolveHostError("no such name"), HostOnHoldError, "unreachable"),
        (DownloadConnectionRefusedError("refused"), HostOnHoldError, "unreachable"),
        (errors.UntrustedCertificateError("expired"), HostOnHoldError, "tls_error"),
        (HostOnHoldError("x asked for time"), HostOnHoldError, "held"),
        (errors.UrlRefusedError("x leads inside"), errors.UrlRefusedError, "ssrf_blocked"),
    ],
)
def test_why_there_is_no_robots_txt_is_why_the_page_waits(
    error: Exception, raised: type[FetchError], reason: Reason
) -> None:
    """R23: each failure keeps its reason, whatever its message says."""

    async def download(request: Request) -> Response:
        raise error

    with pytest.raises(raised) as caught:
        asyncio.run(middleware(download).process_request(Request(f"{SITE}/a")))
    assert caught.value.reason == cause_of(caught.value).reason == reason


def test_a_robots_txt_that_leads_away_forbids_nothing() -> None:
    """RFC 9309 §2.3.1.2: unavailable, so everything may be requested."""

    async def download(request: Request) -> Response:
        raise errors.OffsiteRedirectError("too_big: robots_unreachable")

    assert asyncio.run(middleware(download).process_request(Request(f"{SITE}/a"))) is None


def test_a_robots_txt_that_leads_away_for_a_while_changes_no_rule() -> None:
    """A site under maintenance sends everything to another host; a 304 says nothing new either."""

    async def away(request: Request) -> Response:
        raise errors.OffsiteRedirectError("maintenance.test is no host of the source")

    async def unmodified(request: Request) -> Response:
        return TextResponse(request.url, status=304)

    old = RobotsCopy(origin=SITE, fetched_at=NOW - timedelta(days=2), status=200, body=OPEN)
    for download in (away, unmodified):
        robots = middleware(download, copy=old)
        with pytest.raises(RefusedError, match="forbidden by"):
            asyncio.run(robots.process_request(Request(f"{SITE}/admin")))


def test_an_error_of_the_server_is_no_permission() -> None:
    """R23: 5xx and 429 without a copy hold the page."""
    for status in (500, 503, 429):

        async def download(request: Request, status: int = status) -> Response:
            return TextResponse(request.url, status=status)

        with pytest.raises(RobotsUnreachableError, match=f"the server said {status}"):
            asyncio.run(middleware(download).process_request(Request(f"{SITE}/a")))


SHUT, OPEN = b"User-agent: *\nDisallow: /\n", b"User-agent: *\nDisallow: /admin\n"


@pytest.mark.parametrize(
    ("minutes", "answer", "allowed", "asked"),
    [
        (10, OPEN, False, 0),  # trusted for an hour
        (90, OPEN, True, 1),
        (90, SHUT, False, 1),  # and not asked for by every page of the crawl
        (90, None, False, 1),  # it cannot be had: the last rules hold
    ],
)
def test_rules_that_forbid_are_asked_for_again_after_an_hour(
    minutes: int, answer: bytes | None, allowed: bool, asked: int
) -> None:
    """A site that shuts itself for a while is not left alone for a day."""
    requests: list[str] = []

    async def download(request: Request) -> Response:
        requests.append(request.url)
        return TextResponse(request.url, status=200 if answer else 500, body=answer or b"")

    before = NOW - timedelta(minutes=minutes)
    shut = RobotsCopy(origin=SITE, fetched_at=before, status=200, body=SHUT)
    robots = middleware(download, copy=shut)

    async def crawl() -> list[bool]:
        paths = [robots.process_request(Request(f"{SITE}/{n}")) for n in range(3)]
        return [error is None for error in await asyncio.gather(*paths, return_exceptions=True)]

    assert asyncio.run(crawl()) == [allowed] * 3
    assert len(requests) == asked


def test_rules_that_allow_are_trusted_for_a_day() -> None:
    """RFC 9309 §2.4; only a refusal is doubted sooner."""

    async def download(request: Request) -> Response:
        raise AssertionError("asked again")

    copy = RobotsCopy(origin=SITE, fetched_at=NOW - timedelta(hours=23), status=200, body=OPEN)
    robots = middleware(download, copy=copy)
    assert asyncio.run(robots.process_request(Request(f"{SITE}/a"))) is None


@pytest.mark.parametrize(("flags", "forbidden"), [([], True), (["dataloss"], False)])
def test_a_rule_that_is_cut_in_half_is_no_rule(flags: list[str], forbidden: bool) -> None:
    """``Disallow: /a`` may be the beginning of ``/admin``; the lines before it count."""

    async def download(request: Request) -> Response:
        body = b"User-agent: *\nDisallow: /b\nDisallow: /a"
        return TextResponse(request.url, body=body, flags=flags)

    robots = middleware(download)

    async def crawl() -> list[bool]:
        paths = [robots.process_request(Request(f"{SITE}/{path}")) for path in "ab"]
        return [error is not None for error in await asyncio.gather(*paths, return_exceptions=True)]

    assert asyncio.run(crawl()) == [forbidden, True]
