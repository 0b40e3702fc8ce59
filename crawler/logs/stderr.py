"""What takes stderr's place: a pipe whose lines are handed to a function, one by one.

The process's own descriptor 2 stays what it was: the last words of a process that dies by a fault
in C are not left in a pipe that has no reader any more.
"""

from __future__ import annotations

import io
import os
import select
import sys
import threading
from collections.abc import Callable
from typing import TextIO

PIECE_BYTES = 65_536
MAX_LINE_BYTES = 65_536  # then what came is taken for a line
ENDING_SECONDS = 1.0  # for what was written before the end to be said


class StderrPipe(io.TextIOWrapper):
    """A text stream, and a thread that calls ``said`` with each line written to it, by this process
    or by one that was started with its descriptor. Empty lines are passed over.

    ``before`` is what it takes the place of.
    """

    def __init__(self, before: TextIO | None, said: Callable[[str], None]) -> None:
        reader, writer = os.pipe()
        super().__init__(
            os.fdopen(writer, "wb", buffering=0),
            encoding="utf-8",
            errors="backslashreplace",
            write_through=True,
        )
        self.before = before
        self._said, self._reader = said, reader
        self._ended, self._end = os.pipe()  # a child may keep the other one open
        os.set_blocking(reader, False)
        self._thread = threading.Thread(target=self._listen, name="stderr", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Close it, and wait a moment for what was written to it to be said."""
        self.close()
        os.close(self._end)
        self._thread.join(ENDING_SECONDS)

    def _listen(self) -> None:
        waiting = select.poll()
        waiting.register(self._reader, select.POLLIN)
        waiting.register(self._ended, select.POLLIN)
        begun, ended = b"", False
        while not ended:
            ended = any(number == self._ended for number, _ in waiting.poll())
            while data := self._read():
                *whole, begun = (begun + data).split(b"\n")
                if len(begun) > MAX_LINE_BYTES:
                    whole, begun = [*whole, begun], b""
                for line in whole:
                    self._say(line)
        self._say(begun)
        os.close(self._reader)
        os.close(self._ended)

    def _read(self) -> bytes:
        try:
            return os.read(self._reader, PIECE_BYTES)
        except BlockingIOError:
            return b""

    def _say(self, line: bytes) -> None:
        text = line.decode("utf-8", "replace").rstrip()
        if text:
            self._said(text)


def real_stderr() -> TextIO | None:
    """``sys.stderr``, or what a pipe has taken the place of."""
    return sys.stderr.before if isinstance(sys.stderr, StderrPipe) else sys.stderr
