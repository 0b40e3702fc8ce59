"""The archive that a verb works on: its own, or an empty one; made or not; held or shared."""

from __future__ import annotations

import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from storage import lock, migrations
from storage.archive import archive_exists
from storage.engine import connect, missing, require_file

LOOK_SECONDS = 5  # a look waits so long for a process that holds the archive

ArchiveUse = Literal["made", "needed", "optional"]
"""What is done without an archive: one is made; NoArchiveError; an empty one, gone at the end."""


@contextmanager
def choose_archive(url: str, use: ArchiveUse) -> Iterator[str]:
    """The URL of an archive that may be opened: this one, or an empty one's."""
    if use == "made" or archive_exists(url):
        yield url
    elif use == "needed":
        raise missing(url)
    else:
        with tempfile.TemporaryDirectory(prefix="rasd-") as folder:
            yield f"sqlite:///{folder}/rasd.sqlite"


def require_usable(url: str) -> None:
    """Make sure that there is an archive of this rasd's version that can be read now; nothing is
    made or brought up to date.

    Raises NoArchiveError, ArchiveError for another version, and StorageError if it can't be read,
    for another process holds it, or its place is out of order.
    """
    require_file(url)
    engine = connect(url, busy_seconds=LOOK_SECONDS)
    try:
        migrations.require_newest(engine, url)
    finally:
        engine.dispose()


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
