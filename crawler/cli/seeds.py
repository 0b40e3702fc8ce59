"""``rasd seeds``: the files that define what is watched."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from crawler.cli import output
from crawler.cli.context import load_seeds, new_commands, settings
from crawler.errors import SeedError
from crawler.seeds.folder import find_seeds_folder, read_seed_files, require_sources
from crawler.views.seeds import check_lines, failed_examples

commands = new_commands()
seeds = new_commands(help="Check the files that define what is watched.", no_args_is_help=True)
commands.add_typer(seeds, name="seeds")


@seeds.command()
def check(
    folder: Annotated[
        Path | None, typer.Argument(help="A seeds folder; else the one in use.")
    ] = None,
) -> None:
    """Validate every file and run the topics' examples.

    Prints one line per file that says what it holds. Exit code 65 if a file is wrong.
    """
    chosen = find_seeds_folder(folder or settings().seeds)
    paths, loaded = list(read_seed_files(chosen)), load_seeds(chosen)
    require_sources(loaded, chosen)
    failed = failed_examples(paths, loaded)
    for line in check_lines(paths, loaded, failed):
        output.say(line)
    if failed:
        raise SeedError(*(problem for problems in failed.values() for problem in problems))
