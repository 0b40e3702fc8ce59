"""``rasd doctor``: the installation examined, one line after the other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import typer

from crawler import logs
from crawler.app import now
from crawler.cli import output
from crawler.cli.context import Json, new_commands, settings
from crawler.doctor import examine
from crawler.errors import ConfigError
from crawler.monitoring.doctor import Check, fail
from crawler.views.health import doctor as view

commands = new_commands()


@commands.command()
def doctor(
    thorough: Annotated[
        bool, typer.Option("--thorough", help="Read the whole archive, however large it is.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Examine the installation and say what to mend.

    Configuration, seeds, archive, disk, clock, time zones, mail, network guard, workers. Nothing is
    changed; only the mail server is spoken to, and gets no mail. Exit code 1 if something failed.
    """
    checks = []
    for check in _examined(thorough):
        checks.append(check)
        if not as_json:
            output.show(view.check_line(check))
    if as_json:
        output.say_json(view.report_row(checks), indent=2)
    else:
        output.show(view.summary_line(checks))
    if any(check.outcome == "fail" for check in checks):
        raise typer.Exit(1)


def _examined(thorough: bool) -> Iterator[Check]:
    """Every check; of a configuration that can't be read, what is wrong with it and no more."""
    try:
        chosen = settings()
    except ConfigError as error:
        page = "docs/reference/configuration.md"
        yield fail("configuration", str(error), "mend it; then the rest can be examined", page)
        return
    logs.set_up("error", chosen.log.format)
    yield from examine(chosen, now, thorough=thorough)
