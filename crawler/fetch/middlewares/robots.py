"""robots.txt as RFC 9309 has it, in place of Scrapy's middleware, which parses any status, allows on
every error and forgets at each crawl (R22, R23).

::

    a copy younger than a day ──────────────────────────────────────► judge by it
    else ask ─► 200, its first 500 KiB ─► keep ─────────────────────► judge by it
              ─► other 4xx ───────► keep "there is none" ───────────► allowed
              ─► 200, but a web page ─► the last good copy, if any ─► judge by it
                                     └► keep, it says nothing ──────► allowed
              ─► 5xx, 429, no answer ─► the last good copy, if any ─► judge by it
                                     └► none ─────────────────────► held: the page stays queued

Its requests go through the same guard, host policy and ``Retry-After`` as any other.
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

from crawler.fetch.errors import IN_PROCESS, HostOnHoldError, RefusedError, UrlRefusedError
from crawler.fetch.services import WithServices
from crawler.model import RobotsCopy

MAX_BYTES = 500 * 1024  # RFC 9309 §2.5: parse at least this much; it is also the most we parse
FRESH = timedelta(hours=24)  # RFC 9309 §2.4
LONGEST_DELAY_SECONDS = 60.0  # of crawl-delay: at one page an hour a source would never be read
AGENT = "rasd"


class Rules:
    """What one robots.txt says to us; bytes that are no robots.txt say nothing."""

    def __init__(self, body: bytes) -> None:
        text = body[:MAX_BYTES].removeprefix(b"\xef\xbb\xbf").decode("utf-8", "ignore")
        if len(body) > MAX_BYTES:
            text = text[: text.rfind("\n") + 1]  # half a rule is another rule
        self._parsed = Protego.parse(re.sub(r"[\x00\x0b\x0c\x1c-\x1e\x85\u2028\u2029]", "", text))

    def allows(self, url: str) -> bool:
        """Whether we may ask for this URL: the longest rule that matches decides."""
        return bool(self._parsed.can_fetch(url, AGENT))

    @property
    def delay_seconds(self) -> float:
        """The least time between two requests it asks for; 0 where it asks for none."""
        asked = self._parsed.crawl_delay(AGENT)
        return min(max(float(asked or 0), 0.0), LONGEST_DELAY_SECONDS)


class Robots(WithServices):
    """Downloader middleware: no request goes out that the host's robots.txt forbids."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._known: dict[str, asyncio.Task[Rules]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        robots = cls(crawler)
        crawler.signals.connect(robots.bytes_received, signal=signals.bytes_received)
        return robots

    def bytes_received(self, data: bytes, request: Request, spider: Any) -> None:
        """Hang up on a robots.txt that goes on beyond what is parsed, and take what came (R22)."""
        if request.meta.get("robots"):
            request.meta["robots_bytes"] = request.meta.get("robots_bytes", 0) + len(data)
            if request.meta["robots_bytes"] > MAX_BYTES:
                raise StopDownload(fail=False)

    async def process_request(self, request: Request) -> None:
        """Refused where the rules forbid it, Held where nobody knows them; else slowed to them."""
        if request.meta.get("robots") or request.url.startswith(IN_PROCESS):
            return
        rules = await self._rules(request)
        if not rules.allows(request.url):
            raise RefusedError("robots: forbidden by robots.txt")
        if rules.delay_seconds:
            _, slot = cast("Any", self._crawler.engine).downloader._get_slot(request)
            slot.delay = max(slot.delay, rules.delay_seconds)

    async def _rules(self, request: Request) -> Rules:
        """The rules of the request's origin, fetched once a crawl by a task of their own: a request that
        is cancelled while it waits leaves the others their answer."""
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
        last = self.services.hosts.robots(origin)
        if last is not None and now - last.fetched_at < FRESH:
            return last
        trouble, body = "", b""
        try:
            status, body = await self._fetch(origin, request)
        except RefusedError as error:
            # What leads off the site or round in circles is unavailable (§2.3.1.2), a bomb is not.
            status, body = 404, b""
            if str(error).startswith("too_big"):
                status, trouble = 0, f"robots_unreachable: {error}"
        except (CannotResolveHostError, DownloadConnectionRefusedError) as error:
            if isinstance(error, UrlRefusedError) and last is None:
                raise  # not an address to wait for: it gets its tries and its reason, as a page's own would
            status, trouble = 0, f"unreachable: {error}"
        except HostOnHoldError as error:
            status, trouble = 0, str(error)
        except Exception as error:
            status, trouble = 0, f"robots_unreachable: {type(error).__name__}: {error}"
        if last is not None and last.body and _is_page(body):
            return last  # a maintenance page, a soft 404: the rules that were there still hold
        if status != 429 and 200 <= status < 500:
            copy = RobotsCopy(origin=origin, fetched_at=now, status=status, body=body)
            self.services.hosts.save_robots(copy)
            return copy
        if last is not None:
            return last
        raise HostOnHoldError(
            trouble or f"robots_unreachable: the server said {status} for {origin}/robots.txt"
        )

    async def _fetch(self, origin: str, request: Request) -> tuple[int, bytes]:
        meta = {
            k: v
            for k, v in request.meta.items()
            if k in ("allowed_hosts", "https_only", "source", "ports")
        }
        asked = Request(
            f"{origin}/robots.txt",
            callback=NO_CALLBACK,
            meta={**meta, "robots": True, "download_maxsize": 16 * MAX_BYTES},
            priority=1000,
            dont_filter=True,
        )
        answer = await cast("Any", self._crawler.engine).download_async(asked)
        ok = 200 <= answer.status < 300
        return int(answer.status), answer.body[
            : MAX_BYTES + 1
        ] if ok else b""  # one more tells that it was cut


def _retrieve(task: asyncio.Task[Rules]) -> None:
    """Mark its error as seen: every request for it may have been cancelled."""
    if not task.cancelled():
        task.exception()


def _is_page(body: bytes) -> bool:
    """Whether these bytes are a web page: no robots.txt begins like one."""
    return body[:200].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<"
