"""The command line as a whole: one table of verbs, help that fits, nothing imported in vain."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from crawler import __version__
from crawler.cli.examples import EXAMPLES
from crawler.cli.main import GROUPS as HEADINGS
from crawler.cli.main import VERBS, commands

GROUPS = [(), ("seeds",), ("digest",), ("sources",)]


def verb(name: str) -> Any:
    """The verb or group of this name."""
    root = typer.main.get_command(commands)
    return root.get_command(root.make_context("rasd", [], resilient_parsing=True), name)  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", VERBS)
def test_the_table_says_what_the_verb_says(name: str) -> None:
    """The list of ``rasd --help`` imports no verb, so it is held against each verb's own help."""
    first = " ".join((verb(name).help or "").split("\n\n")[0].split())
    assert first == VERBS[name][1]


@pytest.mark.parametrize("group", GROUPS, ids=" ".join)
def test_each_line_of_help_fits_into_80_columns(group: tuple[str, ...]) -> None:
    """No sentence is cut off with dots."""
    shown = CliRunner().invoke(commands, [*group, "--help"], env={"COLUMNS": "80"}).output
    listed = [line for line in shown.splitlines() if re.match(r"  [a-z]", line)]
    assert listed and all(line.endswith(".") and not line.endswith("...") for line in listed)
    assert max(map(len, shown.splitlines())) <= 80


def test_a_wrong_choice_is_answered_with_the_choices_alone() -> None:
    """Without the name of an error of Python's."""
    done = CliRunner().invoke(commands, ["search", "--sort", "date"])
    assert "'date' is not one of 'newest', 'oldest'" in done.output, done.output
    assert done.exit_code == 2 and "error," not in done.output


def test_each_verb_stands_under_one_heading() -> None:
    """None is left out of the help, and none is in it twice."""
    listed = [verb for verbs in HEADINGS.values() for verb in verbs]
    assert sorted(listed) == sorted(VERBS)
    shown = CliRunner().invoke(commands, ["--help"], env={"COLUMNS": "80"}).output
    starts = [line[:-1] for line in shown.splitlines() if line[:-1] in HEADINGS]
    assert starts == list(HEADINGS)


def paths() -> Iterator[tuple[str, ...]]:
    """The words of each verb that does something."""
    for name in VERBS:
        below = getattr(verb(name), "commands", None)
        yield from ([(name, inner) for inner in below] if below else [(name,)])


def test_each_verb_has_an_example() -> None:
    """And no example is of a verb that is gone."""
    assert sorted(map(" ".join, paths())) == list(EXAMPLES)


@pytest.mark.parametrize("path", list(paths()), ids=" ".join)
def test_the_help_of_a_verb_ends_with_its_example(path: tuple[str, ...]) -> None:
    """On lines of their own, which call the verb."""
    shown = CliRunner().invoke(commands, [*path, "--help"], env={"COLUMNS": "80"}).output
    lines = EXAMPLES[" ".join(path)]
    assert shown.rstrip().splitlines()[-len(lines) :] == [f"    {line}" for line in lines]
    assert all(re.match(rf"rasd (--config \S+ )?{' '.join(path)}\b", line) for line in lines)


@pytest.mark.parametrize("late", ["--seeds", "--config=x.toml"])
def test_a_common_option_behind_its_verb_is_given_its_place(late: str) -> None:
    """Behind ``--`` it is an argument."""
    shown = CliRunner().invoke(commands, ["status", late, "draft"])
    option = late.partition("=")[0]
    assert shown.exit_code == 2
    assert f"{option} goes before the command: rasd {option} … status" in shown.output
    assert "goes before" not in CliRunner().invoke(commands, ["status", "--", late]).output


def test_version() -> None:
    """``rasd --version`` needs no verb."""
    assert CliRunner().invoke(commands, ["--version"]).output == f"rasd {__version__}\n"


def test_an_unknown_verb_gets_a_suggestion() -> None:
    """A slip of the finger is named."""
    shown = CliRunner().invoke(commands, ["serch", "x"])
    assert shown.exit_code == 2 and "'search'" in shown.output
