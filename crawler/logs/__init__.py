"""The process's log on stderr: one line per fact, ``key=value`` or JSON, for people and for
programs.

rasd's own lines and those of Scrapy, Twisted, APScheduler, Python and the worker processes have the
same form: time (ISO 8601, UTC), level, event, then keys. docs/how-to/read-the-logs.md explains
rasd's own, docs/reference/log-lines.md lists their keys.

::

    log.info("polled", …) ─┐
    logging, warnings ─────┼─► lines ─► forms ─► stream
    stderr of workers ─────┘  (safe)  (console, json)  (never ends the process)
"""

import sys

if "rich" in sys.modules:
    import structlog
else:  # structlog would import it, and pygments with it, for tracebacks that are plain here: 7 MB
    sys.modules["rich"] = None  # type: ignore[assignment]
    import structlog  # noqa: F401

    del sys.modules["rich"]

from structlog import get_logger

from crawler.logs.forms import Format
from crawler.logs.setup import Level, adopt_twisted, set_up, whole_stderr

__all__ = ["Format", "Level", "adopt_twisted", "get_logger", "set_up", "whole_stderr"]
