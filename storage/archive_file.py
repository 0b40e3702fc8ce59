"""The file of a SQLite archive: where it is, and that only its owner reads it.

An archive says who is watched and who reads about it: its folder is made with mode 0700, the file
and its lock with 0600. SQLite gives its ``-wal`` and ``-shm`` the mode of the file.
"""

from __future__ import annotations

import os
import pwd
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


def refusal(file: Path, *, writing: bool = False) -> str:
    """Which right to an archive's file this user lacks and who has it, in a line; "" if none.

    It need not be there. ``writing``: the rights to write it and its log count, too.
    """
    for folder in reversed(file.absolute().parents):
        if not os.access(folder, os.X_OK):
            return _lacking(folder, "entered") if os.path.isdir(folder) else ""
    if os.path.exists(file):
        if not os.access(file, os.R_OK):
            return _lacking(file, "read")
        if writing and not os.access(file, os.W_OK):
            return _lacking(file, "written")
    if writing and os.path.isdir(file.parent) and not os.access(file.parent, os.W_OK):
        return _lacking(file.parent, "written")
    return ""


def _lacking(path: Path, done: str) -> str:
    owner, us = path.stat().st_uid, os.geteuid()
    if owner == us:
        return f"{path} can't be {done} by its owner {_name(us)}: look at its mode and its mount"
    return (
        f"{path} can't be {done} by {_name(us)}, it belongs to {_name(owner)}: "
        f"run rasd as {_name(owner)}"
    )


def _name(user: int) -> str:
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return f"user {user}"


def make_private(path: Path) -> None:
    """Make the file and its folder, if they are missing, for their owner alone; OSError if not."""
    make_folder(path.parent)
    if not path.exists():
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        give_to_owner(path)


def give_to_owner(path: Path) -> None:
    """What root makes in a folder of somebody else's belongs to them: a service that runs as that
    user could not open it otherwise. OSError if it can't be given."""
    if os.geteuid() == 0:
        owner = path.parent.stat()
        os.chown(path, owner.st_uid, owner.st_gid)


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
