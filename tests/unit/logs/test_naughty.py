"""Whatever a title, an address or an error says: one line each, no escape, no other order."""

from __future__ import annotations

import io
import json
import logging
import re
import sys
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any, get_args

import pytest
import structlog

from crawler import logs
from crawler.logs import forms
from tests import naughty

TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
CONSOLE = re.compile(rf"{TIME} \[(debug|info|warning|error|critical) *\]( .*)?", re.DOTALL)
FORBIDDEN = {*map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A))}
ours, theirs = structlog.get_logger("rasd"), logging.getLogger("a.library")


class _NaughtyError(Exception):
    """Its message is from outside."""


class _Odd:
    """An object whose text is from outside."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __str__(self) -> str:
        return self.text

    __repr__ = __str__


def raised(text: str) -> BaseException:
    """An error with this message, and a cause with it."""
    try:
        try:
            raise ValueError(text)
        except ValueError as error:
            raise _NaughtyError(text) from error
    except _NaughtyError as error:
        return error


PLACES: dict[str, Callable[[str], object]] = {
    "title": lambda text: ours.info("polled", title=text),
    "address": lambda text: ours.info("polled", feed=f"https://paper.test/{text}"),
    "content type": lambda text: ours.info("polled", detail=f"content type {text!r}"),
    "header": lambda text: ours.info("polled", detail={"Retry-After": [text, text.encode("utf-8", "replace")]}),
    "error": lambda text: ours.error("page_not_written", error=_NaughtyError(text)),
    "object": lambda text: ours.error("page_not_written", error=_Odd(text)),
    "key": lambda text: ours.info("polled", **{text: 1}),
    "event": lambda text: ours.warning(text),
    "a library's line": lambda text: theirs.error("got %s", text),
    "a library's logger": lambda text: logging.getLogger(f"x.{text}").error("got it"),
    "a library's level": lambda text: theirs.log(35, text),
    "a warning of Python's": lambda text: logs.setup._log_warning(text, UserWarning, text, 1),
}  # fmt: skip
TRACEBACKS: dict[str, Callable[[str], object]] = {
    "our traceback": lambda text: ours.error("a round of polls broke", exc_info=raised(text)),
    "a library's traceback": lambda text: theirs.error("broke", exc_info=raised(text)),
}


@pytest.fixture(params=get_args(logs.Format))
def written(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[str, Callable[[], str]]]:
    """The form, and what returns the text that was logged since it was called last."""
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    logs.set_up("info", request.param)

    def since() -> str:
        text = stream.getvalue()
        stream.seek(0)
        stream.truncate()
        return text

    yield request.param, since
    logging.getLogger().handlers.clear()


def parsed(line: str) -> dict[str, Any]:
    """A line in JSON, with nothing in it that a collector or a terminal would stumble over."""
    document = json.loads(line, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))
    assert isinstance(document, dict)
    assert list(document)[:3] == ["timestamp", "level", "event"]
    assert re.fullmatch(TIME, document["timestamp"])
    assert document["level"] in forms.PRIORITIES
    return document


def require_safe(line: str) -> None:
    """Nothing in it ends it, is obeyed or turns it around, and it is taken in one piece."""
    assert len(line.splitlines()) == 1, ascii(line)
    assert not any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in line), ascii(line)
    assert not FORBIDDEN & set(line), ascii(line)
    assert len(line.encode("utf-8")) <= forms.LINE_BYTES


def test_there_are_more_than_515_strings_each_once() -> None:
    """What the issue asks for, by our own rules."""
    assert len(naughty.STRINGS) >= 515
    assert len(set(naughty.STRINGS)) == len(naughty.STRINGS)


@pytest.mark.parametrize("place", PLACES)
def test_a_naughty_string_is_one_line(place: str, written: tuple[str, Callable[[], str]]) -> None:
    """Wherever it stands."""
    form, since = written
    for text in naughty.STRINGS:
        PLACES[place](text)
        line = since().removesuffix("\n")
        require_safe(line)
        if form == "json":
            parsed(line)
        else:
            assert CONSOLE.fullmatch(line), ascii(line)


@pytest.mark.parametrize("place", TRACEBACKS)
def test_a_traceback_forges_no_line(place: str, written: tuple[str, Callable[[], str]]) -> None:
    """In JSON it is a field; on the console only the first of its lines begins with a date."""
    form, since = written
    for text in naughty.STRINGS:
        TRACEBACKS[place](text)
        first, *rest = since()[:-1].split("\n")
        if form == "json":
            assert rest == []
            require_safe(first)
            assert parsed(first)["exception"].startswith("Traceback (most recent call last):")
            continue
        assert CONSOLE.fullmatch(first), ascii(first)
        assert rest and all(line.startswith(forms.INDENT) for line in rest)
        for line in (first, *rest):
            require_safe(line)


@pytest.mark.parametrize("text", naughty.WRITING[:4])
def test_arabic_stays_readable(text: str, written: tuple[str, Callable[[], str]]) -> None:
    """Nothing of it is replaced, its marks of direction neither."""
    ours.info("polled", title=f"\u200f{text}\u200f")
    assert f"\u200f{text}\u200f" in written[1]()


def test_keys_stand_in_a_fixed_order(written: tuple[str, Callable[[], str]]) -> None:
    """Time, level and event come first, then the event's keys as they were given, last the
    traceback: a person reads them from left to right."""
    form, since = written
    ours.error("page_not_written", url="u", source="s", exc_info=raised("x"))
    line = since()
    if form == "json":
        keys = ["timestamp", "level", "event", "url", "source", "exception"]
        assert list(json.loads(line)) == keys
    else:
        assert re.match(rf"{TIME} \[error    \] page_not_written url=u source=s\n    Trace", line)


NOT_IN_JSON: dict[str, object] = {
    "nan": float("nan"),
    "infinite": float("-inf"),
    "large": 2**200,
    "too large for Python, too": 1 << 20_000,
    "bytes": b"\xff\n",
    "set": {1, 2},
}


@pytest.mark.parametrize("name", NOT_IN_JSON)
def test_a_value_that_json_lacks_is_words(
    name: str, written: tuple[str, Callable[[], str]]
) -> None:
    """No ``NaN``, which no JSON reader but Python's takes, and no number that it would round."""
    form, since = written
    ours.info("polled", seconds=NOT_IN_JSON[name])
    line = since()[:-1]
    require_safe(line)
    if form == "json":
        assert isinstance(parsed(line)["seconds"], str | list)


def test_a_value_that_cannot_be_worded_is_named(written: tuple[str, Callable[[], str]]) -> None:
    """A log line ends nothing: not by an object without a text, nor by one that holds itself."""

    class Mute:
        def __str__(self) -> str:
            raise RuntimeError

        __repr__ = __str__

    around: list[Any] = []
    around.append(around)
    ours.info("polled", detail=Mute(), proof=around)
    line = written[1]()[:-1]
    require_safe(line)
    assert "Mute, which has no text: RuntimeError" in line


def test_a_library_that_logs_wrongly_has_a_line_too(
    written: tuple[str, Callable[[], str]],
) -> None:
    """A wrong format would print a traceback of its own form, and the line would be lost."""
    theirs.error("%d pages", "many")
    first = written[1]().split("\n")[0]
    assert "a log line could not be worded" in first and "a.library" in first


def test_the_journal_gets_the_level_of_each_line() -> None:
    """``<3>`` before each line of a traceback, too: else the journal takes them for infos."""
    render = forms.renderer("console", priorities=True)
    text = render({"timestamp": "T", "level": "error", "event": "x", "exception": "a\nb"})
    assert text == "<3>T [error    ] x\n<3>    a\n<3>    b"


@pytest.mark.parametrize(
    ("environment", "terminal", "wanted"),
    [
        ({}, True, True),
        ({}, False, False),
        ({"NO_COLOR": "1"}, True, False),
        ({"NO_COLOR": ""}, True, True),  # no-color.org: only if it isn't empty
        ({"TERM": "dumb"}, True, False),
    ],
)
def test_colours_are_for_terminals_that_want_them(
    environment: dict[str, str], terminal: bool, wanted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nowhere else: a file or a collector would keep the escapes."""
    for name in ("NO_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert forms.wants_colors(terminal) is wanted
    plain = forms.renderer("console", colors=wanted)({"level": "info", "event": "x", "n": 1})
    assert ("\x1b" in plain) is wanted
