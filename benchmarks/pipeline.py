"""The whole pipeline beside bare Scrapy: fetch, read, match and keep 400 large pages of 20 papers.

::

    python -m benchmarks.pipeline                    # three rounds; each contender once a round
    python -m benchmarks.pipeline --rounds 5 --only bare,learned
    python -m benchmarks.pipeline --profile learned  # where the main thread's time goes

Contenders, each a process of its own, one after the other, over the same pages (``dailies``):

bare            Scrapy as shipped: default loop, robots.txt obeyed; the same concurrency and delay
unlearned       rasd with templates off: every page is read in full
learned         rasd after 8 pages of each paper have taught it their template
bare/learned uv both on uvloop (``pip install -e '.[bench]'``), for comparison only
stock           Scrapy with trafilatura in an item pipeline, as tutorials have it
pool            Scrapy with trafilatura in a pool of two processes

Every contender first fetches an edition of 8 pages a paper, which is not measured: libraries are
then loaded and rasd's templates learned. Measured is the second edition, from the asking for its
feeds until the last page is done; for rasd until its rows are committed. A ratio is within one
round; quoted are medians. The promises: ``unlearned`` at least 0.35, ``learned`` at least 0.90 of
``bare``.
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
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import dailies

CONCURRENT = 32
EACH = len(dailies.EDITIONS["today"])
PAGES = dailies.PAPERS * EACH
PROJECT = Path(__file__).resolve().parents[1]
PROMISED = {"unlearned": 0.35, "learned": 0.9}
ONCE = ("stock", "pool")  # slow, and only there for comparison: in the first round


def main() -> None:
    """Measure, print, and say which promises hold."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--only", default=",".join(_CONTENDERS), help="some of " + ",".join(_CONTENDERS)
    )
    parser.add_argument("--profile", help="profile one contender's main thread instead")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.child:
        print(json.dumps(_child(chosen)))
        return
    with _papers() as port:
        if chosen.profile:
            _run(chosen.profile, port, profile=True)
            return
        rounds = [_round(n, chosen.only.split(","), port) for n in range(chosen.rounds)]
    _say(rounds)


def _round(number: int, contenders: Sequence[str], port: int) -> dict[str, dict[str, float]]:
    found = {}
    for name in contenders:
        if name in ONCE and number:
            continue
        found[name] = said = _run(name, port)
        print(
            f"round {number + 1}  {name:12} {said['rate']:7.1f} pages/s  "
            f"{said['main_ms']:5.1f} ms CPU a page in the main process"
            f"  {said['worker_ms']:5.1f} in workers  {said['note']}",
            flush=True,
        )
    return found


def _say(rounds: Sequence[dict[str, dict[str, float]]]) -> None:
    print()
    for name in rounds[0]:
        rates = [r[name]["rate"] for r in rounds if name in r]
        ratios = [r[name]["rate"] / r["bare"]["rate"] for r in rounds if name in r and "bare" in r]
        said = f"{name:12} median {median(rates):7.1f} pages/s"
        if ratios:
            said += (
                f"  {median(ratios):5.2f} x bare [{min(ratios):.2f} – {max(ratios):.2f}], "
                f"n={len(ratios)}"
            )
        if name in PROMISED and ratios:
            said += (
                f"  promised {PROMISED[name]:.2f}: "
                f"{'kept' if median(ratios) >= PROMISED[name] else 'NOT kept'}"
            )
        print(said)
    for name in ("bare", "learned"):
        shares = [
            r[f"{name}-uv"]["rate"] / r[name]["rate"]
            for r in rounds
            if name in r and f"{name}-uv" in r
        ]
        if shares:
            print(f"uvloop's share: {name} is {median(shares):.2f} x as fast with it")


@contextmanager
def _papers() -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.2", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.dailies", str(port)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=PROJECT,
    )
    try:
        assert server.stdout is not None
        print(server.stdout.readline().strip())
        yield port
    finally:
        server.kill()
        server.wait()


def _run(child: str, port: int, *, profile: bool = False) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="rasd-bench-") as folder:
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.pipeline", "--child", child, "--folder", folder, "--port", str(port),
             *(("--profile", child) if profile else ())],
            cwd=PROJECT, stdout=None if profile else subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=600,
        )  # fmt: skip
    if done.returncode:
        raise SystemExit(done.stderr[-3000:])
    return json.loads(done.stdout.splitlines()[-1]) if not profile else {}


# ── in processes of their own ─────────────────────────────────────────────────────────────────


def _child(chosen: argparse.Namespace) -> dict[str, Any]:
    _, _, loop = chosen.child.partition("-")
    watch = Watch(profiled=bool(chosen.profile))
    note = _CONTENDERS[chosen.child](chosen, watch, "uvloop.Loop" if loop else None)
    watch.show()
    return {
        "rate": PAGES / watch.seconds,
        "main_ms": 1000 * watch.main / PAGES,
        "worker_ms": 1000 * watch.workers / PAGES,
        "note": note,
    }


class Watch:
    """Times what stands between ``begin`` and ``end``: the clock, this process, its workers."""

    def __init__(self, *, profiled: bool) -> None:
        import cProfile

        self._profile = cProfile.Profile() if profiled else None
        self.pids: list[int] = []
        self.seconds = self.main = self.workers = 0.0

    def begin(self) -> None:
        """Now."""
        self._began = (time.monotonic(), time.process_time(), self._in_workers())
        if self._profile is not None:
            self._profile.enable()

    def end(self) -> None:
        """And now."""
        if self._profile is not None:
            self._profile.disable()
            self._threads = {
                t.name: _cpu_of(f"self/task/{t.native_id}") for t in threading.enumerate()
            }
        now = (time.monotonic(), time.process_time(), self._in_workers())
        self.seconds, self.main, self.workers = (
            b - a for a, b in zip(self._began, now, strict=True)
        )

    def show(self) -> None:
        """The functions that took longest, if they were looked at."""
        if self._profile is not None:
            import pstats

            print(
                "seconds of CPU by thread, from the process's start: "
                + ", ".join(f"{name} {cpu:.2f}" for name, cpu in self._threads.items())
            )
            pstats.Stats(self._profile).sort_stats("tottime").print_stats(45)

    def _in_workers(self) -> float:
        return sum(_cpu_of(str(pid)) for pid in self.pids)


def _cpu_of(task: str) -> float:
    """Seconds of CPU of a process or thread."""
    fields = Path(f"/proc/{task}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _home(paper: int, port: int) -> str:
    return f"http://127.0.0.{2 + paper}:{port}"


def _bare(chosen: argparse.Namespace, watch: Watch, loop: str | None) -> str:
    return _scrapy(chosen, watch, loop, None)


def _stock(chosen: argparse.Namespace, watch: Watch, loop: str | None) -> str:
    return _scrapy(chosen, watch, loop, InReactor)


def _pool(chosen: argparse.Namespace, watch: Watch, loop: str | None) -> str:
    return _scrapy(chosen, watch, loop, InProcesses)


def _scrapy(
    chosen: argparse.Namespace, watch: Watch, loop: str | None, pipeline: type | None
) -> str:
    """Scrapy's own settings but for concurrency; pages are found in the same feeds."""
    import scrapy
    from scrapy.crawler import AsyncCrawlerProcess

    class Papers(scrapy.Spider):
        name = "papers"
        edition = ""

        async def start(self) -> Any:
            for n in range(dailies.PAPERS):
                yield scrapy.Request(f"{_home(n, chosen.port)}/{self.edition}.xml", self.parse)

        def parse(self, response: Any) -> Any:
            for link in response.xpath("//item/link/text()").getall():
                yield scrapy.Request(link, self.page)

        def page(self, response: Any) -> Any:
            pages.append(len(response.body))
            if pipeline is not None:
                yield {"url": response.url, "body": response.body}

    pages: list[int] = []
    process = AsyncCrawlerProcess(
        {"LOG_LEVEL": "ERROR", "CONCURRENT_REQUESTS": CONCURRENT, "CONCURRENT_REQUESTS_PER_DOMAIN": 1, "DOWNLOAD_DELAY": 0,
         "ROBOTSTXT_OBEY": True, "ASYNCIO_EVENT_LOOP": loop, "ITEM_PIPELINES": {pipeline: 1} if pipeline else {}}
    )  # fmt: skip

    async def both() -> None:
        await process.crawl(Papers, edition="lessons")
        pages.clear()
        watch.pids = list(InProcesses.pids)
        watch.begin()
        await process.crawl(Papers, edition="today")
        watch.end()

    from twisted.internet import reactor

    whole: list[Any] = []
    reactor.callWhenRunning(lambda: whole.append(asyncio.ensure_future(both())))  # type: ignore[attr-defined]
    asyncio.get_event_loop().call_later(
        0.05, lambda: whole[0].add_done_callback(lambda _: reactor.stop())
    )  # type: ignore[attr-defined]
    process.start(stop_after_crawl=False)
    whole[0].result()
    InProcesses.close()
    assert len(pages) == PAGES, f"pages are missing: {len(pages)}"
    return ""


def understood(body: bytes, url: str) -> str:
    """What trafilatura makes of a page, with its metadata."""
    import trafilatura

    found: Any = trafilatura.bare_extraction(body, url=url, with_metadata=True)
    return found.text if found is not None else ""


class InReactor:
    """An item pipeline as tutorials have it."""

    def process_item(self, item: Any) -> Any:
        """The item with its text."""
        item["text"] = understood(item.pop("body"), item["url"])
        return item


class InProcesses:
    """An item pipeline that has pages read by two processes."""

    pids: list[int] = []  # noqa: RUF012 - one pool for both crawls
    _executor: Any = None

    async def process_item(self, item: Any) -> Any:
        """The item with its text."""
        from concurrent.futures import ProcessPoolExecutor

        if InProcesses._executor is None:
            InProcesses._executor = ProcessPoolExecutor(2)
        asked = asyncio.get_running_loop().run_in_executor(
            InProcesses._executor, understood, item.pop("body"), item["url"]
        )
        InProcesses.pids = list(InProcesses._executor._processes)
        item["text"] = await asked
        return item

    @classmethod
    def close(cls) -> None:
        """End the processes."""
        if cls._executor is not None:
            cls._executor.shutdown()


def _unlearned(chosen: argparse.Namespace, watch: Watch, loop: str | None) -> str:
    return _ours(chosen, watch, loop, templates=False)


def _learned(chosen: argparse.Namespace, watch: Watch, loop: str | None) -> str:
    return _ours(chosen, watch, loop, templates=True)


def _ours(chosen: argparse.Namespace, watch: Watch, loop: str | None, *, templates: bool) -> str:
    """rasd with the seeds it comes with, as the daemon runs it, over the papers instead of its
    sources.
    """
    from crawler import app as apps
    from crawler.config import settings
    from crawler.engine import embedded
    from crawler.model import Feed, Source

    config = settings.Config(
        archive=f"sqlite:///{chosen.folder}/rasd.sqlite",
        network=settings.NetworkConfig(allow=(f"127.0.0.0/8:{chosen.port}",)),
        crawl=settings.CrawlConfig(delay_seconds=0, concurrent_requests=CONCURRENT),
        reading=settings.ReadingConfig(templates=templates),
    )
    if loop:
        _use_uvloop()
    with apps.open_app(config) as app:
        sources = [
            Source(
                slug=f"p{n}",
                name=f"Paper {n}",
                home=f"{_home(n, chosen.port)}/",
                country="MA",
                languages=(dailies.language(n),),
                timezone="Africa/Casablanca",
                feeds=tuple(
                    Feed(url=f"{_home(n, chosen.port)}/{edition}.xml", every_seconds=900)
                    for edition in dailies.EDITIONS
                ),
            )
            for n in range(dailies.PAPERS)
        ]
        app.sources.update((source.slug, source) for source in sources)
        app.reader.start()
        polls: list[Any] = []

        async def whole(stop: asyncio.Event) -> int:
            engine = embedded.Engine(app)
            await engine.poll([(s, s.feeds[0]) for s in sources], polls.append)
            watch.pids = app.reader.pids
            watch.begin()
            await engine.poll([(s, s.feeds[1]) for s in sources], polls.append)
            watch.end()
            return 0

        embedded.run(whole)
        kept = sum(poll.kept for poll in polls if poll.feed.endswith("/today.xml"))
        assert kept == PAGES, (
            f"pages are missing: {kept}, "
            f"{[(p.outcome, p.explanation) for p in polls if not p.kept]}"
        )
        return (
            f"{_by_template(app)} of {PAGES} by template, {app.archive.counts()['flagged']}"
            f" flagged, {_memory_mb()} MB"
        )


def _use_uvloop() -> None:
    """The engine names no loop: the benchmark changes its reactor, and nothing else."""
    from functools import partial

    from crawler.engine import embedded

    embedded.install_reactor = partial(embedded.install_reactor, event_loop_path="uvloop.Loop")  # type: ignore[attr-defined]


def _by_template(app: Any) -> int:
    import sqlalchemy as sa

    with app.archive.engine.begin() as c:
        asked = sa.text("SELECT count(*) FROM articles WHERE reader = 'template' AND id > :n")
        return int(
            c.execute(asked, {"n": dailies.PAPERS * len(dailies.EDITIONS["lessons"])}).scalar_one()
        )


def _memory_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


_CONTENDERS = {
    "bare": _bare, "unlearned": _unlearned, "learned": _learned, "bare-uv": _bare, "learned-uv": _learned,
    "stock": _stock, "pool": _pool,
}  # fmt: skip


if __name__ == "__main__":
    main()
