"""The archive that a verb works on: its own, or an empty one; made or not; held or shared."""

from __future__ import annotations

import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from crawler.errors import NoArchiveError
from storage import lock
from storage.archive import archive_exists
from storage.engine import shown

ArchiveUse = Literal["made", "needed", "optional"]
"""What is done without an archive: one is made; NoArchiveError; an empty one, gone at the end."""


@contextmanager
def choose_archive(url: str, use: ArchiveUse) -> Iterator[str]:
    """The URL of an archive that may be opened: this one, or an empty one's."""
    if use == "made" or archive_exists(url):
        yield url
    elif use == "needed":
        raise NoArchiveError(f"{shown(url)}: no archive yet; rasd run or rasd poll makes it")
    else:
        with tempfile.TemporaryDirectory(prefix="rasd-") as folder:
            yield f"sqlite:///{folder}/rasd.sqlite"


@contextmanager
def hold_archive(url: str, *, locked: bool) -> Iterator[lock.Lock | None]:
    """Hold the archive's lock, if it is to be locked, else None; raises LockHeldError."""
    if not locked:
        yield None
        return
    held = lock.hold(url, pid=os.getpid(), host=socket.gethostname())
    try:
        yield held
    finally:
        held.release()
