"""Failpoints: named places at which tests kill the process; in real life they do nothing."""

from __future__ import annotations

import os
import signal

from crawler.errors import ConfigError
from crawler.ports import Failpoint

CRASH_AT = "RASD_CRASH_AT"  # tests name a failpoint here, and the process dies there by kill -9


def failpoints(armed: str | None) -> Failpoint:
    """What is called at each failpoint: nothing, or death at the armed one."""
    if armed is None:
        return lambda name: None
    if armed not in (known := all_failpoints()):
        raise ConfigError(f"{CRASH_AT}={armed!r} names no failpoint; known: {', '.join(known)}")

    def reached(name: str) -> None:
        if name == armed:
            os.kill(os.getpid(), signal.SIGKILL)

    return reached


def all_failpoints() -> tuple[str, ...]:
    """The names of all of them."""
    from crawler.polling import poll  # here: what is never armed waits for neither
    from storage import transactions

    return (*poll.FAILPOINTS, *transactions.FAILPOINTS)
