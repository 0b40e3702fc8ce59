"""A format is one module and one line of the door: named, or known by the suffix of its file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from crawler import exports
from crawler.cli.main import commands
from crawler.errors import FileNotWrittenError
from crawler.exports import FormatError, format_of
from crawler.model import Feed, Source
from tests import builders, howto
from tests.unit.small_seeds import FILES

KNOWN = ("toy", "opml")


@pytest.mark.parametrize(
    ("file", "named", "name"),
    [
        ("a.toy", None, "toy"),
        ("a.OPML", None, "opml"),
        ("a.toy", "opml", "opml"),
        ("-", "toy", "toy"),
    ],
)
def test_a_format_is_named_or_is_the_suffix(file: str, named: str | None, name: str) -> None:
    """The name counts before the suffix."""
    assert format_of(file, named, KNOWN) == name


@pytest.mark.parametrize(
    ("file", "named", "problem"),
    [
        ("-", None, "which format? give --format: opml, toy"),
        ("a.xls", None, "a.xls: its suffix names no format; give --format: opml, toy"),
        ("a", None, "a: its suffix names no format; give --format: opml, toy"),
        ("a.toy", "xls", "no format 'xls'; known: opml, toy"),
    ],
)
def test_an_unknown_format_is_refused(file: str, named: str | None, problem: str) -> None:
    """With those that there are."""
    with pytest.raises(FormatError) as raised:
        format_of(file, named, KNOWN)
    assert str(raised.value) == problem


@pytest.fixture(autouse=True)
def small_seeds(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A folder of two sources is in use."""
    for name, text in FILES.items():
        path = tmp_path / "seeds" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    monkeypatch.setenv("RASD_SEEDS", str(tmp_path / "seeds"))


def test_a_toy_format_is_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What stands in the door can be written to a file and to stdout."""

    def write(sources: Iterable[Source], now: datetime) -> bytes:
        return "\n".join(source.slug for source in sources).encode()

    monkeypatch.setitem(exports.SOURCES, "toy", write)
    run, file = CliRunner(), tmp_path / "sources.toy"
    assert run.invoke(commands, ["sources", "export", str(file)]).exit_code == 0
    assert sorted(file.read_text().splitlines()) == ["nahr", "une"]
    printed = run.invoke(commands, ["sources", "export", "-", "--format", "toy"])
    assert printed.stdout_bytes == file.read_bytes()


def test_an_export_names_one_file(tmp_path: Path) -> None:
    """``--opml FILE`` is FILE in that format; a file that can't be written is named."""
    run, file = CliRunner(), tmp_path / "x"
    assert run.invoke(commands, ["sources", "export"]).exit_code == 2
    assert run.invoke(commands, ["sources", "export", "a.opml", "--opml", "b"]).exit_code == 2
    assert run.invoke(commands, ["sources", "export", "--opml", str(file)]).exit_code == 0
    assert file.read_bytes().startswith(b"<?xml")
    failed = run.invoke(commands, ["sources", "export", str(tmp_path / "none" / "x.opml")])
    assert isinstance(failed.exception, FileNotWrittenError)
    assert "x.opml: cannot be written: No such file" in str(failed.exception)


def test_the_format_of_the_how_to_page_writes_a_line_per_feed() -> None:
    """CSV: a name with a comma and quotes comes back as it was."""
    module: dict[str, Any] = {}
    exec(howto.python_blocks("add-an-export-format")[0], module)
    feeds = (Feed(url="https://a.test/feed"), Feed(url="https://a.test/map.xml", kind="sitemap"))
    name = 'Le "Matin", رصد'
    source = builders.a_source(name=name, languages=("ar", "fr"), feeds=feeds)
    text = module["write"]([source], datetime(2026, 11, 2, tzinfo=UTC)).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["url"] for row in rows] == [feed.url for feed in feeds]
    assert {(row["name"], row["languages"]) for row in rows} == {(name, "ar fr")}
