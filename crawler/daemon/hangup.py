"""What SIGHUP means: read the seeds again, or that the terminal is gone."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable


def listen(reload: Callable[[], None], stop: Callable[[], None]) -> None:
    """Have ``reload`` called at each SIGHUP on the running loop.

    If this process was started at a terminal which is gone by then, the signal asks for no reload:
    ``stop`` is called, unless the process was started to outlive its terminal (``nohup``).
    """
    attached = _has_terminal() and signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN

    def heard() -> None:
        if attached and not _has_terminal():
            stop()
        else:
            reload()

    asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, heard)


def _has_terminal() -> bool:
    try:
        os.close(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC))
    except OSError:
        return False
    return True
