"""How fast, how cheap, how punctual: rasd beside bare Scrapy on the same local papers.

::

    python -m benchmarks.poll                     # pages a second, CPU of a nothing-new poll
    python -m benchmarks.poll --twice --sources 500   # by each way 20,000 items once, and the
    second round no page
    python -m benchmarks.poll --hour --faster 10  # 10,000 feeds every 15 minutes, an hour in six
    minutes

All servers stand on 127.0.0.2 and up. Each measurement is a process of its own; bare Scrapy fetches
the same pages of the same papers at the same concurrency, and does nothing with them.

The hour: every feed answers 304 and is due every 15 minutes, the daemon ticks every 5 s as in life;
``--faster N`` divides the interval by N, so that N times the work is done a second and four
intervals are over N times sooner; ``--faster 1 --intervals 1`` is a quarter of an hour in true
time. Lateness is the time from ``next_poll_at`` to the poll's start, in seconds of the clock on
the wall, after the first interval or minute, whichever is shorter.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import resource
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

ADDRESSES = 8
CONCURRENT = 32
WAYS: dict[str, dict[str, Any]] = {  # of finding: where, and what a seed file would say beside it
    "feed": {"path": "feed"},
    "sitemap": {"path": "sitemap.xml"},
    "section": {"path": "latest", "links": "a.story"},
    "wordpress": {"path": "wp-json/wp/v2/posts"},
}
WARM_SECONDS = (
    60.0  # of the hour, in which lateness is not counted yet: workers start, libraries load
)
PROJECT = Path(__file__).resolve().parents[1]


def main() -> None:
    """Measure, print, and say which promises hold."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sources", type=int, default=100)
    parser.add_argument("--hour", action="store_true")
    parser.add_argument("--twice", action="store_true")
    parser.add_argument(
        "--rounds",
        type=int,
        default=3,
        help="the median of so many, each beside its own bare Scrapy",
    )
    parser.add_argument("--feeds", type=int, default=10_000)
    parser.add_argument("--faster", type=float, default=10.0)
    parser.add_argument("--intervals", type=float, default=4.0)
    parser.add_argument("--child", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.child:
        print(json.dumps(_CHILDREN[chosen.child](chosen)))
        return
    with _papers() as port, tempfile.TemporaryDirectory(prefix="rasd-bench-") as folder:
        run = _runner(Path(folder), port, chosen)
        if chosen.hour:
            _say_hour(run("hour"), chosen)
        elif chosen.twice:
            for way in WAYS:
                _say_twice(way, run(f"twice-{way}"), chosen)
        else:
            _say_rates(run, chosen)


def _say_twice(way: str, said: dict[str, Any], chosen: argparse.Namespace) -> None:
    print(
        f"{way}: {chosen.sources} sources, first round {said['first']} pages in "
        f"{said['first_seconds']:.0f} s; second"
        f" {said['second']} pages, outcomes {said['outcomes']}, {said['second_seconds']:.1f} s",
        flush=True,
    )


def _say_rates(run: Any, chosen: argparse.Namespace) -> None:
    rounds = [
        {name: run(name, n) for name in ("bare", "unread", "read")} for n in range(chosen.rounds)
    ]
    for name, what in (
        ("bare", "bare Scrapy, fetching only"),
        ("unread", "rasd without reading (all kept)"),
        ("read", "rasd with reading"),
    ):
        rate = median(r[name]["rate"] for r in rounds)
        cpu = median(r[name]["cpu_ms"] for r in rounds)
        ratios = sorted(r[name]["rate"] / r["bare"]["rate"] for r in rounds)
        promised = "  (promised 0.80)" if name == "unread" else ""
        print(
            f"{what:<34} {rate:7.1f} pages/s  {cpu:5.2f} ms CPU a page  ratio "
            f"{median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f}){promised}"
        )
    for name, what in (
        ("feed", "304"),
        ("plain", "200, the same bytes"),
        ("restless", "200, other bytes"),
    ):
        cost = run(f"quiet-{name}")
        print(
            f"nothing-new poll, {what:<20} {cost['cpu_ms']:6.2f} ms CPU a feed  "
            f"(promised 10), {cost['pages']} pages fetched"
        )


def _say_hour(said: dict[str, Any], chosen: argparse.Namespace) -> None:
    late = said["late"]
    print(
        f"{chosen.feeds} feeds every {900 / chosen.faster:.0f} s for "
        f"{said['seconds']:.0f} s ({chosen.faster:g} times faster than life)"
    )
    print(
        f"polls {said['polls']}, {said['polls'] / said['seconds']:.0f} a second, "
        f"{said['cpu_ms']:.2f} ms CPU each"
    )
    print(
        f"lateness p50 {late['p50']:.1f} s, p99 {late['p99']:.1f} s, most "
        f"{late['max']:.1f} s  (promised p99 60 s)"
    )
    print("memory MB " + " ".join(f"{mb:.0f}" for mb in said["memory_mb"]))


@contextmanager
def _papers() -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.2", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.papers", str(port), str(ADDRESSES)],
        stdout=subprocess.PIPE,
        cwd=PROJECT,
    )
    try:
        assert server.stdout is not None
        server.stdout.readline()
        yield port
    finally:
        server.kill()
        server.wait()


def _runner(folder: Path, port: int, chosen: argparse.Namespace) -> Any:
    def run(child: str, number: int = 0) -> Any:
        place = folder / f"{child}-{number}"
        place.mkdir()
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.poll", "--child", child, "--folder", str(place), "--port", str(port),
             "--sources", str(chosen.sources), "--feeds", str(chosen.feeds), "--faster", str(chosen.faster),
             "--intervals", str(chosen.intervals)],
            cwd=PROJECT, capture_output=True, text=True,
        )  # fmt: skip
        if done.returncode:
            raise SystemExit(done.stderr[-3000:])
        return json.loads(done.stdout.splitlines()[-1])

    return run


# ── in processes of their own ─────────────────────────────────────────────────────────────────


def _names(count: int, port: int) -> list[str]:
    return [f"p{n}.test:{port}" for n in range(count)]


def _bare(chosen: argparse.Namespace) -> dict[str, float]:
    """Scrapy with its defaults as far as they concern speed; pages found in the same feeds."""
    import scrapy
    from scrapy.crawler import AsyncCrawlerProcess

    class Bare(scrapy.Spider):
        name = "bare"

        async def start(self) -> Any:
            for n in range(chosen.sources):
                yield scrapy.Request(
                    f"http://127.0.0.{2 + n % ADDRESSES}:{chosen.port}/feed",
                    self.parse,
                    headers={"Host": f"p{n}.test:{chosen.port}"},
                    meta={"n": n},
                    dont_filter=True,
                )

        def parse(self, response: Any) -> Any:
            host = f"p{response.meta['n']}.test:{chosen.port}"
            base = f"http://127.0.0.{2 + response.meta['n'] % ADDRESSES}:{chosen.port}"
            for link in response.xpath("//item/link/text()").getall():
                path = "/" + link.split("/", 3)[3]
                yield scrapy.Request(
                    base + path,
                    self.page,
                    headers={"Host": host},
                    meta={"download_slot": host},
                    dont_filter=True,
                )

        def page(self, response: Any) -> None:
            pages.append(len(response.body))

    pages: list[int] = []
    process = AsyncCrawlerProcess(
        {
            "LOG_LEVEL": "ERROR",
            "CONCURRENT_REQUESTS": CONCURRENT,
            "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
            "DOWNLOAD_DELAY": 0,
            "TELNETCONSOLE_ENABLED": False,
        }
    )
    began, before = time.monotonic(), _cpu(None)
    process.crawl(Bare)
    process.start()
    seconds = time.monotonic() - began
    return {
        "rate": len(pages) / seconds,
        "pages": len(pages),
        "cpu_ms": 1000 * (_cpu(None) - before) / len(pages),
    }


def _app(chosen: argparse.Namespace, count: int, path: str, **changes: Any) -> Any:
    """The app over so many papers, without topics."""
    from crawler import app as apps
    from crawler.config import settings
    from crawler.model import Feed, Source

    names = _names(count, chosen.port)
    hosts = {name.partition(":")[0]: f"127.0.0.{2 + n % ADDRESSES}" for n, name in enumerate(names)}
    (chosen.folder / "seeds").mkdir()
    config = settings.Config(
        archive=f"sqlite:///{chosen.folder}/rasd.sqlite",
        seeds=chosen.folder / "seeds",
        network=settings.NetworkConfig(allow=("127.0.0.0/8:" + str(chosen.port),), hosts=hosts),
        crawl=settings.CrawlConfig(
            delay_seconds=0, concurrent_requests=CONCURRENT, budget_requests=10_000
        ),
        **changes,
    )
    context = apps.open_app(config)
    app = context.__enter__()
    app.held_open = context  # type: ignore[attr-defined]  # let go, it would close the app
    for n, name in enumerate(names):
        feed = Feed(url=f"http://{name}/{path}", every_seconds=900)
        source = Source(
            slug=f"p{n}",
            name=name,
            home=f"http://{name}/",
            country="MA",
            languages=("en",),
            timezone="Africa/Casablanca",
            feeds=(feed,),
        )
        app.sources[source.slug] = source
    app.seeds = replace(
        app.seeds, sources={s.slug: s for s in app.sources.values() if s.slug != "canary"}
    )
    return app


class _Unread:
    """A reader that reads feeds and leaves pages alone."""

    def __init__(self, reader: Any) -> None:
        self._reader = reader
        self.window, self.stop = reader.window, reader.stop

    async def read(self, page: Any, source: Any) -> Any:
        from crawler.model import Rejection

        return Rejection(reason="not_html")


def _unread(chosen: argparse.Namespace) -> dict[str, float]:
    return _ours(chosen, unread=True)


def _read(chosen: argparse.Namespace) -> dict[str, float]:
    return _ours(chosen, unread=False)


def _ours(chosen: argparse.Namespace, *, unread: bool) -> dict[str, float]:
    from crawler.engine import embedded

    app = _app(chosen, chosen.sources, "feed")
    app.reader.start()
    pool = app.reader
    if unread:
        app.reader = _Unread(pool)
    rate: list[float] = []

    async def whole(stop: asyncio.Event) -> int:
        await _warm(pool)
        feeds = [(s, f) for s in app.seeds.sources.values() for f in s.feeds]
        began, before = time.monotonic(), _cpu(pool)
        await embedded.Engine(app).poll(feeds, _say_trouble)
        rate.extend((time.monotonic() - began, _cpu(pool) - before))
        return 0

    embedded.run(whole)
    counts = app.archive.counts()
    pages = counts["articles"] + counts["rejected"]
    pool.stop()
    assert pages == chosen.sources * 40, f"pages are missing: {counts}"
    return {"rate": pages / rate[0], "pages": pages, "cpu_ms": 1000 * rate[1] / pages}


def _twice(chosen: argparse.Namespace) -> dict[str, Any]:
    """Two rounds over the same papers by one way of finding, pages kept unread."""
    from collections import Counter

    from crawler.engine import embedded

    way = chosen.child.partition("-")[2]
    more = dict(WAYS[way])
    app = _app(chosen, chosen.sources, more.pop("path"))
    for source in list(app.seeds.sources.values()):
        (feed,) = source.feeds
        kept = replace(source, feeds=(replace(feed, kind=way, **more),))
        app.sources[source.slug] = kept
    app.seeds = replace(app.seeds, sources={s: app.sources[s] for s in app.seeds.sources})
    pool = app.reader
    pool.start()
    app.reader = _Unread(pool)
    said: dict[str, Any] = {}
    polls: list[Any] = []

    async def whole(stop: asyncio.Event) -> int:
        await _warm(pool)
        engine = embedded.Engine(app)
        feeds = [(s, f) for s in app.seeds.sources.values() for f in s.feeds]
        for name in ("first", "second"):
            polls.clear()
            began = time.monotonic()
            await engine.poll(feeds, polls.append)
            said[name] = sum(p.rejected + p.retried for p in polls)
            said[f"{name}_seconds"] = time.monotonic() - began
        said["outcomes"] = dict(Counter(p.outcome for p in polls))
        return 0

    embedded.run(whole)
    pool.stop()
    return said


async def _warm(pool: Any) -> None:
    await asyncio.gather(
        *(pool.window(b"<rss version='2.0'/>", "http://x.test/", "text/xml") for _ in range(2))
    )


def _say_trouble(poll: Any) -> None:
    if poll.outcome in ("failed", "blocked", "not_a_feed", "empty"):
        print(poll.feed, poll.outcome, poll.explanation, file=sys.stderr)


def _quiet(chosen: argparse.Namespace) -> dict[str, float]:
    """CPU, workers included, of a round in which nothing is new."""
    from crawler.engine import embedded

    app = _app(chosen, 5 * chosen.sources, chosen.child.removeprefix("quiet-"))
    pool = app.reader
    pool.start()
    app.reader = _Unread(pool)
    _settled(app)
    used = []

    async def whole(stop: asyncio.Event) -> int:
        await _warm(pool)
        engine = embedded.Engine(app)
        feeds = [(s, f) for s in app.seeds.sources.values() for f in s.feeds]
        await engine.poll(feeds, _say_trouble)
        before = _cpu(pool)
        await engine.poll(feeds, _say_trouble)
        used.append(_cpu(pool) - before)
        return 0

    embedded.run(whole)
    pages = app.archive.counts()["rejected"]
    pool.stop()
    return {"cpu_ms": 1000 * used[0] / len(app.seeds.sources), "pages": pages}


def _settled(app: Any) -> None:
    """Every address of every paper is known from before, so that a round fetches no page."""
    from crawler import urls
    from crawler.model import Cause, FeedEntry

    now = datetime.now(UTC) - timedelta(hours=1)
    for source in app.seeds.sources.values():
        entries = [FeedEntry(url=f"{source.home}a/{n}") for n in range(40)]
        for sighting in app.archive.record_entries(
            source.slug, source.feeds[0].url, [(urls.key(e.url), e) for e in entries], now
        ):
            app.archive.set_outcome(sighting, "gone", Cause(reason="not_found"), now)


def _cpu(pool: Any) -> float:
    """Seconds of CPU of this process and its workers."""
    own = resource.getrusage(resource.RUSAGE_SELF)
    ticks = 0
    for pid in pool.pids if pool is not None else ():
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return own.ru_utime + own.ru_stime + ticks / os.sysconf("SC_CLK_TCK")


def _hour(chosen: argparse.Namespace) -> dict[str, Any]:
    """The daemon itself, over feeds that answer 304."""
    from crawler.daemon import loop, rounds
    from crawler.engine import embedded

    interval = 900 / chosen.faster
    app = _app(chosen, chosen.feeds, "feed", tick_seconds=5.0)
    _begin_spread(app, interval)
    late: list[float] = []
    memory: list[float] = []
    due: dict[str, datetime] = {s.source: s.next_poll_at for s in app.archive.feed_states()}
    began = time.monotonic()
    plain = app.archive.close_poll

    def close(poll: Any, state: Any) -> None:
        if time.monotonic() - began > min(interval, WARM_SECONDS):
            late.append(max((poll.started_at - due[poll.source]).total_seconds(), 0.0))
        again = replace(state, next_poll_at=poll.started_at + timedelta(seconds=interval))
        due[poll.source] = again.next_poll_at
        plain(poll, again)

    app.archive.close_poll = close

    async def whole(stop: asyncio.Event) -> int:
        asyncio.get_running_loop().call_later(interval * chosen.intervals, stop.set)
        watching = asyncio.create_task(_watch(memory, interval * chosen.intervals / 9))
        code = await loop.Daemon(app, embedded.Engine(app)).run(stop)
        watching.cancel()
        return code

    rounds.log_poll = _say_trouble  # type: ignore[attr-defined]
    before = _cpu(app.reader)
    embedded.run(whole)
    polls, seconds = app.archive.counts()["polls"], time.monotonic() - began
    late = sorted(late)  # after the last writer's row
    return {
        "polls": polls,
        "seconds": seconds,
        "memory_mb": memory,
        "cpu_ms": 1000 * (_cpu(app.reader) - before) / max(polls, 1),
        "late": {"p50": late[len(late) // 2], "p99": late[int(len(late) * 0.99)], "max": late[-1]},
    }


def _begin_spread(app: Any, interval: float) -> None:
    """Feeds in steady state: polled before, known ETag, due evenly over one interval."""
    from dataclasses import asdict

    from crawler.model import FeedState
    from storage import tables

    now = datetime.now(UTC)
    rows = []
    for n, source in enumerate(app.seeds.sources.values()):
        state = FeedState(
            source=source.slug,
            feed=source.feeds[0].url,
            etag='"1"',
            last_poll_at=now,
            last_success_at=now,
            first_success_at=now,
            full_at=now,
            interval_seconds=900,
            entries=40,
            last_outcome="not_modified",
            next_poll_at=now + timedelta(seconds=5 + interval * n / len(app.seeds.sources)),
        )
        rows.append(asdict(state) | {"reason": "", "detail": "", "notes": []})
    with app.archive.engine.begin() as c:
        c.execute(tables.feeds.insert(), rows)


async def _watch(memory: list[float], every: float) -> None:
    while True:
        await asyncio.sleep(every)
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        memory.append(pages * resource.getpagesize() / 2**20)


_CHILDREN = {
    "bare": _bare, "unread": _unread, "read": _read, "hour": _hour,
    **{f"twice-{way}": _twice for way in WAYS},
    "quiet-feed": _quiet, "quiet-plain": _quiet, "quiet-restless": _quiet,
}  # fmt: skip


if __name__ == "__main__":
    main()
