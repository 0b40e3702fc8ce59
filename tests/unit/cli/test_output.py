"""The door through which verbs print."""

from __future__ import annotations

import io
import json
import os
import sys

import pytest
import typer
from rich.text import Text

from crawler.cli import output
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
