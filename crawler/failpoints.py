"""Failpoints: named places at which tests kill the process; in real life they do nothing."""

from __future__ import annotations

import os
import signal

from crawler.errors import ConfigError
from crawler.polling import poll as polling_poll
from crawler.ports import Failpoint
from storage import transactions

FAILPOINTS = (*polling_poll.FAILPOINTS, *transactions.FAILPOINTS)
CRASH_AT = "RASD_CRASH_AT"  # tests name a failpoint here, and the process dies there by kill -9


def failpoints(armed: str | None) -> Failpoint:
    """What is called at each failpoint: nothing, or death at the armed one."""
    if armed is None:
        return lambda name: None
    if armed not in FAILPOINTS:
        raise ConfigError(
            f"{CRASH_AT}={armed!r} names no failpoint; known: {', '.join(FAILPOINTS)}"
        )

    def reached(name: str) -> None:
        if name == armed:
            os.kill(os.getpid(), signal.SIGKILL)

    return reached
