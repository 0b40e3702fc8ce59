"""Scrapy's exporters, which write an ``ArticleRecord`` as every other answer of rasd has it.

JSON, JSON lines, marshal and pickle have ``record.row()``, the object of ``rasd search --json``;
CSV has ``exports.cells``; XML what ``_xml`` says. Items of other spiders are written as Scrapy
does, but a text that a spreadsheet would run as a formula is none in CSV.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from scrapy import exporters

from crawler.exports.cells import cells
from crawler.exports.record import ArticleRecord

if TYPE_CHECKING:
    _Base = exporters.BaseItemExporter
else:
    _Base = object

# Characters that XML 1.0 has no way to write (§2.2): other programs could not read the file.
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class _Rows(_Base):
    """What all have in common: a record is written as its row."""

    def export_item(self, item: Any) -> None:
        """Write one item."""
        row = self.row(item.row()) if isinstance(item, ArticleRecord) else item
        super().export_item(row)  # type: ignore[safe-super]  # Scrapy's exporter comes next

    def row(self, row: dict[str, Any]) -> dict[str, Any]:
        """The record's row as this format has it."""
        return row


class JsonExporter(_Rows, exporters.JsonItemExporter):
    """One JSON array of rows."""


class JsonLinesExporter(_Rows, exporters.JsonLinesItemExporter):
    """A JSON row a line."""


class MarshalExporter(_Rows, exporters.MarshalItemExporter):
    """Rows as Python's ``marshal`` has them."""


class PickleExporter(_Rows, exporters.PickleItemExporter):
    """Rows as Python's ``pickle`` has them."""


class CsvExporter(_Rows, exporters.CsvItemExporter):
    """A line of cells for each record."""

    def row(self, row: dict[str, Any]) -> dict[str, Any]:
        """The row's cells."""
        return cells(row)

    def _join_if_needed(self, value: Any) -> Any:
        """A cell; what is one already stays as it is."""
        try:
            return cells({"": value})[""] if not isinstance(value, Mapping) else _json(value)
        except TypeError:  # a list of other things than texts
            return _json(value)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


class XmlExporter(_Rows, exporters.XmlItemExporter):
    """An element for each record."""

    def row(self, row: dict[str, Any]) -> dict[str, Any]:
        """The row in texts: ``score`` is a list of ``label`` and ``score``, unknown is empty."""
        found: dict[str, Any] = _xml(row)
        return found


def _xml(value: Any, name: str = "") -> Any:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str():
            return _NOT_IN_XML.sub("\ufffd", value)
        case Mapping() if name == "score":  # a label need not be a name that XML permits
            return [{"label": label, "score": score} for label, score in value.items()]
        case Mapping():
            return {key: _xml(one, key) for key, one in value.items()}
        case list():
            return [_xml(one) for one in value]
    return value
