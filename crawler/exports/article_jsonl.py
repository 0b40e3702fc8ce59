"""Articles as lines of JSON (jsonlines.org), as they come, in UTF-8. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from crawler.exports.formats import Export
from crawler.exports.record import ArticleRecord


def write(records: Iterable[ArticleRecord], about: Export) -> Iterator[bytes]:
    """A line for each record: the object that ``rasd search --json`` has of it."""
    for record in records:
        yield json.dumps(record.row(), ensure_ascii=False).encode("utf-8") + b"\n"
