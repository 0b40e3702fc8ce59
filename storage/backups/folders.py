"""The folders in which backups stand: their names, which of them are too old, what is left of
attempts that broke off."""

from __future__ import annotations

import os
import re
import shutil
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from crawler.errors import BackupError, BackupRefusedError
from storage.backups import proving

PARTIAL = ".partial"  # what a name ends with while the backup is written
_NAME = re.compile(r"rasd-\d{8}T\d{6}Z")


def begin(place: Path, now: datetime) -> Path:
    """A new, empty folder in ``place`` for a backup that is written; BackupError if there can be
    none. What earlier attempts left there is removed."""
    try:
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        for old in place.glob(f"rasd-*{PARTIAL}"):
            if _NAME.fullmatch(old.name.removesuffix(PARTIAL)) and not old.is_symlink():
                shutil.rmtree(old)
        folder = place.resolve() / f"rasd-{now:%Y%m%dT%H%M%SZ}{PARTIAL}"
        if finished(folder).exists():
            raise BackupError(f"{finished(folder)} is there already")
        folder.mkdir(mode=0o700)
    except OSError as error:
        raise BackupError(f"{place}: {error.strerror}") from error
    return folder


def finished(folder: Path) -> Path:
    """The name that a folder gets when its backup is whole."""
    return folder.with_name(folder.name.removesuffix(PARTIAL))


def finish(folder: Path) -> Path:
    """Give a whole backup its name, so that it is there after a power cut as well."""
    whole = finished(folder)
    sync(folder)
    folder.rename(whole)
    sync(whole.parent)
    return whole


def sync(path: Path) -> None:
    """Have the disk hold this file, or this folder's names."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def rotate(place: Path, archive: str, keep: int) -> list[Path]:
    """Remove the oldest backups of this archive, so that ``keep`` are left; returns the removed.

    What is not a backup, or of another archive, is left alone.
    """
    ours = []
    for folder in sorted(place.iterdir(), reverse=True):
        if _NAME.fullmatch(folder.name) and not folder.is_symlink():
            with suppress(BackupRefusedError):
                if proving.manifest_of(folder).archive == archive:
                    ours.append(folder)
    for old in ours[keep:]:
        try:
            shutil.rmtree(old)
        except OSError as error:
            raise BackupError(f"{old}: cannot be removed: {error.strerror}") from error
    return ours[keep:]
