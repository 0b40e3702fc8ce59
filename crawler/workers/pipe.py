"""The pipe between the pool and a worker: frames, sent and received without blocking.

::

    send ──► frames ──► socket ──► the worker: take a task, answer, take the next …
      └─► page ─► page buffer ────┘   │
    on_frame ◄── frames ◄── socket ◄──┘

A frame is its length in four bytes, highest first, and so many bytes. A page's bytes are written
into memory that both processes share, and a frame names their place: the socket holds half a
page, and copies it twice. The parent's side reads and writes what can be read and written at once
and is called by the event loop for the rest; a thread per worker would wait for the interpreter's
lock before every page, 1.5 ms of the 5 a page took.
"""

from __future__ import annotations

import mmap
import os
import pickle
import socket
from asyncio import AbstractEventLoop
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import islice

from crawler.model import Page
from crawler.workers.packing import pack
from crawler.workers.shared_memory import Frame, InBuffer, PageBuffer

HEADER_BYTES = 4  # of a frame's length
READ_BYTES = 256 * 1024  # at most at a time
IN_BUFFER = (
    1 << 31
)  # flag in a frame's length: the bytes are in the page buffer, and their place follows
MAX_PIECES = 16  # handed to the system in one call


class Pipe:
    """The parent's end: frames go out as fast as the worker takes them.

    ``on_frame`` is called with each received frame, a view that is only valid during the call;
    ``on_end`` once, when the worker's end is closed.
    """

    def __init__(
        self, end: socket.socket, on_frame: Callable[[memoryview], None], on_end: Callable[[], None]
    ) -> None:
        self._socket, self._on_frame, self._on_end = end, on_frame, on_end
        self._loop: AbstractEventLoop | None = None
        self._out: deque[memoryview] = deque()
        self._in = bytearray()
        self._waits = False  # for the worker to take something

    def attach(self, loop: AbstractEventLoop) -> None:
        """Send and receive on this loop from now on."""
        self._detach()
        self._loop = loop
        loop.add_reader(self._socket, self.receive)
        self._write()

    def _detach(self) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.remove_reader(self._socket)
            self._loop.remove_writer(self._socket)
        self._loop, self._waits = None, False

    def close(self) -> None:
        """Close this end; ``on_end`` is not called."""
        self._detach()
        self._socket.close()
        self._out.clear()

    @property
    def closed(self) -> bool:
        """Whether this end is closed."""
        return self._socket.fileno() < 0

    def send(self, *frames: Frame) -> None:
        """Queue these frames and send what can be sent at once."""
        for frame in frames:
            if isinstance(frame, InBuffer):
                self._out.append(
                    memoryview(
                        (IN_BUFFER | frame.length).to_bytes(HEADER_BYTES)
                        + frame.at.to_bytes(HEADER_BYTES)
                    )
                )
            else:
                self._out += memoryview(len(frame).to_bytes(HEADER_BYTES)), memoryview(frame)
        if not self._waits:
            self._write()

    def _write(self) -> None:
        if self._loop is None or self.closed:
            return
        try:
            while self._out:
                self._sent(self._socket.sendmsg(list(islice(self._out, MAX_PIECES))))
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

    def receive(self) -> None:
        """Receive up to READ_BYTES and call ``on_frame`` for each whole frame."""
        try:
            piece = self._socket.recv(READ_BYTES)
        except BlockingIOError:
            return
        except OSError:
            piece = b""
        if not piece:
            self.close()
            self._on_end()
            return
        self._in += piece
        while not self.closed and len(self._in) >= HEADER_BYTES:
            end = HEADER_BYTES + int.from_bytes(self._in[:HEADER_BYTES])
            if len(self._in) < end:
                return
            with memoryview(self._in) as whole, whole[HEADER_BYTES:end] as frame:
                self._on_frame(frame)
            del self._in[:end]


def frames(
    name: str, arguments: Sequence[object], page_buffer: PageBuffer | None = None
) -> list[Frame]:
    """A task as frames: the count of its large pieces in one byte and its pickle; then each piece.

    A page's or feed's bytes are sent as they are: pickled, they would be copied twice on either
    side. The first piece goes into the page buffer, if there is one; few tasks have a second.
    """
    pieces: list[pickle.PickleBuffer] = []
    parts = [_unpickled(argument) for argument in arguments]
    packed = pack((name, parts), pieces.append)
    raw: list[Frame] = [piece.raw() for piece in pieces]
    if page_buffer is not None and pieces:
        raw[0] = page_buffer.write(pieces[0].raw())
    return [bytes((len(pieces),)) + packed, *raw]


def _unpickled(argument: object) -> object:
    if isinstance(argument, Page):
        return replace(argument, body=pickle.PickleBuffer(argument.body))  # type: ignore[arg-type]
    return pickle.PickleBuffer(argument) if isinstance(argument, bytes) else argument


class MessageReader:
    """The worker's end: frames from the pipe and from the page buffer."""

    def __init__(self, pipe: socket.socket) -> None:
        _, ends, _, _ = socket.recv_fds(pipe, 1, 1)
        self._page_buffer = mmap.mmap(ends[0], 0, access=mmap.ACCESS_READ) if ends else None
        for end in ends:
            os.close(end)
        self._pipe = pipe.makefile("rb")

    def frame(self) -> bytes | None:
        """The next frame; None at the end of the pipe."""
        try:
            length = int.from_bytes(self._read(HEADER_BYTES))
            if not length & IN_BUFFER:
                return self._read(length)
            at = int.from_bytes(self._read(HEADER_BYTES))
        except (OSError, EOFError):
            return None
        assert self._page_buffer is not None  # no frame names a place without one
        return self._page_buffer[at : at + length - IN_BUFFER]

    def _read(self, count: int) -> bytes:
        read = self._pipe.read(count)
        if len(read) != count:
            raise EOFError(f"{len(read)} of {count} bytes")
        return read
