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

# structlog would import them: 7 MB of rich and pygments for tracebacks that are plain here, and
# Twisted, whose lines come through logging.
try:
    _unused = [name for name in ("rich", "twisted") if name not in sys.modules]
    sys.modules.update(dict.fromkeys(_unused))  # type: ignore[arg-type]
    import structlog  # noqa: F401
finally:
    for _name in _unused:
        del sys.modules[_name]

from structlog import get_logger

from crawler.logs.forms import Format
from crawler.logs.setup import Level, adopt_twisted, set_up, whole_stderr

__all__ = ["Format", "Level", "adopt_twisted", "get_logger", "set_up", "whole_stderr"]
