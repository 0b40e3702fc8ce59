"""Where a crawl's items go (``-o``, ``-O``, ``FEEDS``): tried before anything is requested.

An article is an item of one crawl only, so what cannot be exported should be known before it.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from urllib.parse import urlsplit

from scrapy.settings import BaseSettings
from scrapy.statscollectors import StatsCollector
from scrapy.utils.conf import feed_complete_default_values_from_settings
from w3lib.url import file_uri_to_path

from crawler.errors import FileNotWrittenError
from crawler.exports.record import ArticleRecord

FIELDS = tuple(field.name for field in fields(ArticleRecord))
FAILED = "feedexport/failed_count/"  # how Scrapy's counts of feeds that were not stored begin
STDOUT = ("-", "stdout:")


def settle(settings: BaseSettings) -> None:
    """Have the feeds' settings ready for a crawl; FileNotWrittenError if a file can't be written.

    Standard output cannot be overwritten, and ``-O -`` is not told so.
    """
    feeds = {str(uri): dict(options) for uri, options in settings.getdict("FEEDS").items()}
    for uri, options in feeds.items():
        if uri in STDOUT:
            options.pop("overwrite", None)
        elif (path := _path(uri)) is not None:
            _try(path)
    if feeds:
        settings.set("FEEDS", feeds, priority="cmdline")


def unknown_fields(settings: BaseSettings) -> Iterator[str]:
    """A line for each field that a feed asks for and an article record does not have."""
    feeds = settings.getdict("FEEDS").values()
    chosen = [feed_complete_default_values_from_settings(dict(one), settings) for one in feeds]
    for name in dict.fromkeys(name for one in chosen for name in one["fields"] or ()):
        if name not in FIELDS:
            near = difflib.get_close_matches(name, FIELDS, n=1, cutoff=0.5)
            meant = f"; did you mean {near[0]!r}?" if near else ""
            yield f"FEED_EXPORT_FIELDS: an article has no field {name!r}{meant}"


def not_stored(stats: StatsCollector) -> bool:
    """Whether a feed was not stored."""
    return any(name.startswith(FAILED) for name in stats.get_stats())


def _path(uri: str) -> Path | None:
    """The file of a feed; None if it is none, or if its name is only known later."""
    scheme = urlsplit(uri).scheme
    if scheme not in ("", "file") or "%(" in uri:
        return None
    return Path(file_uri_to_path(uri) if scheme else uri)


def _try(path: Path) -> None:
    """Open the file as the export will; its folder is made, the file is as it was."""
    existed = path.exists()
    if existed and not (path.is_file() or path.is_dir()):
        return  # a pipe or a device, which a reader may wait for
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.open("ab").close()
        if not existed:
            path.unlink()
    except OSError as error:
        raise FileNotWrittenError(path, error) from error
