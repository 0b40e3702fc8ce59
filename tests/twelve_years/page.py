"""The questions of analysts in ``docs/how-to/ask-the-archive.md``: what is asked, and the answers.

Under each heading stand commands and programs, each followed by a block with what it prints, and
``<!-- belongs: name -->`` if the archive's articles are marked with the question's name.
``python -m tests.twelve_years.page`` asks all of them again and writes the answers into the page.
"""

from __future__ import annotations

import contextlib
import io
import json
import math
import re
import shlex
import tempfile
from collections.abc import Iterator, Set
from contextlib import ExitStack, closing, nullcontext
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self
from unittest import mock

from typer.testing import CliRunner

from crawler import app
from crawler.cli.main import commands
from crawler.config import load
from storage.archive import open_archive
from storage.search import answering
from tests import twelve_years
from tests.places import PROJECT

PAGE = PROJECT / "docs" / "how-to" / "ask-the-archive.md"
SECTION = "\n## Questions of analysts\n"
REWRITE = "python -m tests.twelve_years.page writes the answers into the page"

_ALL = ["--json", "--limit", "1000"]
_ONLY_SHOWN = frozenset({"--limit", "--sort"})  # of a command, with a value each
_ASKED = re.compile(r"```(sh|python)\n(.*?)```\n(?:\n```text\n(.*?)```\n)?", re.DOTALL)
_BELONGS = re.compile(r"<!-- belongs: (\w+) -->")
_FIGURES = re.compile(r"(<!-- figures -->\n)(?:\n\|.*?\n(?=\n))?", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A command or a program of the page."""

    language: str  # "sh" or "python"
    code: str
    answer: str  # as the page has it


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What stands under a heading."""

    heading: str
    belongs: str  # the name by which articles are marked; "" if none is
    asked: tuple[Asked, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The articles that a question's first command finds, beside those that belong to it."""

    found: Set[int]
    belong: Set[int]

    def __str__(self) -> str:
        right = len(self.found & self.belong)
        return f"{len(self.belong)} | {right} | {len(self.found) - right}"


def questions() -> list[Question]:
    """Those of the page, in its order."""
    _, _, section = PAGE.read_text(encoding="utf-8").partition(SECTION)
    return [_question(part) for part in re.split(r"^### ", section, flags=re.MULTILINE)[1:]]


class Desk:
    """Where the questions are asked, at ``twelve_years.NOW``: commands share one opened app, so
    that the seeds are read once. What they write into files goes into the current folder."""

    def __init__(self, config: Path) -> None:
        self._config, self._opened = config, ExitStack()

    def __enter__(self) -> Self:
        opened = app.open_app(load(self._config), last_good=True, archive="needed")
        with mock.patch.object(app, "now", _now):
            self._app = self._opened.enter_context(opened)
        return self

    def __exit__(self, *_: object) -> None:
        self._opened.close()

    def answer(self, asked: Asked) -> str:
        """What the command or program prints."""
        run = _run_command if asked.language == "sh" else _run_program
        with (
            mock.patch.dict("os.environ", RASD_CONFIG=str(self._config)),
            mock.patch.object(app, "now", _now),
            mock.patch.object(app, "open_app", lambda *_, **__: nullcontext(self._app)),
            # Articles are counted as long as it takes: a busy machine prints the same.
            mock.patch.object(answering, "COUNTING_SECONDS", math.inf),
            mock.patch.object(answering, "FACETS_SECONDS", math.inf),
        ):
            return "\n".join(line.rstrip() for line in run(asked.code).splitlines()) + "\n"

    def figures(self, question: Question) -> Figures:
        """How well the first command finds what is marked."""
        words = iter(shlex.split(question.asked[0].code))
        kept = [word for word in words if word not in _ONLY_SHOWN or not next(words)]
        every = Asked(language="sh", code=shlex.join([*kept, *_ALL]), answer="")
        found = {row["id"] for row in json.loads(self.answer(every))}
        return Figures(found=found, belong=twelve_years.ids_for(question.belongs))


def rewrite(desk: Desk) -> None:
    """Write the answers that this desk gives into the page."""
    before, _, section = PAGE.read_text(encoding="utf-8").partition(SECTION)
    table = "\n".join(_rows(desk))
    section = _FIGURES.sub(lambda found: f"{found[1]}\n{table}\n", section)
    section = _ASKED.sub(lambda found: _shown(_asked(found), desk), section)
    PAGE.write_text(before + SECTION + section, encoding="utf-8")


def _rows(desk: Desk) -> Iterator[str]:
    """The table of figures, row by row."""
    yield "| Question | articles that belong to it | found | others found |"
    yield "| --- | --- | --- | --- |"
    for question in questions():
        if question.belongs:
            anchor = re.sub(r"[^\w -]", "", question.heading.lower()).replace(" ", "-")
            yield f"| [{question.heading}](#{anchor}) | {desk.figures(question)} |"


def _now() -> datetime:
    return twelve_years.NOW


def _question(part: str) -> Question:
    heading, _, text = part.partition("\n")
    named = _BELONGS.search(text)
    asked = tuple(_asked(found) for found in _ASKED.finditer(text))
    return Question(heading=heading, belongs=named[1] if named else "", asked=asked)


def _asked(found: re.Match[str]) -> Asked:
    return Asked(language=found[1], code=found[2], answer=found[3] or "")


def _shown(asked: Asked, desk: Desk) -> str:
    return f"```{asked.language}\n{asked.code}```\n\n```text\n{desk.answer(asked)}```\n"


def _run_command(line: str) -> str:
    rasd, *words = shlex.split(line)
    assert rasd == "rasd"
    ran = CliRunner().invoke(commands, words)
    assert ran.exit_code == 0, ran.output
    return ran.stdout


def _run_program(code: str) -> str:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code, PAGE.name, "exec"), {})
    return printed.getvalue()


def main() -> None:
    """Fill an archive, ask, and write the page."""
    with tempfile.TemporaryDirectory() as name:
        url = f"sqlite:///{name}/rasd.sqlite"
        with closing(open_archive(url)) as archive:
            twelve_years.fill(archive, twelve_years.readings())
        with contextlib.chdir(name), Desk(twelve_years.install(Path(name), url)) as desk:
            rewrite(desk)


if __name__ == "__main__":
    main()
