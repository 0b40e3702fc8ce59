"""The process's log on stderr: one line per fact, ``key=value`` or JSON, for people and for
programs.

rasd's own lines and those of Scrapy, Twisted and APScheduler have the same form: time (ISO 8601,
UTC), level, event, then keys. docs/how-to/read-the-logs.md explains each line.
"""

from __future__ import annotations

import logging
import os
import select
import sys
from collections.abc import MutableMapping
from typing import Any, Literal, TextIO

if "rich" in sys.modules:
    import structlog
else:  # structlog would import it, and pygments with it, for tracebacks that are plain here: 7 MB
    sys.modules["rich"] = None  # type: ignore[assignment]
    import structlog

    del sys.modules["rich"]

from crawler.errors import StorageError
from crawler.foreign_text import one_line, printable

Level = Literal["debug", "info", "warning", "error"]
Format = Literal["console", "json"]
WAIT_SECONDS = 1.0  # for a reader that stands still; once, then no line waits until it reads again
PIECE_BYTES = 4_096  # a pipe that takes anything takes so much without waiting (PIPE_BUF)

# Library loggers that say less than others, whatever the level.
_QUIETER = {
    # It warns at every crawl that without a Referer middleware no Referer is sent: that is our
    # wish.
    "scrapy.downloadermiddlewares.redirect": logging.ERROR,
    # A tick that waits for a server that is away is not begun a second time; the log knows why.
    "apscheduler.scheduler": logging.ERROR,
    # What could not be fetched is a poll's outcome or a sighting's fate, and has its line there.
    "scrapy.downloadermiddlewares.retry": logging.CRITICAL,
    "scrapy.downloadermiddlewares.robotstxt": logging.CRITICAL,
}


def set_up(level: Level = "info", form: Format = "console") -> None:
    """Write lines from this level on to stderr, in this form; calling it again replaces both.

    Libraries are heard from warnings on, with ``debug`` from debug on.
    """
    number = logging.getLevelNamesMapping()[level.upper()]
    shared: list[Any] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="%Y-%m-%dT%H:%M:%SZ", utc=True),
    ]
    rendering = [structlog.processors.format_exc_info, _without_escapes, _renderer(form)]
    stream: Any = LogStream(sys.stderr)
    structlog.configure(
        processors=[_drop_what_was_said, *shared, *rendering],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(stream),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream)
    handler.addFilter(lambda record: not _was_said(record.exc_info))
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *rendering],
        )
    )
    of_libraries = number if level == "debug" else max(number, logging.WARNING)
    logging.basicConfig(level=of_libraries, handlers=[handler], force=True)
    for name, quieter in _QUIETER.items():
        logging.getLogger(name).setLevel(quieter)


def _without_escapes(logger: object, method: str, line: MutableMapping[str, Any]) -> dict[str, Any]:
    """The line without a character that a terminal obeys; only a traceback has line feeds."""
    traceback = line.pop("exception", None)
    shown: dict[str, Any] = one_line(line)
    if traceback is not None:
        shown["exception"] = printable(str(traceback))
    return shown


def _drop_what_was_said(logger: Any, name: str, event: Any) -> Any:
    """No line for what breaks because the archive can't be used: its watch has one for all."""
    if _was_said(event.get("exc_info")):
        raise structlog.DropEvent
    return event


def _was_said(info: Any) -> bool:
    error = sys.exc_info()[1] if info is True else info[1] if isinstance(info, tuple) else info
    while isinstance(error, BaseException):
        if isinstance(error, StorageError):
            return True
        error = error.__cause__
    return False


def _renderer(form: Format) -> Any:
    if form == "json":
        return structlog.processors.JSONRenderer(ensure_ascii=False, default=str)
    return structlog.dev.ConsoleRenderer(
        colors=sys.stderr.isatty(),
        pad_event_to=0,
        sort_keys=False,
        exception_formatter=structlog.dev.plain_traceback,
    )


def adopt_twisted() -> None:
    """Write Twisted's own lines, such as an error that no callback handled, like all others."""
    from twisted.logger import STDLibLogObserver, globalLogBeginner

    observer: Any = STDLibLogObserver("twisted")
    globalLogBeginner.beginLoggingTo([observer], redirectStandardIO=False)


class LogStream:
    """A file-like object over stderr, whose faults end nothing.

    Its disk may be full, its reader may be gone or stand still. A line that can't be written within
    a second is dropped, and the next one that can be says how many were.

    To a file descriptor it writes past Python's buffers, for what stays in them would fail once
    more when the process ends, and change its exit code.
    """

    def __init__(self, stream: TextIO | None) -> None:
        self._stream, self._descriptor = stream, _descriptor(stream)
        self._wait = WAIT_SECONDS
        self._lost = 0

    @property
    def closed(self) -> bool:
        """Whether the stream below is closed."""
        return self._stream is None or self._stream.closed

    def isatty(self) -> bool:
        """Whether a person reads it at a terminal."""
        return self._stream is not None and not self._stream.closed and self._stream.isatty()

    def write(self, text: str) -> int:
        """Write a text, or lose it; returns its length."""
        if self._lost and not text.strip():
            return len(text)  # the end of a line that is lost
        if self._lost:
            text = f"({self._lost} lines of the log were lost)\n{text}"
        try:
            self._put(text)
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
        data = text.encode(self._stream.encoding or "utf-8", "backslashreplace")
        while data:
            self._require_room(self._descriptor)
            data = data[os.write(self._descriptor, data[:PIECE_BYTES]) :]

    def _require_room(self, descriptor: int) -> None:
        asked = select.poll()
        asked.register(descriptor, select.POLLOUT)
        if not asked.poll(self._wait * 1000):
            self._wait = 0.0
            raise BlockingIOError("the log's reader stands still")
        self._wait = WAIT_SECONDS


def _descriptor(stream: TextIO | None) -> int | None:
    try:
        number = stream.fileno() if stream is not None else None
    except (OSError, ValueError):  # a stream in memory, as tests have
        return None
    return number if number == 2 else None
