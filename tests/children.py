"""The processes that a test run has begun and not ended."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path

ENDING_SECONDS = 30.0  # for those that are about to end
OF_PYTHON = "multiprocessing.resource_tracker"  # lives as long as the process that uses workers


def running() -> dict[int, str]:
    """The children of this process that still run: process id and command line."""
    found: dict[int, str] = {}
    for task in Path(f"/proc/{os.getpid()}/task").iterdir():
        with suppress(FileNotFoundError, ProcessLookupError):
            for pid in map(int, (task / "children").read_text().split()):
                command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
                if command and OF_PYTHON not in command:  # a process that has ended has none
                    found[pid] = command.strip()
    return found


def expect_none() -> None:
    """Fail, naming them, if children of this process are left once they had time to end."""
    ends_at = time.monotonic() + ENDING_SECONDS
    while (left := running()) and time.monotonic() < ends_at:
        time.sleep(0.05)
    assert not left, "tests left processes behind: " + "; ".join(
        f"{pid}: {command}" for pid, command in left.items()
    )
