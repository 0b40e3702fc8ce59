"""``rasd config`` and ``rasd seeds``: what people write, shown with its origin and checked."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import BaseModel
from rich.console import RenderableType
from rich.text import Text

from crawler.cli import output
from crawler.cli.context import (
    GlobalOptions,
    Json,
    load_seeds,
    new_commands,
    print_result,
    settings,
)
from crawler.cli.pages import golden
from crawler.config import Loaded, archive_url, load_with_origins
from crawler.doctor.installation import config_problems
from crawler.errors import ConfigError, SeedError
from crawler.seeds import Seeds
from crawler.seeds.folder import GOLDEN_PAGES, find_seeds_folder, read_seed_files, require_sources
from crawler.views import terminal
from crawler.views.fields import JsonRow
from crawler.views.seeds import (
    check_lines,
    failed_examples,
    mistakes,
    verdict,
    without_golden_page,
)

commands = new_commands()
seeds = new_commands(help="Check the files that define what is watched.", no_args_is_help=True)
commands.add_typer(seeds, name="seeds")

HIDDEN = "(hidden)"  # in place of a secret that is set


@commands.command("config")
def config(
    check: Annotated[
        bool, typer.Option("--check", help="Judge it: exit code 78 if it cannot work.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Show each setting and where it is from.

    Secrets are hidden. --check also looks at what the settings name: folders, files, digests,
    channels. Nothing is written and no server is asked.
    """
    loaded = load_with_origins(GlobalOptions.config, seeds=GlobalOptions.seeds)
    if not check:
        print_result(_setting_rows(loaded), as_json, _settings_table)
        return
    problems = list(config_problems(loaded.config, load_seeds()))
    if problems:
        raise ConfigError("\n".join(f"{loaded.file or 'configuration'}: {p}" for p in problems))
    report = {"file": str(loaded.file) if loaded.file else None, "good": True}
    if as_json:
        output.say_json(report, indent=2)
    else:
        output.say(f"{loaded.file or 'defaults and environment'}: good")


@seeds.command()
def check(
    folder: Annotated[
        Path | None, typer.Argument(help="A seeds folder; else the one in use.")
    ] = None,
) -> None:
    """Validate every file and run the topics' examples.

    Prints one line per file that says what it holds, and a verdict. Exit code 65 if a file is
    wrong.
    """
    chosen = find_seeds_folder(folder or settings().seeds)
    try:
        loaded = _check(chosen)
    except SeedError as error:
        output.say(f"rasd: {error}\n{mistakes(error.problems)}", err=True)
        raise typer.Exit(error.exit_code) from error
    if bare := without_golden_page(loaded, golden.sources_of(chosen / GOLDEN_PAGES)):
        said = f"rasd try URL --save {chosen / GOLDEN_PAGES} writes one"
        output.say(f"page rules without a golden page: {', '.join(bare)}; {said}")
    output.say(verdict(loaded))


def _check(folder: Path) -> Seeds:
    """The folder's seeds, each file's line printed; raises SeedError with every mistake."""
    paths, loaded = list(read_seed_files(folder)), load_seeds(folder)
    require_sources(loaded, folder)
    failed = failed_examples(paths, loaded)
    for line in check_lines(paths, loaded, failed, datetime.now(UTC).date()):
        output.say(line)
    if failed:
        raise SeedError(*(problem for problems in failed.values() for problem in problems))
    return loaded


def _setting_rows(loaded: Loaded) -> list[JsonRow]:
    """A row for each key in the order of the reference: ``key``, ``value``, ``origin``.

    ``origin`` is ``default``, a file's path, a ``RASD_`` name, ``--seeds``, or the file or the
    credential that a secret is from. A secret's value is ``(hidden)``.
    """
    rows = []
    for name in type(loaded.config).model_fields:
        value = getattr(loaded.config, name)
        if isinstance(value, BaseModel):
            pairs = [(f"{name}.{key}", getattr(value, key)) for key in type(value).model_fields]
        else:
            pairs = [(name, value)]
        rows += [
            {"key": key, "value": _value(key, one), "origin": loaded.origin(key)}
            for key, one in pairs
        ]
    return rows


def _value(key: str, value: Any) -> Any:
    if key == "archive":
        return archive_url.shown(value)
    if key == "smtp.password":
        return HIDDEN if value else ""
    if isinstance(value, tuple):
        return [one.model_dump() if isinstance(one, BaseModel) else one for one in value]
    return value if isinstance(value, bool | int | float | dict) or value is None else str(value)


def _settings_table(rows: Sequence[JsonRow]) -> RenderableType:
    """``_setting_rows`` for a terminal; what is not the default stands out."""
    table = terminal.bare_table("key", "value", "origin")
    for row in rows:
        value = "" if row["value"] is None else json.dumps(row["value"], ensure_ascii=False)
        style = "dim" if row["origin"] == "default" else ""
        table.add_row(row["key"], Text(value), row["origin"], style=style)
    return table
