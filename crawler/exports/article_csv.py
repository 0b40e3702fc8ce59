"""Articles as CSV for a spreadsheet (RFC 4180), as they come: a column a field of the record. Pure.

UTF-8 with a byte order mark, without which Excel reads Arabic as Latin-1. Lines end in CRLF, texts
are quoted, numbers are not. ``cells`` says what a cell holds, and that none is run as a formula.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import fields

from crawler.exports.cells import cells
from crawler.exports.formats import Export
from crawler.exports.record import ArticleRecord


def write(records: Iterable[ArticleRecord], about: Export) -> Iterator[bytes]:
    """The header line, then one for each record; cells in quotes may hold line breaks."""
    yield codecs.BOM_UTF8 + _line(field.name for field in fields(ArticleRecord))
    for record in records:
        yield _line(cells(record.row()).values())


def _line(values: Iterable[object]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_NONNUMERIC).writerow(values)
    return text.getvalue().encode("utf-8")
