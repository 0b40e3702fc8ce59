"""A worker process, and the pipe to it that nobody waits at.

::

    send ──► frames ──► socket ──► the worker: take a task, answer, take the next …
      └─► page ─► shelf ─► mmap ──┘   │
    heard ◄── frames ◄── socket ◄─────┘

A frame is its length, four bytes, the highest first, and so many bytes. A page's bytes lie on a shelf,
memory that both sides see, and a frame says where: the socket holds half a page, and copies it twice.
This side reads and writes
what can be read and written at once and is called by the event loop for the rest: a thread for
each worker would wait for the interpreter's lock before every page, 1.5 ms of the 5 a page took.
"""

from __future__ import annotations

import gc
import mmap
import multiprocessing
import os
import pickle
import resource
import signal
import socket
from asyncio import AbstractEventLoop
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, NamedTuple

from crawler.matching.topics import Topic
from crawler.model import Page, Source, Template

COLLECT_AFTER = (
    50_000  # new objects; a page makes some thousand, and nearly all go without being looked for
)
NICE = 5  # steps behind the process that asks: a page that waits to be fetched waits for a server as well
OUT_OF_TIME = signal.SIGPROF  # ends a worker whose task has had its CPU time
WALL_FACTOR = 30  # wall time a task has, in CPU time limits; at load 8 on two cores one took 8
HEADER = 4  # bytes of a frame's length
READ_BYTES = 256 * 1024  # at most at a time
LAID = 1 << 31  # in a frame's length: it lies on the shelf, and what follows is where, HEADER bytes
PLACE = 512 * 1024  # bytes of one place on a shelf; what is larger goes through the socket
PIECES = 16  # handed to the system in one call
BUFFERED = (
    1024 * 1024
)  # bytes asked of the system for what is on its way to a worker: a page and more

Buffer = bytes | memoryview
Functions = Callable[[], Mapping[str, Callable[..., object]]]
"""Gives what a worker can do, by name; called in the worker, which imports it then."""


class Laid(NamedTuple):
    """A frame that lies on the shelf."""

    at: int
    length: int


Frame = Buffer | Laid


class Shelf:
    """Memory that a worker and we see, in places that are filled one after the other, round and round.

    With as many places as tasks that a worker may have in hand, a place is free when its turn comes:
    tasks are answered in their order, and a worker takes what was laid as it takes the task.
    """

    def __init__(self, places: int) -> None:
        self._places, self._turn = places, 0
        self.end = os.memfd_create("rasd-shelf")  # Linux and FreeBSD have it
        os.ftruncate(self.end, places * PLACE)
        self._memory = mmap.mmap(self.end, places * PLACE)

    def lay(self, piece: memoryview) -> Laid | memoryview:
        """Where it lies; itself if it is too large."""
        if len(piece) > PLACE:
            return piece
        at = self._turn * PLACE
        self._turn = (self._turn + 1) % self._places
        self._memory[at : at + len(piece)] = piece
        return Laid(at, len(piece))

    def close(self) -> None:
        """No more of it."""
        self._memory.close()
        os.close(self.end)


def new_shelf(places: int) -> Shelf | None:
    """A shelf, where the system can have two processes share memory that has no name."""
    return Shelf(places) if hasattr(os, "memfd_create") else None


def spawn(
    functions: Functions, timeout: float, memory_mb: int, shelf: Shelf | None
) -> tuple[BaseProcess, socket.socket]:
    """A worker that has just been started, and our end of its pipe. Its first frame says that it is warm."""
    # spawn, not fork: a fork would carry the reactor, its sockets and its threads' locks.
    context = multiprocessing.get_context("spawn")
    ours, theirs = socket.socketpair()
    with theirs:
        process = context.Process(
            target=work,
            args=(theirs, functions, timeout, memory_mb),
            daemon=True,
            name="rasd-reader",
        )
        process.start()
        socket.send_fds(ours, [b"."], [shelf.end] if shelf is not None else [])
    ours.setblocking(False)
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, BUFFERED)
    return process, ours


class Pipe:
    """Our end: frames go out as fast as the worker takes them, and are told as they come.

    A frame that is told is to be read at once: it is a view of what was received.
    """

    def __init__(
        self, end: socket.socket, heard: Callable[[memoryview], None], ended: Callable[[], None]
    ) -> None:
        self._socket, self._heard, self._ended = end, heard, ended
        self._loop: AbstractEventLoop | None = None
        self._out: deque[memoryview] = deque()
        self._in = bytearray()
        self._waits = False  # for the worker to take something

    def attach(self, loop: AbstractEventLoop) -> None:
        """Be called by this loop from now on."""
        self._detach()
        self._loop = loop
        loop.add_reader(self._socket, self.look)
        self._write()

    def _detach(self) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.remove_reader(self._socket)
            self._loop.remove_writer(self._socket)
        self._loop, self._waits = None, False

    def close(self) -> None:
        """No more of it."""
        self._detach()
        self._socket.close()
        self._out.clear()

    @property
    def closed(self) -> bool:
        """Whether it was closed by us; its end is told to ``ended``."""
        return self._socket.fileno() < 0

    def send(self, *frames: Frame) -> None:
        """Have these told to the worker."""
        for frame in frames:
            if isinstance(frame, Laid):
                self._out.append(
                    memoryview((LAID | frame.length).to_bytes(HEADER) + frame.at.to_bytes(HEADER))
                )
            else:
                self._out += memoryview(len(frame).to_bytes(HEADER)), memoryview(frame)
        if not self._waits:
            self._write()

    def _write(self) -> None:
        if self._loop is None or self.closed:
            return
        try:
            while self._out:
                self._sent(self._socket.sendmsg(list(islice(self._out, PIECES))))
        except BlockingIOError:
            if not self._waits:
                self._waits = True
                self._loop.add_writer(self._socket, self._write)
            return
        except OSError:
            self._out.clear()  # its end is seen when it is read
        if self._waits:
            self._waits = False
            self._loop.remove_writer(self._socket)

    def _sent(self, count: int) -> None:
        while self._out and count >= len(self._out[0]):
            count -= len(self._out.popleft())
        if count:
            self._out[0] = self._out[0][count:]

    def look(self) -> None:
        """Tell what has come, up to READ_BYTES of it."""
        try:
            piece = self._socket.recv(READ_BYTES)
        except BlockingIOError:
            return
        except OSError:
            piece = b""
        if not piece:
            self.close()
            self._ended()
            return
        self._in += piece
        while not self.closed and len(self._in) >= HEADER:
            end = HEADER + int.from_bytes(self._in[:HEADER])
            if len(self._in) < end:
                return
            with memoryview(self._in) as whole, whole[HEADER:end] as frame:
                self._heard(frame)
            del self._in[:end]


def frames(name: str, arguments: Sequence[object], shelf: Shelf | None = None) -> list[Frame]:
    """A task as it is told: one byte that counts the large pieces in it, its pickle; then each piece.

    A page's or feed's bytes go as they are: pickled, they would be copied twice on either side. The
    first piece lies on the shelf, if there is one; hardly a task has a second.
    """
    pieces: list[pickle.PickleBuffer] = []
    told = [_apart(argument) for argument in arguments]
    packed = pickle.dumps((name, told), protocol=5, buffer_callback=pieces.append)
    raw: list[Frame] = [piece.raw() for piece in pieces]
    if shelf is not None and pieces:
        raw[0] = shelf.lay(pieces[0].raw())
    return [bytes((len(pieces),)) + packed, *raw]


def _apart(argument: object) -> object:
    if isinstance(argument, Page):
        return replace(argument, body=pickle.PickleBuffer(argument.body))  # type: ignore[arg-type]
    return pickle.PickleBuffer(argument) if isinstance(argument, bytes) else argument


# ── in the worker ─────────────────────────────────────────────────────────────────────────────


def work(pipe: socket.socket, functions: Functions, timeout: float, memory_mb: int) -> None:
    """A worker's life: answer tasks until the pipe closes.

    What comes is written by ``frames``; ``topics`` and ``know`` are remembered and not answered. An
    answer is (True, what the function gave) or (False, why not).
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which will kill us
    os.nice(NICE)
    desk = _Desk(functions())
    limit = _address_space() + memory_mb * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    told = _Told(pipe)
    _say(pipe, "warm")
    while (frame := told.frame()) is not None:
        task = desk.task(frame, told)
        if task is None:
            continue
        try:
            _say(pipe, _within(timeout, task))
        except OSError:
            return
        del frame, task  # a page of 8 MB does not stay while the next is waited for


class _Desk:
    """What a worker can do, and what it was told to remember."""

    def __init__(self, known: Mapping[str, Callable[..., object]]) -> None:
        self._known = known
        self._topics: tuple[Topic, ...] = ()
        self._sources: dict[str, tuple[Source, Template | None]] = {}

    def task(self, frame: bytes, told: _Told) -> Callable[[], object] | None:
        """What this frame asks for; None where it only tells something."""
        name, arguments = pickle.loads(
            memoryview(frame)[1:], buffers=[told.frame() or b"" for _ in range(frame[0])]
        )
        if name == "topics":
            self._topics = tuple(arguments)
            _settle()
            return None
        if name == "know":
            slug, source, template = arguments
            self._sources[slug] = (source, template)
            return None
        if name != "read":
            return partial(self._known[name], *arguments)
        page, slug = arguments
        source, template = self._sources[slug]
        return partial(self._known[name], page, source, self._topics, template=template)


def _within(cpu_seconds: float, task: Callable[[], object]) -> tuple[bool, object]:
    """The answer, if the task gives one in so much CPU time; else the kernel ends this process,
    also while it is in a parser's C code."""
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


class _Told:
    """What is told to a worker: through the pipe, and by what lies on the shelf."""

    def __init__(self, pipe: socket.socket) -> None:
        _, ends, _, _ = socket.recv_fds(pipe, 1, 1)
        self._shelf = mmap.mmap(ends[0], 0, access=mmap.ACCESS_READ) if ends else None
        for end in ends:
            os.close(end)
        self._pipe = pipe.makefile("rb")

    def frame(self) -> bytes | None:
        """The next frame; None at the pipe's end."""
        try:
            length = int.from_bytes(self._read(HEADER))
            if not length & LAID:
                return self._read(length)
            at = int.from_bytes(self._read(HEADER))
        except (OSError, EOFError):
            return None
        assert self._shelf is not None  # nothing is laid where there is none
        return self._shelf[at : at + length - LAID]

    def _read(self, count: int) -> bytes:
        read = self._pipe.read(count)
        if len(read) != count:
            raise EOFError(f"{len(read)} of {count} bytes")
        return read


def _say(pipe: socket.socket, said: Any) -> None:
    frame = pickle.dumps(said, protocol=pickle.HIGHEST_PROTOCOL)
    sent = pipe.sendmsg((len(frame).to_bytes(HEADER), frame))  # more than the header, always
    pipe.sendall(memoryview(frame)[sent - HEADER :])


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
