"""The one door through which verbs print: no text from outside reaches a terminal as it came; and
through which they write the files that a user names.

Also what the process's own streams and arguments must be for that, whatever the locale: Arabic is
read from the command line, and what an encoding does not have is written as ``\\u0627``.
"""

from __future__ import annotations

import codecs
import errno
import json
import os
import shutil
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TextIO

import typer

from crawler.errors import FileNotWrittenError
from crawler.foreign_text import printable, printable_json

if TYPE_CHECKING:
    from rich.console import Console, RenderableType


def say(text: str, *, err: bool = False, end: str = "\n") -> None:
    """Print a text on stdout, or on stderr; control characters are shown, not sent."""
    if err:
        typer.echo(printable(text) + end, err=True, nl=False)
        return
    with _stdout():
        typer.echo(printable(text) + end, nl=False)


def say_bytes(data: bytes) -> None:
    """Write bytes to stdout as they are: a file's content, for another program."""
    with _stdout() as stream:
        stream.buffer.write(data)


@contextmanager
def _stdout() -> Iterator[TextIO]:
    """Stdout, flushed behind what is written; FileNotWrittenError if it takes no more.

    A reader that went away is no error: the command line ends by itself then.
    """
    stream = sys.stdout
    try:
        yield stream
        stream.flush()
    except OSError as error:
        if error.errno == errno.EPIPE:
            raise
        with suppress(OSError, ValueError):  # what is still buffered would fail again at the exit
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        raise FileNotWrittenError("stdout", error) from error


def say_json(document: Any, *, indent: int | None = None) -> None:
    """Print a document as JSON: in UTF-8 as it is, in other encodings with escapes."""
    ascii_only = not (getattr(sys.stdout, "encoding", None) or "utf-8").lower().startswith("utf")
    text = json.dumps(document, ensure_ascii=ascii_only, indent=indent)
    with _stdout():
        typer.echo(printable_json(text))


def show(answer: RenderableType) -> None:
    """Print a table or a marked text: its colours are ours, its words are not."""
    from rich.console import Console  # here: JSON needs none, and it takes 50 ms
    from rich.segment import Segment, Segments

    from crawler.cli.hanging import hang

    console = Console()
    shown = [
        Segment(printable(part.text), part.style) if part.control is None else part
        for part in console.render(hang(answer))
    ]
    with _stdout():
        console.print(
            Segments(shown), end="", crop=False
        )  # a line that a view keeps whole stays so


def error_console() -> Console:
    """A console on stderr, for what ``cli.progress`` shows of our own words."""
    from rich.console import Console

    return Console(stderr=True)


def write_file(path: Path, content: str | bytes, *, advice: str = "") -> None:
    """Write a whole file, text as UTF-8; FileNotWrittenError as ``new_file`` raises it."""
    with new_file(path, advice=advice) as file:
        file.write(content.encode("utf-8") if isinstance(content, str) else content)


@contextmanager
def new_file(path: Path, *, advice: str = "") -> Iterator[IO[bytes]]:
    """A file to write that takes its name when it is whole: what stood there is there until then.

    A link stays one, and a device or pipe is written to as it is. Raises FileNotWrittenError, which
    ends with the ``advice``, if it can't be written; then no half of it is left.
    """
    try:
        target = path.resolve()
        if target.exists() and not target.is_file():
            with target.open("wb") as file:
                yield file
            return
        draft = target.with_name(f".{target.name}.new")
        try:
            with draft.open("wb") as file:
                yield file
            if target.exists():
                shutil.copymode(target, draft)
            draft.replace(target)
        except BaseException:
            with suppress(OSError):
                draft.unlink()
            raise
    except OSError as error:
        raise FileNotWrittenError(path, error, advice) from error


def open_standard_streams() -> None:
    """Open what the process was started without: the next file that it opens would be its stdin,
    stdout or stderr."""
    for number, mode in ((0, os.O_RDONLY), (1, os.O_WRONLY), (2, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, mode)  # takes the lowest free number, which is this one
    if sys.stdout is None:
        sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
    if sys.stderr is None:
        sys.stderr = os.fdopen(2, "w", encoding="utf-8", closefd=False)


def prepare_streams() -> None:
    """Let no character end a verb: what stdout cannot encode is escaped.

    An ASCII stream becomes UTF-8: the locale ``C`` says nothing about the terminal (PEP 540).
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            ascii_only = codecs.lookup(stream.encoding).name == "ascii"
            stream.reconfigure(encoding="utf-8" if ascii_only else None, errors="backslashreplace")


def read_arguments(arguments: Sequence[str]) -> list[str]:
    """The arguments read as UTF-8, or as the locale has them if they are not.

    A terminal sends UTF-8 also where the locale is ``C`` or Latin-1. A usage error for an argument
    that is neither.
    """
    return [_read_argument(argument) for argument in arguments]


def _read_argument(argument: str) -> str:
    try:
        return os.fsencode(argument).decode("utf-8")
    except UnicodeDecodeError as error:
        if any("\ud800" <= letter <= "\udfff" for letter in argument):
            raise typer.BadParameter(f"{argument!a} is not UTF-8") from error
        return argument


def say_fault(fault: Exception) -> None:
    """Print the traceback of a fault of rasd, whose message may quote a page, on stderr."""
    say("".join(traceback.format_exception(fault)), err=True, end="")
