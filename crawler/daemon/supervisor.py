"""What the daemon tells the service manager that started it: systemd's notification protocol.

A state is one datagram of ``KEY=value`` lines to the socket that NOTIFY_SOCKET names
(sd_notify(3)). Without that variable nothing is sent. A manager that can't be reached is no reason
to stop the watch.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

MICROSECONDS = 1_000_000  # WATCHDOG_USEC, in seconds
STATUS_CHARACTERS = 200  # a line of ``systemctl status``


@dataclass(frozen=True, slots=True)
class Supervisor:
    """The service manager; ``address`` is its socket, "" if there is none.

    ``watchdog_seconds``: it restarts us if it hears nothing for so long; 0: it doesn't wait.
    """

    address: str = ""
    watchdog_seconds: float = 0.0

    @classmethod
    def of(cls, environment: Mapping[str, str], pid: int) -> Self:
        """The manager that this environment names to the process of this id."""
        meant = environment.get("WATCHDOG_PID", str(pid)) == str(pid)
        given = environment.get("WATCHDOG_USEC", "")
        return cls(
            environment.get("NOTIFY_SOCKET", ""),
            int(given) / MICROSECONDS if meant and given.isdecimal() else 0.0,
        )

    def ready(self, status: str) -> None:
        """The watch has begun."""
        self._send("READY=1", _status(status))

    def ticked(self, status: str) -> None:
        """A tick of the daemon is over: what the watchdog waits for. A tick that hangs, or a loop
        that stands still, sends nothing."""
        if self.watchdog_seconds:
            self._send("WATCHDOG=1", _status(status))

    def stopping(self) -> None:
        """A stop was requested."""
        self._send("STOPPING=1", _status("stopping"))

    def _send(self, *lines: str) -> None:
        if self.address[:1] not in ("/", "@"):  # the only kinds that Linux has
            return
        where = os.fsencode(self.address)
        if where.startswith(b"@"):
            where = b"\0" + where[1:]
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as to:
                to.setblocking(False)
                to.sendto("\n".join(lines).encode(), where)
        except OSError:  # nobody listens, or its queue is full
            return


def _status(text: str) -> str:
    return f"STATUS={' '.join(text.split())[:STATUS_CHARACTERS]}"
