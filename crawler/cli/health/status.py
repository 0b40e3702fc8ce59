"""``rasd status``: on a page, as JSON, or as the one line and the exit code that monitors read."""

from __future__ import annotations

from typing import Annotated

import typer

from crawler.app import open_app
from crawler.cli import output
from crawler.cli.context import Json, new_commands, opened, settings
from crawler.config import Config
from crawler.errors import RasdError, StorageError
from crawler.foreign_text import one_line
from crawler.monitoring import watch_status
from crawler.monitoring.watch_status import Problem
from crawler.views.fields import JsonRow
from crawler.views.health import page
from crawler.views.health import status as view
from storage import lock
from storage.opening import require_usable

commands = new_commands()


@commands.command()
def status(
    check: Annotated[
        bool,
        typer.Option(
            "--check", help="One line for a monitor; exit code 0 ok, 1 warning, 2 broken."
        ),
    ] = False,
    ignore_sources: Annotated[
        bool,
        typer.Option("--ignore-sources", help="Findings about single sources are no warning."),
    ] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="All sources and all problems.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Show whether all is well: daemon, digests, mail, sources.

    The level comes first, then what is wrong with sources. Exit code 74 if the daemon can't use
    the archive just now. --check works without an archive and without seeds; it changes nothing.
    """
    if check:
        raise typer.Exit(_check(as_json, ignore_sources))
    with opened() as app:
        report = view.status_row(app, ignore_sources=ignore_sources)
    if as_json:
        output.say_json(report, indent=2)
    else:
        output.show(page.status_page(report, everything=everything))
    if report["archive"]["trouble"]:
        raise typer.Exit(StorageError.exit_code)


def _check(as_json: bool, ignore_sources: bool) -> int:
    """Print the status; returns its exit code, which is that of a broken watch if it can't be
    found out."""
    try:
        chosen = settings()
        report = _judged(chosen, ignore_sources)
    except RasdError as error:
        report = _broken(str(error))
    except Exception as fault:  # a traceback's exit code would be that of a warning
        output.say_fault(fault)
        report = _broken(f"{type(fault).__name__}: {fault}")
    if as_json:
        output.say_json(report, indent=2)
    else:
        output.say(page.check_line(report))
    return page.exit_code(report)


def _judged(chosen: Config, ignore_sources: bool) -> JsonRow:
    if trouble := lock.trouble_of(chosen.archive):
        return _broken(f"the archive can't be used: {trouble}")
    require_usable(chosen.archive)
    with open_app(chosen, last_good=True, seedless=True, archive="needed") as app:
        return view.status_row(app, ignore_sources=ignore_sources)


def _broken(text: str) -> JsonRow:
    """What can be said if the archive can't be read."""
    problem = Problem(level="critical", text=" ".join(str(one_line(text)).split("\n")))
    return {"status": view.level_row(watch_status.of_problems([problem]))}
