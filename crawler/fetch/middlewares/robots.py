"""Honours robots.txt (RFC 9309), in place of Scrapy's middleware, which parses any status, allows
everything after an error and keeps nothing from one crawl to the next (R22, R23).

::

    a copy younger than a day ────────────────────────────────────────► its rules
    else fetch ─► 200: its first 500 KiB ─► save ─────────────────────► its rules
               ─► other 4xx ──────────────► save an empty one ────────► allowed
               ─► 200, but a web page ────► the last good copy, if any ► its rules
                                         └► save, it has no rules ────► allowed
               ─► 5xx, 429, no response ──► the last good copy, if any ► its rules
                                         └► none ────────────────────► on hold: the page waits

Order 100: the last check before a request is sent. Requests for robots.txt pass the same URL
policy, ``Retry-After`` and SSRF guard as any other.
"""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from typing import Any, Self, cast
from urllib.parse import urlsplit

from protego import Protego
from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError, DownloadConnectionRefusedError, StopDownload
from scrapy.http import Request
from scrapy.http.request import NO_CALLBACK

from crawler.fetch.errors import (
    IN_PROCESS_SCHEME,
    HostOnHoldError,
    HostUnreachableError,
    HostUntrustedError,
    RefusedError,
    RobotsForbiddenError,
    RobotsUnreachableError,
    TooBigError,
    UntrustedCertificateError,
    UrlRefusedError,
)
from crawler.fetch.services import WithServices
from crawler.model import RobotsCopy

MAX_ROBOTS_BYTES = 500 * 1024  # RFC 9309 §2.5: parse at least this much; we parse no more
MAX_COPY_AGE = timedelta(hours=24)  # RFC 9309 §2.4
MAX_CRAWL_DELAY_SECONDS = 60.0  # of crawl-delay: at one page an hour a source would never be read
USER_AGENT_TOKEN = "rasd"


class Rules:
    """The rules of one robots.txt for our user agent; bytes that are no robots.txt have none."""

    def __init__(self, body: bytes) -> None:
        text = body[:MAX_ROBOTS_BYTES].removeprefix(b"\xef\xbb\xbf").decode("utf-8", "ignore")
        if len(body) > MAX_ROBOTS_BYTES:
            text = text[: text.rfind("\n") + 1]  # a rule cut in half is another rule
        self._parsed = Protego.parse(re.sub(r"[\x00\x0b\x0c\x1c-\x1e\x85\u2028\u2029]", "", text))

    def allows(self, url: str) -> bool:
        """Whether this URL may be requested: the longest rule that matches decides."""
        return bool(self._parsed.can_fetch(url, USER_AGENT_TOKEN))

    @property
    def delay_seconds(self) -> float:
        """The crawl-delay in seconds, at most MAX_CRAWL_DELAY_SECONDS; 0 if there is none."""
        asked = self._parsed.crawl_delay(USER_AGENT_TOKEN)
        return min(max(float(asked or 0), 0.0), MAX_CRAWL_DELAY_SECONDS)


class Robots(WithServices):
    """Downloader middleware: sends no request that the host's robots.txt forbids."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._known: dict[str, asyncio.Task[Rules]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        robots = cls(crawler)
        crawler.signals.connect(robots.bytes_received, signal=signals.bytes_received)
        return robots

    def bytes_received(self, data: bytes, request: Request, spider: Any) -> None:
        """End the download of a robots.txt that is longer than what is parsed; keep what came
        (R22)."""
        if request.meta.get("robots"):
            request.meta["robots_bytes"] = request.meta.get("robots_bytes", 0) + len(data)
            if request.meta["robots_bytes"] > MAX_ROBOTS_BYTES:
                raise StopDownload(fail=False)

    async def process_request(self, request: Request) -> None:
        """RefusedError if the rules forbid the request, HostOnHoldError if they cannot be fetched;
        otherwise keep to their crawl-delay."""
        if request.meta.get("robots") or request.url.startswith(IN_PROCESS_SCHEME):
            return
        rules = await self._rules(request)
        if not rules.allows(request.url):
            raise RobotsForbiddenError("forbidden by robots.txt")
        if rules.delay_seconds:
            downloader = cast("Any", self._crawler.engine).downloader
            slow_down(downloader, request, rules.delay_seconds)

    async def _rules(self, request: Request) -> Rules:
        """The rules of the request's origin, fetched once a crawl by a task of their own: a request
        that is cancelled while it waits leaves the others their answer."""
        parts = urlsplit(request.url)
        origin = f"{parts.scheme}://{parts.netloc}"
        known = self._known.get(origin)
        if known is None or known.cancelled():
            known = self._known[origin] = asyncio.create_task(self._load(origin, request))
            known.add_done_callback(_retrieve)
        await asyncio.wait([known])
        if not known.cancelled() and (error := known.exception()) is not None:
            raise error.with_traceback(None)  # it would grow with every request that is refused
        return known.result()

    async def _load(self, origin: str, request: Request) -> Rules:
        return Rules((await self._copy(origin, request)).body)

    async def _copy(self, origin: str, request: Request) -> RobotsCopy:
        now = self.services.clock()
        last = await asyncio.to_thread(self.services.hosts.robots, origin)
        if last is not None and now - last.fetched_at < MAX_COPY_AGE:
            return last
        status, body = 0, b""
        trouble: HostOnHoldError | None = None
        try:
            status, body = await self._fetch(origin, request)
        except TooBigError as error:
            trouble = RobotsUnreachableError(str(error))
        except RefusedError:
            status = 404  # what leads off the site or in circles is unavailable (§2.3.1.2)
        except (CannotResolveHostError, DownloadConnectionRefusedError) as error:
            if isinstance(error, UrlRefusedError) and last is None:
                raise  # no host to wait for: the page fails with this reason, as for its own URL
            trouble = HostUnreachableError(str(error))
        except HostOnHoldError as error:
            trouble = error
        except UntrustedCertificateError as error:
            trouble = HostUntrustedError(f"robots.txt: {error}")
        except Exception as error:
            trouble = RobotsUnreachableError(f"{type(error).__name__}: {error}")
        if last is not None and last.body and _is_page(body):
            return last  # a maintenance page or a soft 404: the last rules still hold
        if status != 429 and 200 <= status < 500:
            copy = RobotsCopy(origin=origin, fetched_at=now, status=status, body=body)
            self.services.hosts.save_robots(copy)
            return copy
        if last is not None:
            return last
        raise trouble or RobotsUnreachableError(f"the server said {status} for {origin}/robots.txt")

    async def _fetch(self, origin: str, request: Request) -> tuple[int, bytes]:
        meta = {
            k: v
            for k, v in request.meta.items()
            if k in ("allowed_hosts", "https_only", "source", "ports")
        }
        asked = Request(
            f"{origin}/robots.txt",
            callback=NO_CALLBACK,
            meta={**meta, "robots": True, "download_maxsize": 16 * MAX_ROBOTS_BYTES},
            priority=1000,
            dont_filter=True,
        )
        answer = await cast("Any", self._crawler.engine).download_async(asked)
        ok = 200 <= answer.status < 300
        # One byte more than the limit shows that it was cut.
        return int(answer.status), answer.body[: MAX_ROBOTS_BYTES + 1] if ok else b""


def slow_down(downloader: Any, request: Request, seconds: float) -> None:
    """Have Scrapy's downloader wait at least so long between two requests to this request's
    host."""
    _, slot = downloader._get_slot(request)
    slot.delay = max(slot.delay, seconds)


def _retrieve(task: asyncio.Task[Rules]) -> None:
    """Mark its error as seen: every request for it may have been cancelled."""
    if not task.cancelled():
        task.exception()


def _is_page(body: bytes) -> bool:
    """Whether these bytes are a web page, not a robots.txt."""
    return body[:200].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<"
