"""Folded lines of an answer stay below their own beginning."""

from __future__ import annotations

import io
import sys

import pytest
from rich.console import Group
from rich.text import Text

from crawler.cli import output


def shown(monkeypatch: pytest.MonkeyPatch, *lines: Text) -> list[str]:
    """What a terminal of 40 columns shows of these lines."""
    screen = io.StringIO()
    monkeypatch.setattr(sys, "stdout", screen)
    monkeypatch.setenv("COLUMNS", "40")
    output.show(Group(*lines))
    return screen.getvalue().splitlines()


@pytest.mark.parametrize(
    ("line", "indent"),
    [
        ("    10  Enseignement supérieur : le Maroc et l'Irak doublent leurs bourses", 8),
        ("        وبكر العراق بالتسجيل من كرة ثابتة، قبل أن يعود المغرب في النتيجة", 8),
        ("     +10  a matter of security and a joint act, no third in the sentence", 10),
        ("  [2] «The two sides exchanged drafts and agreed to work on a single text»", 6),
    ],
)
def test_a_folded_line_goes_on_below_its_beginning(
    monkeypatch: pytest.MonkeyPatch, line: str, indent: int
) -> None:
    """Behind its id, its points or its number; no word is lost, no line ends in blanks."""
    first, *others = shown(monkeypatch, Text(line))
    assert others and first[:indent] == line[:indent]
    assert all(one[:indent].isspace() and not one[indent].isspace() for one in others)
    assert " ".join(one.strip() for one in (first, *others)).split() == line.split()
    assert all(len(one) <= 40 and one == one.rstrip() for one in (first, *others))


def test_lines_that_need_no_indent_are_left_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """A short line, an empty one, one that is never folded, and one whose indent leaves no room."""
    whole = Text("  " + "x" * 60, no_wrap=True, overflow="ignore")
    assert shown(monkeypatch, Text("  short"), Text(), whole) == ["  short", "", whole.plain]
    assert len(shown(monkeypatch, Text(" " * 30 + "a deep line that has no room"))) > 1
