"""What all verbs share: the options before the verb, the app opened for one, an answer said.

Verbs stand in ``cli`` and in the modules it collects; each opens the app, asks one thing, says it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import RenderableType

    from crawler.app import App
    from crawler.config import Config
    from crawler.seeds import Seeds

Json = Annotated[bool, typer.Option("--json", help="One JSON document instead of a table.")]
Topic = Annotated[str | None, typer.Option(help="A topic of the seeds.")]


class GlobalOptions:
    """The options that stand before the verb."""

    config: Path | None = None
    seeds: Path | None = None


@contextmanager
def opened(*, locked: bool = False) -> Iterator[App]:
    """The app, with lines on stderr."""
    from crawler import logs
    from crawler.app import open_app

    logs.to_stderr()
    with open_app(settings(), locked=locked) as app:
        yield app


def settings() -> Config:
    """The configuration chosen on the command line, with the seeds folder chosen there."""
    from crawler.config import load

    loaded = load(GlobalOptions.config)
    return (
        loaded.model_copy(update={"seeds": GlobalOptions.seeds}) if GlobalOptions.seeds else loaded
    )


def load_seeds(folder: Path | None = None) -> Seeds:
    """The seeds of this folder, or of the configured one; SeedError lists every problem."""
    from crawler import spiders
    from crawler.seeds import folder as seeds_folder

    return seeds_folder.load_seeds(folder or settings().seeds, spiders.kinds())


def read_lines(path: Path) -> Iterator[str]:
    """The lines of a file; a usage error where it cannot be read."""
    try:
        with path.open(encoding="utf-8") as opened_file:
            yield from opened_file
    except OSError as error:
        raise typer.BadParameter(f"{path}: {error.strerror}") from error


def print_result(report: Any, as_json: bool, table: Callable[[Any], RenderableType]) -> None:
    """An answer: as JSON, or as a table for people."""
    if as_json:
        typer.echo(json.dumps(report, ensure_ascii=False, indent=2))
        return
    from rich.console import Console

    Console().print(table(report))
