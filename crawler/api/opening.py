"""An archive opened to be read by a program: configuration, seeds and database, nothing more."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from os import PathLike
from pathlib import Path

from crawler import app, config
from crawler.api.archive import OpenArchive
from crawler.app import knowledge, loaded_seeds
from crawler.config import Config
from storage.read_only import open_read_only


@contextmanager
def open_archive(chosen: str | PathLike[str] | Config | None = None) -> Iterator[OpenArchive]:
    """The archive of this configuration; see ``crawler.open``."""
    settings = chosen if isinstance(chosen, Config) else _load(chosen)
    with closing(open_read_only(settings.archive)) as archive:
        loaded = loaded_seeds.load(settings, last_good=True)
        if loaded.broken:
            warnings.warn(
                f"seeds are broken: {loaded.broken[0]}; the last good ones are used", stacklevel=3
            )
        found = loaded.found
        search = app.open_search(archive, found, found.concepts, files=loaded.files)
        opened = OpenArchive(
            archive=archive,
            search=search,
            seeds=found,
            known=knowledge.of(loaded, search.occurring),
            clock=app.now,
        )
        with closing(opened):
            yield opened


def _load(path: str | PathLike[str] | None) -> Config:
    """The configuration of this file; of None what the command line would take."""
    if path is None:
        path = os.environ.get("RASD_CONFIG") or None
    return config.load(Path(path) if path is not None else None)
