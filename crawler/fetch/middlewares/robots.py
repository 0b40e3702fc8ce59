"""Honours robots.txt (RFC 9309), in place of Scrapy's middleware, which parses any status, allows
everything after an error and keeps nothing from one crawl to the next (R22, R23).

::

    a copy younger than a day ────────────────────────────────────────► its rules
    the same, older than an hour and forbidding the request ─► fetch
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
import codecs
import re
from datetime import datetime, timedelta
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
from crawler.fetch.response import is_whole
from crawler.fetch.services import WithServices
from crawler.model import RobotsCopy

MAX_ROBOTS_BYTES = 500 * 1024  # RFC 9309 §2.5: parse at least this much; we parse no more
MAX_COPY_AGE = timedelta(hours=24)  # RFC 9309 §2.4
MAX_REFUSAL_AGE = timedelta(hours=1)  # a site that shut itself for an hour is not left for a day
MAX_CRAWL_DELAY_SECONDS = 60.0  # of crawl-delay: at one page an hour a source would never be read
USER_AGENT_TOKEN = "rasd"


class Rules:
    """The rules of one robots.txt for our user agent; bytes that are no robots.txt have none.

    ``as_of`` is when they were fetched, or when that was last tried; None if that is not known.
    """

    def __init__(self, body: bytes, *, as_of: datetime | None = None) -> None:
        self.as_of = as_of
        text = body[:MAX_ROBOTS_BYTES].decode(_encoding(body), "ignore")
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
        if not rules.allows(request.url) and self._is_old(rules):
            rules = await self._rules(request, in_place_of=rules)
        if not rules.allows(request.url):
            raise RobotsForbiddenError("forbidden by robots.txt")
        if rules.delay_seconds:
            downloader = cast("Any", self._crawler.engine).downloader
            slow_down(downloader, request, rules.delay_seconds)

    def _is_old(self, rules: Rules) -> bool:
        """Whether rules that forbid a request may be others by now."""
        return rules.as_of is not None and self.services.clock() - rules.as_of >= MAX_REFUSAL_AGE

    async def _rules(self, request: Request, in_place_of: Rules | None = None) -> Rules:
        """The rules of the request's origin, fetched once a crawl by a task of their own: a request
        that is cancelled while it waits leaves the others their answer. Rules that are
        ``in_place_of`` old ones are fetched once more."""
        parts = urlsplit(request.url)
        origin = f"{parts.scheme}://{parts.netloc}"
        known, max_age = self._known.get(origin), MAX_COPY_AGE
        if known is not None and in_place_of is not None and _is_result(known, in_place_of):
            known, max_age = None, MAX_REFUSAL_AGE
        if known is None or known.cancelled():
            known = asyncio.create_task(self._load(origin, request, max_age))
            self._known[origin] = known
            known.add_done_callback(_retrieve)
        await asyncio.wait([known])
        if not known.cancelled() and (error := known.exception()) is not None:
            raise error.with_traceback(None)  # it would grow with every request that is refused
        return known.result()

    async def _load(self, origin: str, request: Request, max_age: timedelta) -> Rules:
        now = self.services.clock()
        last = await asyncio.to_thread(self.services.hosts.robots, origin)
        if last is not None and now - last.fetched_at < max_age:
            return Rules(last.body, as_of=last.fetched_at)
        return Rules((await self._copy(origin, request, last, now)).body, as_of=now)

    async def _copy(
        self, origin: str, request: Request, last: RobotsCopy | None, now: datetime
    ) -> RobotsCopy:
        status, body, whole = 0, b"", True
        trouble: HostOnHoldError | None = None
        try:
            status, body, whole = await self._fetch(origin, request)
        except TooBigError as error:
            trouble = RobotsUnreachableError(str(error))
        except RefusedError:
            # What leads off the site or in circles is unavailable (§2.3.1.2): nothing is forbidden.
            status, whole = 404, False
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
        if last is not None and last.body and (_is_page(body) or not whole or status == 304):
            return last  # a host under maintenance, a broken transfer: the last rules still hold
        if status != 429 and 200 <= status < 500:
            copy = RobotsCopy(origin=origin, fetched_at=now, status=status, body=body)
            self.services.hosts.save_robots(copy)
            return copy
        if last is not None:
            return last
        raise trouble or RobotsUnreachableError(f"the server said {status} for {origin}/robots.txt")

    async def _fetch(self, origin: str, request: Request) -> tuple[int, bytes, bool]:
        """(status, body, whether it is all of it)."""
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
        if not 200 <= answer.status < 300:
            return int(answer.status), b"", True
        whole = is_whole(answer)
        # A rule cut in half is another rule. One byte more than the limit shows that it was cut.
        end = None if whole else answer.body.rfind(b"\n") + 1
        return int(answer.status), answer.body[:end][: MAX_ROBOTS_BYTES + 1], whole


def slow_down(downloader: Any, request: Request, seconds: float) -> None:
    """Have Scrapy's downloader wait at least so long between two requests to this request's
    host."""
    _, slot = downloader._get_slot(request)
    slot.delay = max(slot.delay, seconds)


def _retrieve(task: asyncio.Task[Rules]) -> None:
    """Mark its error as seen: every request for it may have been cancelled."""
    if not task.cancelled():
        task.exception()


def _is_result(task: asyncio.Task[Rules], rules: Rules) -> bool:
    """Whether a task has ended with these rules."""
    ended = task.done() and not task.cancelled() and task.exception() is None
    return ended and task.result() is rules


def _encoding(body: bytes) -> str:
    """UTF-8, as RFC 9309 has it, or the UTF-16 of an editor that saves so."""
    if body[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return "utf-16"
    start = body[:64]
    if start and start.count(0) * 3 > len(start):
        return "utf-16-be" if start[0] == 0 else "utf-16-le"
    return "utf-8-sig"


def _is_page(body: bytes) -> bool:
    """Whether these bytes are a web page, not a robots.txt."""
    return body[:200].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<"
