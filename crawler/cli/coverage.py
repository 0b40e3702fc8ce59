"""The verbs that say what the watch missed: ``rasd gaps``, ``findings``, ``quarantine``."""

from __future__ import annotations

from typing import Annotated

import typer

from crawler.app import App
from crawler.cli.context import Json, new_commands, pass_app, print_result
from crawler.views import coverage

commands = new_commands()
Everything = Annotated[bool, typer.Option("--all", help="Also those that are closed.")]


@commands.command()
@pass_app()
def gaps(app: App, everything: Everything = False, as_json: Json = False) -> None:
    """List intervals in which stories may have been missed.

    Each with what is proven to be missing, and with an estimate that is marked as one.
    """
    report = coverage.gap_rows(app.coverage.gaps(everything=everything))
    print_result(report, as_json, coverage.gaps_table)


@commands.command()
@pass_app()
def findings(app: App, everything: Everything = False, as_json: Json = False) -> None:
    """List what is wrong with sources or with rasd itself.

    Each since when, and with its proof.
    """
    report = coverage.finding_rows(app.coverage.findings(everything=everything))
    print_result(report, as_json, coverage.findings_table)


@commands.command()
@pass_app()
def quarantine(app: App, as_json: Json = False) -> None:
    """List pages that broke the reader.

    They are stored with their bytes and matched by headline; ``rasd reread --quarantined`` reads
    them again.
    """
    report = coverage.quarantine_rows(app.reprocessing.quarantined())
    print_result(report, as_json, coverage.quarantine_table)
