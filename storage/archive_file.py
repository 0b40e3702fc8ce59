"""The file of a SQLite archive: where it is, and that only its owner reads it.

An archive says who is watched and who reads about it: its folder is made with mode 0700, the file
and its lock with 0600. SQLite gives its ``-wal`` and ``-shm`` the mode of the file.
"""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

from sqlalchemy.engine import make_url

_SUFFIXES = ("", "-wal", "-shm", ".lock")


def sqlite_file(url: str) -> Path | None:
    """The file of the archive at this URL; None if it is on PostgreSQL or in memory."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or parsed.database in (None, "", ":memory:"):
        return None
    return Path(str(parsed.database))


def make_private(path: Path) -> None:
    """Make the file and its folder, if they are missing, for their owner alone; OSError if not."""
    make_folder(path.parent)
    if not path.exists():
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))


def make_folder(folder: Path) -> None:
    """Make the archive's folder, if it is missing, for its owner alone; OSError if not."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def close_to_others(path: Path) -> None:
    """Take from everybody else what an older rasd or an umask let them do with our own files.

    The group keeps what it was given: that is how a desk shares an archive.
    """
    for suffix in _SUFFIXES:
        file = Path(f"{path}{suffix}")
        with suppress(OSError):
            found = file.stat()
            if found.st_uid == os.geteuid() and found.st_mode & stat.S_IRWXO:
                file.chmod(stat.S_IMODE(found.st_mode) & ~stat.S_IRWXO)
