"""Articles in files: CSV for spreadsheets, lines of JSON for programs; one at a time."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator

import pytest

from crawler import exports
from crawler.exports.record import ArticleRecord, article_record
from tests.builders import NOW, kept

ABOUT = exports.Export(title="دجلة OR tigre", made_at=NOW)
HEADLINE = 'قال: «نعم», "oui"\r\nsuite\tet fin'


def a_record(number: int, headline: str = HEADLINE) -> ArticleRecord:
    """An article whose headline needs quotes."""
    return article_record(kept(number, headline=headline), country="MA")


def test_csv_comes_back_as_it_was() -> None:
    """RFC 4180: CRLF, quotes doubled, line breaks within quotes; a byte order mark for Excel."""
    written = b"".join(exports.ARTICLES["csv"]([a_record(1), a_record(2)], ABOUT))
    assert written.startswith(b"\xef\xbb\xbf") and written.endswith(b"\r\n")
    rows = list(csv.DictReader(io.StringIO(written.decode("utf-8-sig"), newline="")))
    assert [(row["id"], row["headline"], row["country"]) for row in rows] == [
        ("1", HEADLINE, "MA"), ("2", HEADLINE, "MA"),
    ]  # fmt: skip


@pytest.mark.parametrize("begin", ["=1", "+1", "-1", "@x", "\t=1", "\r=1", "\u200f=1", "＝1"])
def test_o5_no_cell_of_a_file_is_a_formula(begin: str) -> None:
    """The words of a page are no program: the apostrophe stands in the file, within quotes."""
    written = b"".join(exports.ARTICLES["csv"]([a_record(1, begin)], ABOUT)).decode("utf-8-sig")
    assert f',"\'{begin}"' in written or f'1,"\'{begin}"' in written


def test_lines_of_json_are_the_records() -> None:
    """A line each, in UTF-8, whatever its text holds."""
    written = b"".join(exports.ARTICLES["jsonl"]([a_record(1), a_record(2)], ABOUT))
    lines = written.decode("utf-8").splitlines()
    assert [json.loads(line) for line in lines] == [a_record(1).row(), a_record(2).row()]
    assert "نعم" in lines[0]


@pytest.mark.parametrize("name", exports.ARTICLES)
def test_each_format_writes_as_articles_come(name: str) -> None:
    """The first is written before the third is read: memory does not grow with their number."""
    read = 0

    def records() -> Iterator[ArticleRecord]:
        nonlocal read
        for number in range(1, 9):
            read += 1
            yield a_record(number)

    pieces = exports.ARTICLES[name](records(), ABOUT)
    next(pieces), next(pieces)
    assert read <= 2
