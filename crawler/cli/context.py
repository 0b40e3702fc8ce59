"""What all verbs share: the options before the verb, the app opened for it, an answer printed."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Concatenate, ParamSpec, TypeVar

import typer

from crawler.cli import output

if TYPE_CHECKING:
    from rich.console import RenderableType

    from crawler.app import App
    from crawler.config import Config
    from crawler.seeds import Seeds
    from storage.opening import ArchiveUse

Json = Annotated[bool, typer.Option("--json", help="One JSON document instead of a table.")]
Topic = Annotated[str | None, typer.Option(help="A topic of the seeds.")]

_Options = ParamSpec("_Options")
_Result = TypeVar("_Result")


class GlobalOptions:
    """The options that stand before the verb."""

    config: Path | None = None
    seeds: Path | None = None


def new_commands(**options: Any) -> typer.Typer:
    """An empty group of verbs, with plain help and no decorated tracebacks."""
    return typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, **options)


def pass_app(
    *, locked: bool = False, last_good: bool = True, archive: ArchiveUse = "needed"
) -> Callable[[Callable[Concatenate[App, _Options], _Result]], Callable[_Options, _Result]]:
    """Open the app for a verb whose first parameter it is, and close it when the verb returns.

    ``locked``: as the only process at work on the archive; raises LockHeldError if there is one.
    ``last_good``: if a seed is broken, with the last good seeds, which a line on stderr says; else
    raises SeedError.
    ``archive``: what is done if there is none: a verb that only reads makes none.
    """

    def decorate(
        verb: Callable[Concatenate[App, _Options], _Result],
    ) -> Callable[_Options, _Result]:
        @wraps(verb)
        def with_app(*args: _Options.args, **kwargs: _Options.kwargs) -> _Result:
            with opened(locked=locked, last_good=last_good, archive=archive) as app:
                return verb(app, *args, **kwargs)

        # Typer reads the options from the signature: the app is none of them.
        signature = inspect.signature(verb, eval_str=True)
        options = list(signature.parameters.values())[1:]
        with_app.__signature__ = signature.replace(parameters=options)  # type: ignore[attr-defined]
        with_app.__annotations__ = {option.name: option.annotation for option in options}
        return with_app

    return decorate


@contextmanager
def opened(
    *, locked: bool = False, last_good: bool = True, archive: ArchiveUse = "needed"
) -> Iterator[App]:
    """The app of the chosen configuration, with log lines on stderr.

    If a daemon at work says why its archive can't be opened, StorageError says so, too.
    """
    from crawler import logs  # here: verbs that open no archive need none of these
    from crawler.app import open_app
    from crawler.errors import ArchiveError, StorageError
    from storage import lock

    config = settings()
    logs.set_up(config.log.level, config.log.format)
    try:
        with open_app(
            config, locked=locked, last_good=last_good, sources=locked, archive=archive
        ) as app:
            if app.loaded.broken and not locked:
                _say_broken(app)
            yield app
    except ArchiveError as error:
        trouble, _, since = lock.trouble_of(config.archive).partition(" ")
        if not trouble:
            raise
        raise StorageError(trouble, since) from error


def _say_broken(app: App) -> None:
    """Say on stderr which seed is broken, and what is used instead."""
    problems, kept_at = app.loaded.broken, app.loaded.kept_at
    more = f" (and {len(problems) - 1} more: rasd seeds check)" if len(problems) > 1 else ""
    since = f" of {kept_at:%Y-%m-%d %H:%M} UTC" if kept_at is not None else ""
    output.say(
        f"rasd: seeds are broken: {problems[0]}{more}; the last good ones{since} are used", err=True
    )


def settings() -> Config:
    """The configuration chosen on the command line, with the seeds folder chosen there."""
    from crawler.config import load  # here: ``rasd --help`` needs no configuration

    return load(GlobalOptions.config, seeds=GlobalOptions.seeds)


def load_seeds(folder: Path | None = None) -> Seeds:
    """The seeds of this folder, or of the configured one; SeedError lists every problem."""
    from crawler import spiders  # here: ``rasd --help`` needs no seeds
    from crawler.seeds import folder as seeds_folder

    return seeds_folder.load_seeds(folder or settings().seeds, spiders.kinds())


def read_lines(path: Path) -> Iterator[str]:
    """The lines of a file; a usage error if it cannot be read."""
    try:
        with path.open(encoding="utf-8") as opened_file:
            yield from opened_file
    except OSError as error:
        raise typer.BadParameter(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise typer.BadParameter(f"{path}: not UTF-8 at byte {error.start}") from error


def read_stdin() -> Iterator[str]:
    """The lines of stdin: UTF-8, whatever the locale."""
    yield from (line.decode("utf-8", "replace") for line in sys.stdin.buffer)


def print_result(report: Any, as_json: bool, table: Callable[[Any], RenderableType]) -> None:
    """Print an answer: as JSON, or as a table for people."""
    if as_json:
        output.say_json(report, indent=2)
    else:
        output.show(table(report))
