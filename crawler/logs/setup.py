"""How the log is set up: what is heard, from which level on, and in which form it is written."""

from __future__ import annotations

import logging
import os
import sys
import threading
import warnings
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any, Literal, TextIO

import structlog

from crawler.errors import StorageError
from crawler.logs import forms
from crawler.logs.stderr import StderrPipe, real_stderr
from crawler.logs.stream import LogStream

Level = Literal["debug", "info", "warning", "error"]
log = structlog.get_logger("rasd")

LOST = "lines of the log were lost"

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
    "scrapy.core.downloader.handlers.http11": logging.ERROR,  # too big, cut short: at each poll
    "scrapy.core.downloader.tls": logging.ERROR,
}
_LEVELS = (
    (logging.CRITICAL, "critical"),
    (logging.ERROR, "error"),
    (logging.WARNING, "warning"),
    (logging.INFO, "info"),
)


def set_up(level: Level = "info", form: forms.Format = "console") -> None:
    """Write lines from this level on to stderr, in this form; calling it again replaces both.

    Libraries are heard from warnings on, with ``debug`` from debug on.
    """
    number = logging.getLevelNamesMapping()[level.upper()]
    rendering: list[Any] = [structlog.processors.format_exc_info, _renderer(form)]
    stream: Any = LogStream(real_stderr(), "utf-8" if form == "json" else "", _word_lost(form))
    time = structlog.processors.TimeStamper(fmt="%Y-%m-%dT%H:%M:%SZ", utc=True)
    structlog.configure(
        processors=[_drop_what_was_said, structlog.processors.add_log_level, time, *rendering],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.WriteLoggerFactory(stream),
        cache_logger_on_first_use=False,
    )
    handler = _Handler(stream)
    handler.addFilter(lambda record: not _was_said(record.exc_info))
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, _add_level, time],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *rendering],
        )
    )
    of_libraries = number if level == "debug" else max(number, logging.WARNING)
    logging.basicConfig(level=of_libraries, handlers=[handler], force=True)
    for name, quieter in _QUIETER.items():
        logging.getLogger(name).setLevel(quieter)


class _Handler(logging.StreamHandler[Any]):
    """Writes what libraries say; a line that can't be worded is one that says so."""

    def handleError(self, record: logging.LogRecord) -> None:
        """Log that this record could not be written, and why."""
        log.error("a log line could not be worded", of=record.name, exc_info=True)


def _add_level(logger: object, method: str, line: MutableMapping[str, Any]) -> Any:
    """One of our levels, also for a level of a library's own."""
    number = line["_record"].levelno
    line["level"] = next((name for least, name in _LEVELS if number >= least), "debug")
    return line


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


def _renderer(form: forms.Format) -> Any:
    stream = real_stderr()
    colors = forms.wants_colors(stream is not None and stream.isatty())
    render = forms.renderer(form, colors=colors, priorities=_is_the_journal(stream))
    return lambda logger, method, line: render(line)


def _word_lost(form: forms.Format) -> Any:
    """What is written in the place of lines that were lost."""
    render = _renderer(form)
    time = structlog.processors.TimeStamper(fmt="%Y-%m-%dT%H:%M:%SZ", utc=True)

    def word(count: int) -> str:
        line = {"level": "warning", "event": LOST, "lines": count}
        return str(render(None, "", time(None, "", line)))

    return word


def _is_the_journal(stream: TextIO | None) -> bool:
    """Whether systemd's journal reads this stream: JOURNAL_STREAM names its file (systemd.exec(5)).

    It may name that of a parent whose output goes elsewhere.
    """
    try:
        file = os.fstat(stream.fileno()) if stream is not None else None
    except (OSError, ValueError):
        return False
    named = os.environ.get("JOURNAL_STREAM", "")
    return file is not None and named == f"{file.st_dev}:{file.st_ino}"


def _log_warning(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    said = f"{category.__name__}: {message} ({filename}:{lineno})"
    logging.getLogger("py.warnings").warning("%s", said)


def _log_uncaught(error: BaseException | None, where: str) -> None:
    log.critical("an error was not caught", where=where, exc_info=error)


def adopt_twisted() -> None:
    """Write Twisted's own lines, such as an error that no callback handled, like all others."""
    from twisted.logger import STDLibLogObserver, globalLogBeginner

    observer: Any = STDLibLogObserver("twisted")
    globalLogBeginner.beginLoggingTo([observer], redirectStandardIO=False)


@contextmanager
def whole_stderr() -> Iterator[None]:
    """Write all that would appear on stderr like the other lines: what is printed there by us or by
    a process that we start, Python's warnings, and errors that nothing catches."""
    hooks = warnings.showwarning, sys.excepthook, threading.excepthook, sys.unraisablehook
    printed = logging.getLogger("stderr")
    pipe, before = StderrPipe(sys.stderr, lambda line: printed.warning("%s", line)), sys.stderr
    sys.stderr = pipe
    _adopt_python()
    try:
        yield
    finally:
        warnings.showwarning, sys.excepthook, threading.excepthook, sys.unraisablehook = hooks
        sys.stderr = before
        pipe.end()


def _adopt_python() -> None:
    """Write Python's warnings, and errors that nothing caught, like all other lines."""
    warnings.showwarning = _log_warning
    sys.excepthook = lambda kind, error, traceback: _log_uncaught(error, "the main thread")
    threading.excepthook = lambda of: _log_uncaught(
        of.exc_value, f"thread {of.thread.name if of.thread is not None else '?'}"
    )
    sys.unraisablehook = lambda of: _log_uncaught(of.exc_value, of.err_msg or "a finalizer")
