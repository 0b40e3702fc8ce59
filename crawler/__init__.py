"""rasd: a press watch. This file is the map; the code starts in ``cli`` and meets in ``app``.

::

    seeds/*.yml ─► seeds ─► spiders ─► Page ─► extraction ─► Article ─► matching ─► Reading ─►
    storage
     (words)      (strict)  (fetch)   (bytes)    (pure)       (facts)    (pure)                   │
                                                                                                  ▼
          inbox ◄── channels ◄── outbox ◄── rendering ◄── Digest ◄── digest (pure) ◄──
          storage.archive
      terminal ◄── cli ◄──────────────────────────────────────────────────────────────
      storage.search

``model`` defines every noun that flows here, ``ports`` what crosses a border of the contracts,
``app`` chooses the concrete things. Who may import whom stands in ``pyproject.toml``.

Programs use it by ``crawler.open()``: ``docs/how-to/use-from-python.md``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from os import PathLike

    from crawler.api import OpenArchive
    from crawler.config import Config

__version__ = "0.1.0"


def open(config: str | PathLike[str] | Config | None = None) -> AbstractContextManager[OpenArchive]:
    """The archive of this configuration, to read it: ``with crawler.open() as archive: …``.

    ``config`` is the path of a ``rasd.toml``, a ``Config``, or None for what the command line would
    take: the environment, ``rasd.toml`` in the current folder, defaults. Nothing is written, made,
    brought up to date or locked; a daemon may be at work meanwhile. Raises, on entering, the errors
    of ``crawler.errors``: ConfigError, SeedError, NoArchiveError, ArchiveError, StorageError.
    """
    from crawler import api  # here: ``import crawler`` costs nothing

    return api.open_archive(config)
