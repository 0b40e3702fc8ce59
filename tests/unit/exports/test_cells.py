"""Records in a spreadsheet."""

from __future__ import annotations

import csv
import io
import json

import pytest

from crawler.exports.cells import cells
from crawler.exports.record import article_record
from tests.builders import a_match, kept
from tests.unit.exports.test_record import RIVER, flagged


def test_every_column_is_one_cell() -> None:
    """Of text that a person reads, or a number."""
    row = cells(article_record(flagged(), country="MA", answer=a_match(mentions=(RIVER,))).row())
    assert row["labels"] == "general; security" and row["score"].startswith("general 0.90; ")  # type: ignore[union-attr]
    assert row["evidence"] == (
        "general: a river rises (+12): The river rose by a metre.\ngeneral: no drought (-3)"
    )
    assert row["actors"] == "A. Minister (minister, water)" and row["authors"] == "B; A"
    assert (row["id"], row["published_has_time"], row["section"]) == (7, "true", "")
    assert json.loads(str(row["mentions"]))[0]["text"] == "river"
    written = io.StringIO()
    csv.writer(written).writerow(row.values())
    (read,) = csv.reader(io.StringIO(written.getvalue()))
    assert read == [str(cell) for cell in row.values()]


@pytest.mark.parametrize(
    "begin",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\tx",
        "\rx",
        " =1",
        "\u200f=1",
        "\u200b\u00a0+1",
        "＝1",
        "\ufeff＠x",
    ],
)
def test_a_page_writes_no_formula(begin: str) -> None:
    """A spreadsheet shows its words instead of running them; numbers stay numbers."""
    row = article_record(kept(7, headline=begin, authors=(begin,))).row()
    assert cells(row)["headline"] == cells(row)["authors"] == f"'{begin}"
    assert cells({"points": -3}) == {"points": -3}
