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
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from typer.testing import CliRunner

from crawler import app
from crawler.cli.main import commands
from storage.archive import open_archive
from storage.search import SqlSearch
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


def answer(asked: Asked, config: Path) -> str:
    """What the command or program prints with this configuration, at ``twelve_years.NOW``.

    It may write files into the current folder. Articles are counted as long as it takes, so that a
    busy machine prints the same.
    """
    run = _run_command if asked.language == "sh" else _run_program
    patient = mock.patch.dict(SqlSearch.page.__kwdefaults__, counting_seconds=math.inf)
    with mock.patch.dict("os.environ", RASD_CONFIG=str(config)), patient:
        return "\n".join(line.rstrip() for line in run(asked.code).splitlines()) + "\n"


def figures(question: Question, config: Path) -> Figures:
    """How well the first command finds what is marked."""
    words = iter(shlex.split(question.asked[0].code))
    kept = [word for word in words if word not in _ONLY_SHOWN or not next(words)]
    every = Asked(language="sh", code=shlex.join([*kept, *_ALL]), answer="")
    found = {row["id"] for row in json.loads(answer(every, config))}
    return Figures(found=found, belong=twelve_years.ids_for(question.belongs))


def rewrite(config: Path) -> None:
    """Write the answers that this archive gives into the page."""
    before, _, section = PAGE.read_text(encoding="utf-8").partition(SECTION)
    table = "\n".join(rows(config))
    section = _FIGURES.sub(lambda found: f"{found[1]}\n{table}\n", section)
    section = _ASKED.sub(lambda found: _shown(_asked(found), config), section)
    PAGE.write_text(before + SECTION + section, encoding="utf-8")


def rows(config: Path) -> Iterator[str]:
    """The table of figures, row by row."""
    yield "| Question | articles that belong to it | found | others found |"
    yield "| --- | --- | --- | --- |"
    for question in questions():
        if question.belongs:
            anchor = re.sub(r"[^\w -]", "", question.heading.lower()).replace(" ", "-")
            yield f"| [{question.heading}](#{anchor}) | {figures(question, config)} |"


def _question(part: str) -> Question:
    heading, _, text = part.partition("\n")
    named = _BELONGS.search(text)
    asked = tuple(_asked(found) for found in _ASKED.finditer(text))
    return Question(heading=heading, belongs=named[1] if named else "", asked=asked)


def _asked(found: re.Match[str]) -> Asked:
    return Asked(language=found[1], code=found[2], answer=found[3] or "")


def _shown(asked: Asked, config: Path) -> str:
    return f"```{asked.language}\n{asked.code}```\n\n```text\n{answer(asked, config)}```\n"


def _run_command(line: str) -> str:
    rasd, *words = shlex.split(line)
    assert rasd == "rasd"
    with mock.patch.object(app, "now", lambda: twelve_years.NOW):
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
        with contextlib.chdir(name):
            rewrite(twelve_years.install(Path(name), url))


if __name__ == "__main__":
    main()
