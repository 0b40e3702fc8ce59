"""A worker process: how it is started, and its life until the pipe closes."""

from __future__ import annotations

import gc
import logging
import multiprocessing
import os
import pickle
import resource
import signal
import socket
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from multiprocessing import resource_tracker
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import ModuleType
from typing import Any

from crawler.matching.topics import Topic
from crawler.model import Source, Template
from crawler.workers.packing import pack
from crawler.workers.pipe import HEADER_BYTES, MessageReader
from crawler.workers.shared_memory import PageBuffer

# New objects between two garbage collections: a page makes some thousand, and nearly all of them
# are freed without one.
COLLECT_AFTER_OBJECTS = 50_000
NICENESS = 5  # steps behind the parent: a page that waits to be fetched waits for a server as well
OUT_OF_TIME = signal.SIGPROF  # ends a worker whose task has used its CPU time
WALL_FACTOR = 30  # wall time of a task, in CPU time limits; at load 8 on two cores one took 8
SEND_BUFFER_BYTES = 1024 * 1024  # asked of the system for a worker's pipe: a page and more

Functions = Callable[[], Mapping[str, Callable[..., object]]]
"""Returns what a worker can do, by name; called in the worker, which does the imports then."""


def spawn(
    functions: Functions, cpu_seconds: float, memory_mb: int, page_buffer: PageBuffer | None
) -> tuple[BaseProcess, socket.socket]:
    """Start a worker; return it and the parent's end of its pipe.

    Its first frame says that its imports are done.
    """
    # spawn, not fork: a fork would carry the reactor, its sockets and its threads' locks.
    context = multiprocessing.get_context("spawn")
    ours, theirs = socket.socketpair()
    with theirs:
        process = context.Process(
            target=work,
            args=(theirs, functions, cpu_seconds, memory_mb),
            daemon=True,
            name="rasd-reader",
        )
        with _stderr_as_python_has_it(), _no_interrupt(), _without_main(functions):
            process.start()
        socket.send_fds(ours, [b"."], [page_buffer.descriptor] if page_buffer is not None else [])
    ours.setblocking(False)
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
    return process, ours


@contextmanager
def _stderr_as_python_has_it() -> Iterator[None]:
    """Have a process that is started meanwhile inherit ``sys.stderr``, where it isn't descriptor 2:
    what a worker prints, from its first instruction on, goes where ours goes."""
    try:
        ours = sys.stderr.fileno() if sys.stderr is not None else 2
    except (OSError, ValueError):  # in memory, as tests have it
        ours = 2
    if ours == 2:
        yield
        return
    kept = os.dup(2)
    os.dup2(ours, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


@contextmanager
def _no_interrupt() -> Iterator[None]:
    """Have a process that is started meanwhile not hear of Ctrl-C, which the terminal sends to it,
    too, before it can ignore it. Ours comes after."""
    resource_tracker.ensure_running()  # it unblocks the signal when it has to be started
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _without_main(functions: Functions) -> Iterator[None]:
    """Have a process that is started meanwhile not import the program that is running, as spawned
    ones do: a script without ``if __name__ == "__main__"`` would crawl once more in each worker.
    Functions that are the program's own need it.
    """
    if getattr(functions, "__module__", None) == "__main__":
        yield
        return
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def work(pipe: socket.socket, functions: Functions, cpu_seconds: float, memory_mb: int) -> None:
    """Answer tasks until the pipe closes.

    Tasks come as ``pipe.frames`` writes them; ``topics``, ``lexicon`` and ``know`` are remembered
    and not answered. An answer is (True, the function's result) or (False, the error as text).
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which will kill us
    os.nice(NICENESS)
    logging.disable(logging.CRITICAL)  # what a library says of a page, its reading tells
    warnings.formatwarning = _format_warning
    dispatcher = _Dispatcher(functions())
    limit = _address_space() + memory_mb * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    messages = MessageReader(pipe)
    _send(pipe, "warm")
    while (frame := messages.frame()) is not None:
        task = dispatcher.task(frame, messages)
        if task is None:
            continue
        try:
            _send(pipe, _within(cpu_seconds, task))
        except OSError:
            return
        del frame, task  # a page of 8 MB does not stay while the next is waited for


class _Dispatcher:
    """The worker's functions, and the topics, concepts, sources and templates it was sent."""

    def __init__(self, known: Mapping[str, Callable[..., object]]) -> None:
        self._known = known
        self._topics: tuple[Topic, ...] = ()
        self._lexicon: object = None
        self._sources: dict[str, tuple[Source, Template | None]] = {}

    def task(self, frame: bytes, messages: MessageReader) -> Callable[[], object] | None:
        """The call that this frame asks for; None if the frame only carries data to remember."""
        name, arguments = pickle.loads(
            memoryview(frame)[1:], buffers=[messages.frame() or b"" for _ in range(frame[0])]
        )
        if name == "topics":
            self._topics = tuple(arguments)
            _settle()
            return None
        if name == "lexicon":
            self._lexicon = self._known[name](*arguments)
            _settle()
            return None
        if name == "know":
            slug, source, template = arguments
            self._sources[slug] = (source, template)
            return None
        if name == "rejudge":
            articles, countries, slugs = arguments
            topics = [topic for topic in self._topics if topic.slug in slugs]
            return partial(self._known[name], articles, countries, topics)
        if name == "concepts":
            articles, names = arguments
            return partial(self._known[name], articles, self._lexicon, names)
        if name != "read":
            return partial(self._known[name], *arguments)
        page, slug = arguments
        source, template = self._sources[slug]
        read = partial(self._known[name], page, source, self._topics, template=template)
        return read if self._lexicon is None else partial(read, lexicon=self._lexicon)


def _within(cpu_seconds: float, task: Callable[[], object]) -> tuple[bool, object]:
    """Return the answer if the task needs no more CPU time; else the kernel ends this process,
    even in a parser's C code.
    """
    signal.setitimer(signal.ITIMER_PROF, cpu_seconds)
    # A worker that only waits is killed by its parent; if that died, by the alarm.
    signal.setitimer(signal.ITIMER_REAL, (WALL_FACTOR + 1) * cpu_seconds)
    try:
        return _answer(task)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)


def _answer(task: Callable[[], object]) -> tuple[bool, object]:
    try:
        return True, task()
    except (Exception, MemoryError) as error:
        return False, repr(error)[:500]


def _send(pipe: socket.socket, message: Any) -> None:
    frame = pack(message)
    sent = pipe.sendmsg((len(frame).to_bytes(HEADER_BYTES), frame))  # more than the header, always
    pipe.sendall(memoryview(frame)[sent - HEADER_BYTES :])


def _format_warning(
    message: Warning | str, category: type[Warning], filename: str, lineno: int, line: object = None
) -> str:
    """A warning of Python's on one line."""
    return f"{category.__name__}: {message} ({filename}:{lineno})\n"


def _settle() -> None:
    """Keep libraries and topics out of later garbage collections: they stay for good."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER_OBJECTS)


def _address_space() -> int:
    """Bytes of address space that the imports took: thread stacks and arenas, not memory in use.

    A page's limit counts from there, or it would be a limit on libraries. 0 if unknown.
    """
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except OSError:  # no Linux: the limit is then of the whole process
        return 0
    return pages * resource.getpagesize()
