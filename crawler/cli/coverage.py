"""The verbs that say what the watch could not see: ``rasd gaps``, ``findings``, ``quarantine``."""

from __future__ import annotations

from typing import Annotated

import typer

from crawler.cli.context import Json, opened, print_result

commands = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False)
Everything = Annotated[bool, typer.Option("--all", help="Also what is closed.")]


@commands.command()
def gaps(everything: Everything = False, as_json: Json = False) -> None:
    """Intervals in which something may have slipped by, and how much."""
    from crawler.views import coverage

    with opened() as app:
        report = coverage.gaps(app.coverage.gaps(everything=everything))
    print_result(report, as_json, coverage.gaps_table)


@commands.command()
def findings(everything: Everything = False, as_json: Json = False) -> None:
    """What is wrong with sources, or with us, since when, and the proof."""
    from crawler.views import coverage

    with opened() as app:
        report = coverage.findings(app.coverage.findings(everything=everything))
    print_result(report, as_json, coverage.findings_table)


@commands.command()
def quarantine(as_json: Json = False) -> None:
    """Pages that broke their reader: kept with their bytes, matched by headline, to be read again."""
    from crawler.views import coverage

    with opened() as app:
        report = coverage.quarantine(app.reprocessing.quarantined())
    print_result(report, as_json, coverage.quarantine_table)
