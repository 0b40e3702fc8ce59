"""The process's log on stderr: one line per fact, ``key=value`` or JSON, for people and for
programs.

rasd's own lines and those of Scrapy, Twisted and APScheduler have the same form: time (ISO 8601,
UTC), level, event, then keys. docs/how-to/read-the-logs.md explains each line.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any, Literal

if "rich" in sys.modules:
    import structlog
else:  # structlog would import it, and pygments with it, for tracebacks that are plain here: 7 MB
    sys.modules["rich"] = None  # type: ignore[assignment]
    import structlog

    del sys.modules["rich"]

from crawler.foreign_text import one_line, printable

Level = Literal["debug", "info", "warning", "error"]
Format = Literal["console", "json"]

# Library loggers that say less than others, whatever the level.
_QUIETER = {
    # It warns at every crawl that without a Referer middleware no Referer is sent: that is our
    # wish.
    "scrapy.downloadermiddlewares.redirect": logging.ERROR,
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
    structlog.configure(
        processors=[*shared, *rendering],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
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
