"""Who has claimed a message: a process, named so that another one can tell whether it still runs.

``4711 83213 desk 4026531836 2f6c…``: pid, its start in ticks since boot, host, pid namespace, boot.
A pid alone would be given to another process sooner or later. Of another host, container or boot
nothing is known: there only the age of a claim counts.
"""

from __future__ import annotations

import os
import socket
from functools import cache
from pathlib import Path

_START = 19  # the field of /proc/<pid>/stat after its name: ticks from boot to start


def this_process() -> str:
    """The owner of what this process claims."""
    pid = os.getpid()
    return f"{pid} {_started(pid)} {_place()}"


def is_gone(owner: str) -> bool:
    """Whether this owner has certainly ended. "" is that of a claim by an earlier rasd, which
    cannot have the archive open any more."""
    if not owner:
        return True
    pid, _, rest = owner.partition(" ")
    started, _, place = rest.partition(" ")
    return place == _place() and pid.isdigit() and _started(int(pid)) != started


def _started(pid: int) -> str:
    """When the process started; "" if there is none of this pid, or if it is a zombie."""
    try:
        after_name = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""
    fields = after_name.rpartition(")")[2].split()
    return "" if fields[0] in "ZX" else fields[_START]


@cache
def _place() -> str:
    """Where pids mean the same: host, pid namespace and boot."""
    try:
        namespace = os.stat("/proc/self/ns/pid").st_ino
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        namespace, boot = 0, "?"
    return f"{socket.gethostname()} {namespace} {boot}"
