"""The command line as a whole: one table of verbs, help that fits, nothing imported in vain."""

from __future__ import annotations

from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from crawler import __version__
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
    listed = shown.partition("Commands:\n")[2].splitlines()
    assert listed and all(line.endswith(".") and not line.endswith("...") for line in listed)
    assert max(map(len, shown.splitlines())) <= 80


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
