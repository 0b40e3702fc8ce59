"""One line a fact, ``key=value``, on stderr: for people and for grep."""

from __future__ import annotations

import logging
import sys

import structlog


def to_stderr() -> None:
    """Set the process's logs up; Scrapy's and APScheduler's own speak only from warnings on."""
    colors = sys.stderr.isatty()
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    # It warns at every crawl that without a Referer middleware no Referer is sent: that is our wish.
    logging.getLogger("scrapy.downloadermiddlewares.redirect").setLevel(logging.ERROR)
    # What could not be fetched is a poll's outcome or a sighting's fate, and has its line there.
    for name in ("retry", "robotstxt"):
        logging.getLogger(f"scrapy.downloadermiddlewares.{name}").setLevel(logging.CRITICAL)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="%H:%M:%S", utc=False),
            structlog.processors.format_exc_info,
            structlog.dev.ConsoleRenderer(colors=colors, pad_event_to=0, sort_keys=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
