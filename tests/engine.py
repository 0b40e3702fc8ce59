"""rasd in this process: one reactor and one worker for all tests that need no kill.

A reactor cannot be started twice. It is started here once a process, and each test runs its
coroutine on its loop.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from scrapy.utils.reactor import install_reactor

from crawler import app as apps
from crawler.config import ReadingConfig, load
from crawler.daemon.loop import Daemon
from crawler.engine.embedded import Engine
from crawler.workers.pool import ReaderPool

REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"
TIMEOUT_SECONDS = 500.0  # of one coroutine; below pytest's own, whose end leaves processes behind

_T = TypeVar("_T")


def run(work: Coroutine[Any, Any, _T]) -> _T:
    """Run a coroutine on the reactor's loop."""
    return loop().run_until_complete(asyncio.wait_for(work, TIMEOUT_SECONDS))


@cache
def loop() -> asyncio.AbstractEventLoop:
    """The loop of this process's reactor, which is started with it."""
    install_reactor(REACTOR)
    from twisted.internet import reactor

    started: Any = reactor
    started.startRunning(installSignalHandlers=False)
    running: asyncio.AbstractEventLoop = started._asyncioEventloop
    return running


def end() -> None:
    """Stop the workers, the reactor's threads and the loop's: they would outlive the tests."""
    for pool in _pools.values():
        pool.stop()
    _pools.clear()
    if not loop.cache_info().currsize:
        return
    from twisted.internet import reactor

    loop().run_until_complete(loop().shutdown_default_executor())
    started: Any = reactor
    started.fireSystemEvent("shutdown")


class Clock:
    """A clock that a test sets forward."""

    def __init__(self) -> None:
        self._ahead = timedelta(0)

    def __call__(self) -> datetime:
        """Now, and as much later as was asked for."""
        return apps.now() + self._ahead

    def forward(self, by: timedelta) -> None:
        """Let this time pass."""
        self._ahead += by


_pools: dict[tuple[str, ...], ReaderPool] = {}  # by the versions of the topics they judge by


def shared_pool(app: apps.App) -> ReaderPool:
    """One worker with this installation's topics, for every test of this process that has the
    same; it learns no templates.
    """
    key = tuple(f"{slug} {topic.version}" for slug, topic in sorted(app.seeds.topics.items()))
    pool = _pools.get(key)
    if pool is None or pool.stopped:
        config = app.config.model_copy(
            update={"reading": ReadingConfig(workers=1, templates=False)}
        )
        pool = _pools[key] = apps.open_reader(config, app.seeds)
        pool.start()
    return pool


def poll(config: Path) -> int:
    """Poll every feed of this installation once, as ``rasd poll --all`` does; the exit code."""
    with running(config) as daemon:
        daemon.app.reader = shared_pool(daemon.app)

        async def round_() -> int:
            code = await daemon.once(asyncio.Event(), set(), True)
            await daemon.app.writer.drain()
            return code

        return run(round_())


@contextmanager
def running(config: Path, pool: ReaderPool | None = None) -> Iterator[Daemon]:
    """A daemon of this installation, not yet ticking; ``pool`` reads in the place of its own."""
    with apps.open_app(load(config), locked=True) as app:
        own, clock = app.reader, Clock()
        app.clock = clock
        app.reader = pool or own
        try:
            yield Daemon(app, Engine(app))
        finally:
            app.reader = own


async def rounds_of(daemon: Daemon) -> None:
    """Wait until every round that the daemon has begun is over."""
    while daemon.rounds:
        await asyncio.gather(*daemon.rounds, return_exceptions=True)


class Pulse:
    """Measures for how long the loop does not go on between ``async with`` and its end.

    On a machine that others use every thread waits for its turn: a thread that only sleeps measures
    for how long at most.
    """

    EVERY_SECONDS = 0.01

    async def __aenter__(self) -> Pulse:
        self.longest_seconds = self.longest_of_a_thread_seconds = 0.0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._sleep)
        self._thread.start()
        self._task = asyncio.create_task(self._tick())
        return self

    async def __aexit__(self, *exc: object) -> None:
        self._task.cancel()
        self._ended.set()
        await asyncio.to_thread(self._thread.join)

    def _sleep(self) -> None:
        ended = False
        while not ended:
            before = time.monotonic()
            ended = self._ended.wait(self.EVERY_SECONDS)
            pause = time.monotonic() - before - self.EVERY_SECONDS
            self.longest_of_a_thread_seconds = max(self.longest_of_a_thread_seconds, pause)

    async def _tick(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            before = loop.time()
            await asyncio.sleep(self.EVERY_SECONDS)
            pause = loop.time() - before - self.EVERY_SECONDS
            self.longest_seconds = max(self.longest_seconds, pause)
