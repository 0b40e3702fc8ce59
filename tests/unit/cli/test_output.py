"""The door through which verbs print."""

from __future__ import annotations

import io
import json
import os
import sys
from pathlib import Path

import pytest
import typer
from rich.text import Text

from crawler.cli import output
from crawler.errors import FileNotWrittenError
from crawler.views import terminal

EVIL = "\x1b]0;owned\x07\x1b[2Jagreed\x9b31m\r"


def test_a_text_is_shown_not_obeyed(capsys: pytest.CaptureFixture[str]) -> None:
    """On either stream."""
    output.say(EVIL)
    output.say(EVIL, err=True)
    for stream in capsys.readouterr():
        assert stream == "␛]0;owned␇␛[2Jagreed�31m␍\n"


def test_a_table_keeps_its_colours_and_no_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rich's own escapes pass: they are ours; those of a cell do not."""
    screen = io.StringIO()
    screen.isatty = lambda: True  # type: ignore[method-assign]
    monkeypatch.setattr(sys, "stdout", screen)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    table = terminal.bare_table("headline", "kind")
    table.add_row(Text(EVIL, style="red"), "x" * 5 + EVIL)
    output.show(table)
    assert "\x1b[31m" in screen.getvalue()
    for ours in ("\x1b[31m", "\x1b[0m", "\x1b[1m"):
        screen = io.StringIO(screen.getvalue().replace(ours, ""))
    assert not set(screen.getvalue()) & {"\x1b", "\x07", "\x9b", "\r"}


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "ascii"])
def test_json_is_read_back_whatever_the_encoding(
    encoding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the stream cannot write is escaped as JSON has it, letters beyond the BMP too; an ASCII
    stream becomes UTF-8."""
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding=encoding))
    output.prepare_streams()
    output.say_json({"headline": "وقّع 🙂 " + EVIL})
    output.say("وقّع")
    sys.stdout.flush()
    written = "latin-1" if encoding == "latin-1" else "utf-8"
    document, line = raw.getvalue().decode(written).splitlines()
    assert json.loads(document) == {"headline": "وقّع 🙂 " + EVIL}
    assert line == ("وقّع" if written == "utf-8" else r"\u0648\u0642\u0651\u0639")


def test_arguments_are_utf8_whatever_the_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bytes that a locale misread are read again; what the locale read rightly stays."""
    arabic = "العراق AND اتفاقية"
    monkeypatch.setattr(os, "fsencode", lambda text: text.encode("latin-1", "surrogateescape"))
    misread = arabic.encode().decode("latin-1")
    assert output.read_arguments(["search", misread, "café"]) == ["search", arabic, "café"]
    escaped = arabic.encode().decode("ascii", "surrogateescape")
    assert output.read_arguments([escaped]) == [arabic]
    with pytest.raises(typer.BadParameter, match="not UTF-8"):
        output.read_arguments(["caf\udce9"])


def test_a_file_takes_its_name_when_it_is_whole(tmp_path: Path) -> None:
    """What stood there stays until then, with its mode; a link goes on pointing to it."""
    file, link = tmp_path / "a.csv", tmp_path / "link.csv"
    file.write_text("before")
    file.chmod(0o640)
    link.symlink_to(file)
    with output.new_file(link) as new:
        new.write(b"after")
        new.flush()
        assert file.read_text() == "before"
    assert file.read_text() == "after" and link.is_symlink()
    assert file.stat().st_mode & 0o777 == 0o640
    with pytest.raises(KeyboardInterrupt), output.new_file(file) as new:
        new.write(b"half")
        raise KeyboardInterrupt
    assert file.read_text() == "after"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "link.csv"]


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("none/a.html", "No such file or directory; make its folder first"),
        (".", "Is a directory; name a file in it"),
        ("file/a.html", "Not a directory; name a file elsewhere"),
        ("x" * 300, "File name too long; give it a shorter name"),
        ("/dev/full", "No space left on device; make room"),
    ],
)
def test_a_file_that_cannot_be_written_is_one_line(tmp_path: Path, name: str, problem: str) -> None:
    """What happened, to which file, and what to do; nothing is left of it."""
    (tmp_path / "file").touch()
    with pytest.raises(FileNotWrittenError) as caught:
        output.write_file(tmp_path / name, "words")
    assert str(caught.value) == f"{tmp_path / name}: cannot be written: {problem}"
    assert caught.value.exit_code == 73
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_device_is_written_to_as_it_is() -> None:
    """It is not replaced by a file."""
    output.write_file(Path(os.devnull), b"words")
    assert not Path(os.devnull).is_file()
