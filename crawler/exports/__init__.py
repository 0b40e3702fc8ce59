"""What leaves rasd: articles as one ``record``; sources in formats, one pure module a format, which
are listed here by name.

A format's name is the suffix of its files. How to add one: ``docs/how-to/add-an-export-format.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from crawler.exports import article_atom, article_csv, article_jsonl, opml
from crawler.exports.formats import Export, FormatError, format_of
from crawler.exports.record import ArticleRecord
from crawler.model import Source

__all__ = ["ARTICLES", "SOURCES", "Export", "FormatError", "format_of"]

SOURCES: dict[str, Callable[[Iterable[Source], datetime], bytes]] = {
    "opml": opml.write,
}
"""Format → what writes sources in it, given the time of the export."""

ARTICLES: dict[str, Callable[[Iterable[ArticleRecord], Export], Iterator[bytes]]] = {
    "atom": article_atom.write,
    "csv": article_csv.write,
    "jsonl": article_jsonl.write,
}
"""Format → what writes articles in it, piece by piece: however many, one is in memory at a time."""
