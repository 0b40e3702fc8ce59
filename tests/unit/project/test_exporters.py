"""Records in Scrapy's formats; the four that people use are compared in the integration tests."""

from __future__ import annotations

import csv
import io
import json
import marshal
import pickle
from dataclasses import replace
from typing import Any

import pytest
from lxml import etree

from crawler.exports.cells import cells
from crawler.exports.record import ArticleRecord, article_record
from crawler.project import exporters
from tests.builders import a_match, kept


def a_record(headline: str = "Dams are full") -> ArticleRecord:
    """The record of an article with a label whose name is none of XML's."""
    match = replace(a_match("general"), score={"general": 0.8, "2nd": 0.6})
    found = replace(kept(7, "It rained.", headline=headline, authors=("A", "B")), matches=(match,))
    return article_record(found, country="MA")


def exported(exporter: type[Any], *items: object, **options: Any) -> bytes:
    """What an exporter writes."""
    file = io.BytesIO()
    writer = exporter(file, **options)
    writer.start_exporting()
    for item in items:
        writer.export_item(item)
    writer.finish_exporting()
    return file.getvalue()


def test_json_marshal_and_pickle_have_the_row() -> None:
    """As ``rasd search --json`` has it."""
    record = a_record()
    row = record.row()
    assert json.loads(exported(exporters.JsonExporter, record)) == [row]
    assert json.loads(exported(exporters.JsonLinesExporter, record)) == row
    assert marshal.loads(exported(exporters.MarshalExporter, record)) == row
    assert pickle.loads(exported(exporters.PickleExporter, record)) == row


def test_csv_has_the_cells() -> None:
    """Each once: what stands in a cell is not joined or marked again. O5: a headline is no
    formula."""
    record = a_record("=HYPERLINK(1)")
    (row,) = csv.DictReader(io.StringIO(exported(exporters.CsvExporter, record).decode()))
    assert row == {name: str(cell) for name, cell in cells(record.row()).items()}
    assert row["headline"] == "'=HYPERLINK(1)" and row["authors"] == "A; B"


def test_csv_of_a_users_own_items_is_safe_and_readable() -> None:
    """O5 holds for them as well; what is nested is JSON, not Python."""
    item = {"a": "=1+1", "b": ["x", "y"], "c": [{"d": None}], "e": {"f": 1}, "g": None}
    (row,) = csv.DictReader(io.StringIO(exported(exporters.CsvExporter, item).decode()))
    assert row == {"a": "'=1+1", "b": "x; y", "c": '[{"d": null}]', "e": '{"f": 1}', "g": ""}


def test_xml_is_well_formed_whatever_a_page_says() -> None:
    """Characters that XML can't have are replaced, and no label has to be a name of XML's."""
    root = etree.fromstring(exported(exporters.XmlExporter, a_record("a\x0bb\ufffe <&")))
    (item,) = root
    assert item.findtext("headline") == "a\ufffdb\ufffd <&"
    assert [value.text for value in item.find("authors")] == ["A", "B"]
    scores = [(one.findtext("label"), one.findtext("score")) for one in item.find("score")]
    assert scores == [("general", "0.8"), ("2nd", "0.6")]
    assert item.findtext("section") == "" and item.findtext("published_has_time") in ("", "true")


@pytest.mark.parametrize("exporter", [exporters.JsonLinesExporter, exporters.CsvExporter])
def test_fields_are_chosen_and_renamed_as_scrapy_does(exporter: type[Any]) -> None:
    """``FEED_EXPORT_FIELDS`` as a list, or as a mapping to other names."""
    text = exported(exporter, a_record(), fields_to_export={"headline": "title"}).decode()
    assert "title" in text and "Dams are full" in text and "source" not in text
