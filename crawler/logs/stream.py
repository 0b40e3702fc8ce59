"""Where log lines go: stderr, whose faults end nothing."""

from __future__ import annotations

import os
import select
import threading
import weakref
from collections.abc import Callable
from typing import TextIO

WAIT_SECONDS = 1.0  # for a reader that stands still; once, then no line waits until it reads again
PIECE_BYTES = 4_096  # a pipe that takes anything takes so much without waiting (PIPE_BUF)


class LogStream:
    """A file-like object over stderr, whose faults end nothing. Any thread may write to it.

    Its disk may be full, its reader may be gone or stand still. A line that can't be written within
    a second is dropped, and before the next one that can be, ``lost`` words how many were. What
    was begun is ended first: no line stands in another.

    To a file descriptor it writes past Python's buffers, for what stays in them would fail once
    more when the process ends, and change its exit code. The descriptor is its own: what is done
    with stderr meanwhile is none of the log's concern. ``encoding``: of the lines; "": stderr's.
    """

    def __init__(
        self,
        stream: TextIO | None,
        encoding: str = "",
        lost: Callable[[int], str] = lambda count: f"({count} lines of the log were lost)",
    ) -> None:
        self._stream, self._descriptor = stream, _own_descriptor(stream)
        if self._descriptor is not None:
            weakref.finalize(self, os.close, self._descriptor)
        self._encoding = encoding or getattr(stream, "encoding", None) or "utf-8"
        self._word_lost = lost
        self._lock = threading.Lock()
        self._wait = WAIT_SECONDS
        self._lost = 0
        self._rest = b""  # of a line that was begun

    @property
    def closed(self) -> bool:
        """Whether the stream below is closed."""
        return self._stream is None or self._stream.closed

    def isatty(self) -> bool:
        """Whether a person reads it at a terminal."""
        return self._stream is not None and not self._stream.closed and self._stream.isatty()

    def write(self, text: str) -> int:
        """Write whole lines, or lose them; returns the text's length."""
        with self._lock:
            lost = f"{self._word_lost(self._lost)}\n" if self._lost else ""
            try:
                self._put(lost + text)
            except (OSError, ValueError):  # ValueError: a closed stream
                self._lost += 1
            else:
                self._lost = 0
        return len(text)

    def flush(self) -> None:
        """Nothing: what is written is written."""

    def _put(self, text: str) -> None:
        if self._stream is None:
            return
        if self._descriptor is None:
            self._stream.write(text)
            self._stream.flush()
            return
        self._push(self._descriptor)
        self._rest = data = text.encode(self._encoding, "backslashreplace")
        try:
            self._push(self._descriptor)
        except OSError:
            if len(self._rest) == len(data):
                self._rest = b""
                raise
            # It was begun: its rest comes before the next line, and it counts as written.

    def _push(self, descriptor: int) -> None:
        while self._rest:
            self._require_room(descriptor)
            self._rest = self._rest[os.write(descriptor, self._rest[:PIECE_BYTES]) :]

    def _require_room(self, descriptor: int) -> None:
        asked = select.poll()
        asked.register(descriptor, select.POLLOUT)
        if not asked.poll(self._wait * 1000):
            self._wait = 0.0
            raise BlockingIOError("the log's reader stands still")
        self._wait = WAIT_SECONDS


def _own_descriptor(stream: TextIO | None) -> int | None:
    """A descriptor of our own for stderr's file; None for a stream in memory, as tests have."""
    try:
        return os.dup(2) if stream is not None and stream.fileno() == 2 else None
    except (OSError, ValueError):
        return None
