"""The verbs that poll: ``rasd run``, ``rasd poll``."""

from __future__ import annotations

from typing import Annotated

import typer

from crawler.app import App
from crawler.cli.context import new_commands, pass_app
from crawler.daemon.loop import Daemon
from crawler.engine import embedded

commands = new_commands()


@commands.command()
@pass_app(locked=True)
def run(app: App) -> None:
    """Watch: poll what is due and mail digests, until Ctrl-C."""
    raise typer.Exit(embedded.run(lambda stop: Daemon(app, embedded.Engine(app)).run(stop)))


@commands.command()
@pass_app(locked=True)
def poll(
    app: App,
    sources: Annotated[list[str] | None, typer.Argument(help="Slugs; none: all of them.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Also feeds that are not due.")] = False,
) -> None:
    """Poll once what is due.

    Named sources are polled whether they are due or not. Exit code 1 only if nothing could be
    polled.
    """
    chosen = set(sources or ())
    if unknown := sorted(chosen - app.sources.keys()):
        raise typer.BadParameter(f"no source {unknown[0]!r}; rasd status lists them")
    daemon = Daemon(app, embedded.Engine(app))
    raise typer.Exit(embedded.run(lambda stop: daemon.once(stop, chosen, everything)))
