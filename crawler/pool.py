"""Killable readers: hostile bytes can cost a worker, never the process that asks.

Each worker is a spawned process fed over a pipe by one thread. A task that takes too long or too
much memory has its worker killed and replaced; a thread cannot be killed and the reactor must not
wait, so neither ever parses what a site sent (M13–M15).
"""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
import resource
import signal
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from queue import SimpleQueue
from time import monotonic
from typing import Any, Literal

from crawler.model import Extraction, FeedWindow, Page, Reading, Rejection, Source, Template
from crawler.moulds import Drift, Moulds
from crawler.seeds import Topic

WARMING_SECONDS = 60.0  # for a worker's imports on a slow machine; the task's own limit starts after
COLLECT_AFTER = 50_000  # new objects; a page makes some thousand, and nearly all go without being looked for
Failure = Literal["timeout", "crashed", "stopped"]


class ReaderPool:
    """``interfaces.Reader`` over worker processes.

    The topics go to each worker once, at its start; a source and its template once a version. What
    pages teach about templates comes back with their readings: ``learned`` is told what changed.
    """

    def __init__(
        self,
        topics: Sequence[Topic],
        *,
        workers: int = 2,
        timeout_seconds: float = 10.0,
        memory_mb: int = 512,
        functions: Callable[[], dict[str, Callable[..., object]]] | None = None,
        moulds: Moulds | None = None,
        learned: Callable[[Template | Drift], None] = lambda change: None,
    ) -> None:
        self._topics = tuple(topics)
        self._moulds, self._learned = moulds, learned
        self._functions = functions or reading_functions
        self._timeout, self._memory_mb = timeout_seconds, memory_mb
        self._count = workers
        self._idle: SimpleQueue[_Worker] = SimpleQueue()
        self._all: list[_Worker] = []
        self._threads: ThreadPoolExecutor | None = None
        self._stopped = False

    def start(self) -> None:
        """Start the workers; they import in the background. Twice is once."""
        if self._threads is not None:
            return
        self._threads = ThreadPoolExecutor(self._count, thread_name_prefix="reader")
        for _ in range(self._count):
            worker = _Worker(self._functions, self._topics, self._timeout, self._memory_mb)
            worker.start()
            self._all.append(worker)
            self._idle.put(worker)

    def stop(self) -> None:
        """Kill the workers at once: what they had in hand comes back as stopped."""
        self._stopped = True
        for worker in self._all:
            worker.kill()
        if self._threads is not None:
            self._threads.shutdown(wait=True, cancel_futures=True)

    async def window(
        self, body: bytes, url: str, content_type: str, kind: str = "feed", *options: object
    ) -> FeedWindow | Extraction:
        """What a feed of this kind shows in these bytes, or how reading it failed."""
        answer = await self.ask(kind, body, url, content_type, *options)
        if isinstance(answer, FeedWindow):
            return answer
        return "timeout" if answer == "timeout" else "crashed"

    async def read(self, page: Page, source: Source) -> Reading | Rejection | None:
        """The page read; made of its feed entry where it broke the worker; None when stopped."""
        template = self._moulds.of(source.slug) if self._moulds is not None else None
        answer = await self.ask("read", page, source, template)
        if isinstance(answer, Reading):
            self._learn(source, template, answer)
        if isinstance(answer, Reading | Rejection):
            return answer
        if answer == "stopped":
            return None
        from crawler import reading  # with its libraries: no verb needs them that reads no page

        how: Extraction = "timeout" if answer == "timeout" else "crashed"
        return reading.unreadable(page, source, self._topics, how)

    def _learn(self, source: Source, template: Template | None, found: Reading) -> None:
        if self._moulds is None:
            return
        change = self._moulds.observe(
            source.slug, read_by=template, sample=found.sample, doubt=found.doubt
        )
        if change is not None:
            self._learned(change)

    async def ask(self, name: str, *arguments: object) -> object | Failure:
        """What a worker's function answers, or the Failure's name."""
        if self._stopped or self._threads is None:
            return "stopped"
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._threads, self._ask, name, arguments)
        except (asyncio.CancelledError, RuntimeError):
            if not self.stopped:
                raise
            return "stopped"

    def _ask(self, name: str, arguments: tuple[object, ...]) -> object | Failure:
        worker = self._idle.get()
        try:
            answer = worker.ask(name, arguments)
            if answer == "crashed" and not worker.alive and worker.seconds < self._timeout / 2:
                # It may have died of something else; a second death says that it was the page (F-46).
                worker.start()
                answer = worker.ask(name, arguments)
            if not worker.alive:
                worker.start()  # does nothing when it was killed for a stop
            return "stopped" if worker.killed else answer
        finally:
            self._idle.put(worker)

    @property
    def stopped(self) -> bool:
        """Whether ``stop`` was called."""
        return self._stopped

    @property
    def pids(self) -> list[int]:
        """The workers' process ids."""
        return [pid for worker in self._all if (pid := worker.pid) is not None]


class _Worker:
    """One process and its pipe; used by one thread at a time."""

    def __init__(
        self,
        functions: Callable[[], dict[str, Callable[..., object]]],
        topics: tuple[Topic, ...],
        timeout: float,
        memory_mb: int,
    ) -> None:
        self._arguments = (functions, timeout, memory_mb)
        self._topics, self._timeout = topics, timeout
        self._process: Any = None
        self._pipe: Connection | None = None
        self._warm = False
        self._killed = False
        self.seconds = 0.0  # that the task took of which it died
        self._known: dict[str, tuple[Source, Template | None]] = {}  # what the worker was told

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process is not None else None

    @property
    def killed(self) -> bool:
        return self._killed

    @property
    def alive(self) -> bool:
        return self._process is not None and bool(self._process.is_alive())

    def start(self) -> None:
        if self._killed:
            return
        # spawn, not fork: a fork would carry the reactor, its sockets and its threads' locks.
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(
            target=_work, args=(theirs, *self._arguments), daemon=True, name="rasd-reader"
        )
        self._process.start()
        theirs.close()
        self._warm = False
        self._known = {}

    def ask(self, name: str, arguments: tuple[object, ...]) -> object | Failure:
        if self._pipe is None:
            return "crashed"
        began = monotonic()
        try:
            if not self._warm:
                if not self._pipe.poll(WARMING_SECONDS):
                    return self._end("crashed")
                self._pipe.recv()
                # Only now: what does not fit into a pipe waits for a reader, and so would ``start``.
                self._pipe.send(("topics", self._topics))
                self._warm = True
            began = monotonic()
            if name == "read":
                self._send_page(arguments)
            else:
                self._pipe.send((name, arguments))
            if not self._pipe.poll(self._timeout):
                return self._end("timeout")
            done, answer = self._pipe.recv()
        except (EOFError, OSError):
            self.seconds = monotonic() - began
            return self._end("crashed")
        return answer if done else "crashed"

    def _send_page(self, arguments: tuple[Any, ...]) -> None:
        """A page to be read: its source by name alone, where the worker knows it, and its bytes as they
        are, after it: pickled, they would be copied once more on either side."""
        assert self._pipe is not None
        page, source, template = arguments
        known = (source, template)
        if self._known.get(source.slug) != known:
            self._pipe.send(("know", (source.slug, *known)))
            self._known[source.slug] = known
        self._pipe.send(("read", (replace(page, body=b""), source.slug)))
        self._pipe.send_bytes(page.body)

    def _end(self, failure: Failure) -> Failure:
        if self._process is not None:
            self._process.kill()
            self._process.join()
        return failure

    def kill(self) -> None:
        """From another thread: the pipe's reader then sees its end."""
        self._killed = True
        if self._process is not None:
            self._process.kill()
            self._process.join()


def reading_functions() -> dict[str, Callable[..., object]]:
    """What a worker can do, feeds by their kind; imported in the worker."""
    from crawler import feeds, posts, reading, sections, sitemaps

    return {
        "read": reading.ready,
        "feed": feeds.parse,
        "sitemap": sitemaps.parse,
        "section": sections.parse,
        "wordpress": posts.parse,
    }


def _work(
    pipe: Connection,
    functions: Callable[[], dict[str, Callable[..., object]]],
    timeout: float,
    memory_mb: int,
) -> None:
    """A worker's life: answer tasks until the pipe closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which will kill us
    known = functions()
    topics: tuple[Topic, ...] = ()
    sources: dict[str, tuple[Source, Template | None]] = {}
    limit = _address_space() + memory_mb * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    pipe.send("warm")
    while True:
        # If the parent dies while we are stuck, nobody kills us: the alarm does.
        signal.setitimer(signal.ITIMER_REAL, 0)
        try:
            name, arguments = pipe.recv()
            body = pipe.recv_bytes() if name == "read" else b""
        except (EOFError, OSError):
            return
        if name == "topics":
            topics = arguments
            _settle()
            continue
        if name == "know":
            slug, source, template = arguments
            sources[slug] = (source, template)
            continue
        signal.setitimer(signal.ITIMER_REAL, 2 * timeout + 1)
        try:
            if name == "read":
                page, slug = arguments
                source, template = sources[slug]
                answer = (True, known[name](replace(page, body=body), source, topics, template=template))
            else:
                answer = (True, known[name](*arguments))
        except (Exception, MemoryError) as error:
            answer = (False, repr(error)[:500])
        try:
            pipe.send(answer)
        except OSError:
            return


def _settle() -> None:
    """Libraries and topics stay for good: no collection looks through them again, page after page."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER)


def _address_space() -> int:
    """Bytes of address space the imports took: thread stacks and arenas, not memory in use. A
    page's limit counts from there, or it would be a limit on libraries."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except OSError:  # no Linux: the limit is then of the whole process
        return 0
    return pages * resource.getpagesize()
